"""The bill of materials names all that the lock files name, and these name nothing unpinned."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from bin import _locks
from marketplace.settings import ROOT
from tests.postgres import need
from tests.tables import rows

PYTHON = ROOT / "build" / "sbom" / "bin" / "python"
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What bin/sbom writes; it checks that by the published schema itself."""
    need("the environment of bin/sbom", PYTHON.exists())
    path = tmp_path_factory.mktemp("bill") / "deep" / "sbom.cdx.json"
    done = subprocess.run(
        [PYTHON, ROOT / "bin" / "_sbom.py", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(path.read_text("utf-8"))


def pinned(path: Path) -> set[str]:
    """What a lock file of pip pins, read in the simplest way."""
    found = re.findall(r"^([a-zA-Z0-9._-]+)==([^ ]+)", path.read_text("utf-8"), re.MULTILINE)
    return {f"pkg:pypi/{name.lower().replace('_', '-')}@{version}" for name, version in found}


def in_the_browser() -> set[str]:
    """What the lock file of npm names."""
    lock = json.loads((ROOT / "static" / "package-lock.json").read_text("utf-8"))
    places = {place: each for place, each in lock["packages"].items() if place}
    names = {place.rpartition("node_modules/")[2]: each for place, each in places.items()}
    return {f"pkg:npm/{name}@{each['version']}" for name, each in names.items()}


def named(written: Any) -> dict[str, Any]:
    return {unquote(each["purl"]): each for each in written["components"]}


def test_it_names_every_package_of_every_lock_file_and_no_other(written):
    assert written["bomFormat"] == "CycloneDX"
    assert len(LOCKS) >= 5
    locked = set().union(*map(pinned, LOCKS)) | in_the_browser()
    assert len(written["components"]) == len(locked)
    assert set(named(written)) == locked


def test_every_package_has_the_hashes_of_its_files(written):
    hashes = {hash_["content"] for each in written["components"] for hash_ in each["hashes"]}
    locked = {
        found
        for path in LOCKS
        for found in re.findall(r"--hash=sha256:([0-9a-f]{64})", path.read_text("utf-8"))
    }

    assert all(each["hashes"] for each in written["components"])
    assert locked < hashes
    assert len(hashes) == len(locked) + len(in_the_browser())


def test_it_tells_what_runs_in_production_from_what_makes_and_checks(written):
    used = {name for name, each in named(written).items() if each["scope"] == "required"}

    assert used == pinned(ROOT / "requirements" / "runtime.lock") | in_the_browser()
    assert {each["scope"] for each in written["components"]} == {"required", "excluded"}


def test_whoever_is_there_was_asked_for_by_somebody(written):
    asks = {each["ref"]: each.get("dependsOn", []) for each in written["dependencies"]}
    reached, waiting = set(), [written["metadata"]["component"]["bom-ref"]]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += asks[one]

    assert reached == set(asks)
    assert len(reached) == len(written["components"]) + 1


def test_it_names_no_address_that_packages_would_come_from(written):
    said = json.dumps({key: value for key, value in written.items() if key != "$schema"})
    tools = json.dumps(written["metadata"].get("tools", ""))

    assert set(re.findall(r"https?://", said.replace(tools, ""))) == set()


def test_every_lock_file_is_understood_to_the_last_line():
    packages = _locks.all_packages(ROOT)

    assert {each.lock for each in packages} == {
        *(f"requirements/{path.name}" for path in LOCKS),
        "static/package-lock.json",
    }
    assert all(each.hashes for each in packages)


@pytest.mark.parametrize(("lock", "understood"), rows("packages/pip"))
def test_what_is_not_pinned_by_version_and_hash_is_refused(lock, understood):
    if understood == "yes":
        (package,) = _locks.python_packages(lock, "a.lock")
        assert package.name == "requests"
        return
    with pytest.raises(_locks.Unclear, match=r"^a\.lock: "):
        list(_locks.python_packages(lock, "a.lock"))


@pytest.mark.parametrize(("entry", "understood"), rows("packages/npm"))
def test_what_comes_to_the_browser_from_elsewhere_is_refused(entry, understood):
    lock = f'{{"packages": {{"": {{"dependencies": {{"a": "1"}}}}, {entry}}}}}'
    if understood == "yes":
        (package,) = _locks.browser_packages(lock)
        assert package.version == "1.0.0"
        return
    with pytest.raises(_locks.Unclear):
        list(_locks.browser_packages(lock))


def test_who_asks_for_a_package_is_read():
    text = (
        "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via -r requirements/a.in\n"
        "b==2 ; python_version < '3.12' \\\n    --hash=sha256:22\n    # via\n    #   a\n    #   c\n"
    )
    first, second = _locks.python_packages(text, "requirements/runtime.lock")

    assert (first.wanted_by, first.hashes) == (("",), (("sha256", "00"), ("sha256", "11")))
    assert (second.wanted_by, second.marker) == (("a", "c"), "python_version < '3.12'")
    assert first.runs_in_production
