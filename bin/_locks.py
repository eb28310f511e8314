"""What the lock files name: packages with version, hashes, and who asked for them.

Only the standard library is used. A line that is not understood, a package without a hash and one
that comes from an address of its own stop the reading: nothing is left out in silence.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The packages that run in production; those of the other files make, check or describe them.
RUNTIME = "runtime"
BROWSER = "static/package-lock.json"
_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+_-]+)(?: ; (.+?))? \\")
_HASH = re.compile(r"--hash=(sha256|sha512):([0-9a-f]+)(?: \\)?")
_VIA = re.compile(r"# +(?:via(?: +(\S.*))?|(\S.*))")


class Unclear(Exception):
    """A lock file says something that is not understood, or that may not stand there."""


@dataclass(frozen=True)
class Package:
    """One version of one package, as one lock file names it."""

    ecosystem: str
    name: str
    version: str
    lock: str
    hashes: tuple[tuple[str, str], ...]
    wanted_by: tuple[str, ...] = ()
    marker: str = ""
    licence: str = ""

    @property
    def runs_in_production(self) -> bool:
        """Whether it is part of the product rather than of what makes or checks it."""
        return self.lock in {f"requirements/{RUNTIME}.lock", BROWSER}


def all_packages(root: Path) -> list[Package]:
    """Every package of every lock file under this folder."""
    found = [
        package
        for path in sorted((root / "requirements").glob("*.lock"))
        for package in python_packages(path.read_text("utf-8"), f"requirements/{path.name}")
    ]
    return [*found, *browser_packages((root / BROWSER).read_text("utf-8"))]


def python_packages(text: str, lock: str) -> Iterator[Package]:
    """The packages of a lock file of pip, which `uv pip compile` wrote."""
    for block in re.split(r"\n(?=\S)", text.strip()):
        first, *rest = block.splitlines()
        pinned = _PINNED.fullmatch(first)
        if pinned is None:
            raise Unclear(f"{lock}: {first}")
        name, version, marker = pinned.groups(default="")
        hashes, wanted_by = [], []
        for line in map(str.strip, rest):
            if found := _HASH.fullmatch(line):
                hashes.append((found[1], found[2]))
            elif found := _VIA.fullmatch(line):
                wanted_by += [each for each in found.groups() if each]
            else:
                raise Unclear(f"{lock}: {name}: {line}")
        if not hashes:
            raise Unclear(f"{lock}: {name} has no hash")
        asked = tuple("" if each.startswith("-r ") else each for each in wanted_by)
        yield Package("pypi", name.lower(), version, lock, tuple(hashes), asked, marker)


def browser_packages(text: str, lock: str = BROWSER) -> Iterator[Package]:
    """The packages of a lock file of npm."""
    packages = json.loads(text)["packages"]
    wanted: dict[str, list[str]] = {}
    for place, entry in packages.items():
        # What only the set-up runs is asked for by the product, too.
        for kind in ("dependencies", "devDependencies", "peerDependencies"):
            for name in entry.get(kind, {}):
                wanted.setdefault(name, []).append(place.rpartition("node_modules/")[2])
    for place, entry in packages.items():
        name = place.rpartition("node_modules/")[2]
        if not name:
            continue
        kind, _, value = entry.get("integrity", "").partition("-")
        if kind not in {"sha256", "sha384", "sha512"} or "resolved" in entry or "link" in entry:
            raise Unclear(f"{lock}: {name} has no hash, or an address of its own")
        hashes = ((kind, base64.b64decode(value).hex()),)
        asked = tuple(wanted.get(name, ()))
        licence = entry.get("license", "")
        yield Package("npm", name, entry["version"], lock, hashes, asked, licence=licence)
