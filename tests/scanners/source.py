"""Scanners that read the source: bandit, and semgrep with the rules of this house."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bin._prepare import ROOT
from tests.scanners.findings import HERE, PLANTED, Finding
from tests.scanners.running import Late, run

PYTHON = ("marketplace", "admin", "search", "bin", "migrations", "benchmarks")
SEMGREP_SOURCE = (*PYTHON, "templates")
RULES = HERE / "semgrep"
# What bandit must find in planted/bad_code.py.
BANDIT_FINDS = {"B301", "B310", "B324", "B506", "B602", "B605", "B608", "B704"}
_SECONDS = 600.0
_MARK = re.compile(r"(ruleid|ok): ([\w-]+)")


def _place(path: str) -> str:
    absolute = Path(path) if Path(path).is_absolute() else ROOT / path
    return absolute.relative_to(ROOT).as_posix()


def _report(name: str, *words: object) -> dict[str, Any]:
    """What the scanner writes down."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        said = run(name, *words, "-o", path, seconds=_SECONDS)
        if not path.is_file():
            raise Late(f"{name} wrote no report: {said[-2000:]}")
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if found["errors"]:
        raise Late(f"{name} could not read all: {str(found['errors'])[:2000]}")
    return found


def bandit(*places: str | Path) -> list[Finding]:
    """What bandit finds there."""
    found = _report("bandit", "-q", "-r", *places, "-f", "json")
    return [
        Finding(
            "bandit", one["test_id"], _place(one["filename"]), one["line_number"], one["issue_text"]
        )
        for one in found["results"]
    ]


def semgrep(*places: str | Path) -> list[Finding]:
    """What semgrep finds there by the rules of this house. It asks nobody for more."""
    switches = ("--metrics", "off", "--disable-version-check", "--oss-only", "--jobs", "1")
    everything = ("--no-git-ignore", "--x-ignore-semgrepignore-files")
    found = _report("semgrep", "scan", *switches, *everything, "--config", RULES, "--json", *places)
    return sorted(_told(found["results"]), key=lambda one: (one.rule, one.place, one.line))


def _told(results: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    seen = set()
    for one in results:
        rule, line = one["check_id"].rpartition(".")[2], one["start"]["line"]
        finding = Finding("semgrep", rule, _place(one["path"]), line, one["extra"]["message"])
        if finding not in seen:
            seen.add(finding)
            yield finding


def marked(word: str) -> set[tuple[str, str, int]]:
    """The planted lines that say so: the rule, the file, the line."""
    return {
        (found[2], _place(str(path)), number)
        for path in sorted(PLANTED.glob("bad_[cp]*.*"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := _MARK.search(line)) and found[1] == word
    }


def bandit_is_blind_to() -> list[str]:
    """What bandit was to find in what was planted, and did not."""
    found = {one.rule for one in bandit(PLANTED / "bad_code.py")}
    return sorted(BANDIT_FINDS - found)


def semgrep_is_blind_to() -> list[str]:
    """What semgrep was to find in what was planted and did not, or found where nothing is."""
    found = {(one.rule, one.place, one.line) for one in semgrep(PLANTED)}
    missed = [f"missed {one}" for one in sorted(marked("ruleid") - found)]
    return missed + [f"wrongly found {one}" for one in sorted(marked("ok") & found)]
