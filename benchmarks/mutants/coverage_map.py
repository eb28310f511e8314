"""Which tests run which lines, kept under build/ for each test module until that module changes.

Lines are known by their function and their words, not by their numbers or their file: the map
outlives modules that are moved, merged or grown, and only changed test modules are run anew.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from coverage import CoverageData

from benchmarks.mutants.changing import Change, normalised, scopes_of
from benchmarks.mutants.ground import REPORT, ROOT, Ground

KEPT = ROOT / "build" / "mutants"
TESTS = ("tests/unit", "tests/service")
PARTS = ("rules", "policy", "services")


class Part(TypedDict, total=False):
    """What one test module runs: its tests with their seconds; function, line and who ran it."""

    module: str
    digest: str
    tests: list[tuple[str, float]]
    lines: list[tuple[str, str, list[int]]]


@dataclass(frozen=True)
class Test:
    """One test, with the seconds it took alone."""

    name: str
    seconds: float

    def is_of(self, feature: str) -> bool:
        """Whether it stands in the folder of a feature."""
        return any(self.name.startswith(f"{folder}/{feature}/") for folder in TESTS)


class CoverageMap:
    """The tests that run a line, a function, or a line that says a name."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.tests: list[Test] = []
        self.lines: dict[tuple[str, str], set[Test]] = defaultdict(set)
        self.scopes: dict[str, set[Test]] = defaultdict(set)
        for part in parts:
            tests = [Test(name, seconds) for name, seconds in part["tests"]]
            self.tests += tests
            for scope, line, ran in part["lines"]:
                seen = {tests[index] for index in ran}
                self.lines[scope, line] |= seen
                self.scopes[scope] |= seen

    def tests_of(self, change: Change, feature: str, statement: str) -> list[Test]:
        """Those that could see a fault, its own feature's first, quick ones first.

        A line that is new to the map is looked for by its function. Where nothing is run by a
        test, a table or a default: all that run a line which says its name, and unit tests, which
        may read it themselves.
        """
        if change.scope:
            line = change.key[0]
            found = self.lines.get((change.scope, line)) or self.lines.get(
                (change.scope, statement)
            )
            chosen = found or self.scopes.get(change.scope, set())
        else:
            chosen = self._naming(change.names) | {
                each for each in self.tests if each.name.startswith(f"tests/unit/{feature}/")
            }
            chosen = chosen or {each for each in self.tests if each.is_of(feature)}
        return sorted(chosen, key=lambda each: (not each.is_of(feature), each.seconds, each.name))

    def _naming(self, names: tuple[str, ...]) -> set[Test]:
        if not names:
            return set()
        said = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
        return {
            test for (_, line), seen in self.lines.items() if said.search(line) for test in seen
        }


def sources(root: Path) -> list[str]:
    """The modules in which faults are made: rules, policies and services, wherever they stand."""
    found = []
    for path in sorted((root / "marketplace").rglob("*.py")):
        inside = path.relative_to(root / "marketplace").with_suffix("").parts[1:]
        if any(name in PARTS or name.endswith("_policy") for name in inside):
            found.append(str(path.relative_to(root)))
    return found


def feature_of(path: str) -> str:
    """The folder under marketplace."""
    return Path(path).parts[1]


def read_map(ground: Ground, *, folders: Sequence[str] = TESTS, as_is: bool = False) -> CoverageMap:
    """The map of the tests as they are now; modules that are new or changed are run once.

    Of `folders` alone where not all tests are asked. `as_is` takes changed modules for what they
    were: sooner, and blind to their new tests.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    modules = {
        str(path.relative_to(ground.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in TESTS
        for path in sorted((ground.root / folder).rglob("test_*.py"))
    }
    asked = [
        name for name in modules if any(Path(name).is_relative_to(folder) for folder in folders)
    ]
    known = {part["module"]: part for part in map(_read, KEPT.glob("*.json"))}
    unknown = [
        name
        for name in asked
        if name not in known or not (as_is or known[name]["digest"] == modules[name])
    ]
    if unknown:
        print(f"mutants: finding out what {len(unknown)} test modules run", flush=True)
        for name, part in _run(ground, unknown).items():
            known[name] = part | Part(module=name, digest=modules[name])
            _place(name).write_text(json.dumps(known[name]))
    for name in known.keys() - modules.keys():
        _place(name).unlink(missing_ok=True)
    return CoverageMap(known[name] for name in asked)


def _read(path: Path) -> Part:
    part: Part = json.loads(path.read_text())
    return part


def _place(module: str) -> Path:
    return KEPT / f"{module.removesuffix('.py').replace('/', '.')}.json"


def _run(ground: Ground, modules: list[str]) -> dict[str, Part]:
    """Run test modules under coverage; for each its tests and the lines they ran."""
    report, data = ground.root / "report.json", ground.root / ".coverage"
    code, said = ground.pytest(
        "--cov=marketplace",
        "--cov-context=test",
        "--cov-report=",
        *modules,
        environ={"COVERAGE_FILE": str(data), REPORT: str(report)},
    )
    if code not in {0, 5}:
        print("\n".join(said.splitlines()[-12:]))
        print("mutants: what failed above is left out", flush=True)
    passed: dict[str, float] = json.loads(report.read_text())
    seen = _lines_run(ground, data)
    found: dict[str, Part] = {name: {"tests": [], "lines": []} for name in modules}
    places: dict[str, tuple[str, int]] = {}
    for name, seconds in passed.items():
        tests = found[name.partition("::")[0]]["tests"]
        places[name] = (name.partition("::")[0], len(tests))
        tests.append((name, seconds))
    for (scope, line), names in seen.items():
        by_module: dict[str, set[int]] = defaultdict(set)
        for module, index in (places[name] for name in names if name in places):
            by_module[module].add(index)
        for module, ran in by_module.items():
            found[module]["lines"].append((scope, line, sorted(ran)))
    return found


def _lines_run(ground: Ground, data: Path) -> dict[tuple[str, str], set[str]]:
    recorded = CoverageData(basename=str(data))
    recorded.read()
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sources(ground.root):
        source = (ground.root / path).read_bytes()
        scopes, lines = scopes_of(source), source.decode().splitlines()
        contexts = recorded.contexts_by_lineno(str(ground.root / path))
        for number, names in contexts.items():
            tests = {name.rpartition("|")[0] for name in names if "|" in name}
            if tests and number in scopes:
                found[scopes[number], normalised(lines[number - 1])] |= tests
    return found
