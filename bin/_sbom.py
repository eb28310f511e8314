"""Writes the bill of materials (CycloneDX) of all that the lock files name; started by bin/sbom.

It runs in an environment of its own, `requirements/sbom.lock`, and asks nobody anything. What it
writes is checked against the published schema first.
"""

import sys
import tomllib
from collections import defaultdict
from pathlib import Path

from _locks import Package, Unclear, all_packages
from _prepare import BUILD, ROOT
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ALGORITHMS = {
    "sha256": HashAlgorithm.SHA_256,
    "sha384": HashAlgorithm.SHA_384,
    "sha512": HashAlgorithm.SHA_512,
}


def bill(packages: list[Package]) -> Bom:
    """All packages, each version once, and who asks for whom."""
    entries: dict[str, list[Package]] = defaultdict(list)
    for package in packages:
        entries[str(address(package))].append(package)
    bom = Bom(components=[component(found) for found in entries.values()])
    bom.metadata.component = product()
    bom.dependencies = dependencies(packages, bom.metadata.component.bom_ref)
    return bom


def address(package: Package) -> PackageURL:
    """The name by which everybody knows this version."""
    namespace, _, name = package.name.rpartition("/")
    return PackageURL(package.ecosystem, namespace or None, name, package.version)


def product() -> Component:
    """What all of this is used for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        bom_ref=project["name"],
    )


def component(found: list[Package]) -> Component:
    """One version of a package; the hashes are those of every file of it that is taken."""
    one = found[0]
    used = any(each.runs_in_production for each in found)
    licences = {each.licence for each in found if each.licence}
    properties = {("marketplace:lock", each.lock) for each in found}
    properties |= {("marketplace:where", each.marker) for each in found if each.marker}
    hashes = {pair for each in found for pair in each.hashes}
    namespace, _, name = one.name.rpartition("/")
    return Component(
        type=ComponentType.LIBRARY,
        group=namespace or None,
        name=name,
        version=one.version,
        purl=address(one),
        bom_ref=str(address(one)),
        scope=ComponentScope.REQUIRED if used else ComponentScope.EXCLUDED,
        licenses=[LicenseFactory().make_from_string(each) for each in sorted(licences)],
        hashes=[HashType(alg=ALGORITHMS[kind], content=text) for kind, text in sorted(hashes)],
        properties=[Property(name=key, value=value) for key, value in sorted(properties)],
    )


def dependencies(packages: list[Package], top: BomRef) -> list[Dependency]:
    """Who asks for whom, within each lock file; the product asks for those that it names itself."""
    edges: dict[str, set[str]] = {str(top): set()}
    for lock in sorted({each.lock for each in packages}):
        here = [each for each in packages if each.lock == lock]
        places: dict[str, list[str]] = defaultdict(list)
        for each in here:
            places[each.name].append(str(address(each)))
            edges.setdefault(str(address(each)), set())
        for each in here:
            for name in each.wanted_by:
                for asking in places[name] if name else [str(top)]:
                    edges[asking].add(str(address(each)))
    return [
        Dependency(BomRef(name), [Dependency(BomRef(each)) for each in sorted(wanted)])
        for name, wanted in edges.items()
    ]


def main(path: Path) -> None:
    """Write the bill of materials to this file."""
    try:
        packages = all_packages(ROOT)
    except Unclear as error:
        sys.exit(f"sbom: {error}")
    text = JsonV1Dot6(bill(packages)).output_as_string(indent=2)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        sys.exit(f"sbom: not as the standard asks: {fault}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", "utf-8")
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD / "sbom.cdx.json")
