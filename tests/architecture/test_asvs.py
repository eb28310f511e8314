"""The table of the verification standard (OWASP ASVS 5.0, levels 1 and 2): whole, and with proofs.

`docs/security/asvs.csv` says for each requirement whether it is met, not applicable or not met,
what the product does about it, and which tests see it.
"""

import ast
import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from marketplace.settings import ROOT

TABLE = ROOT / "docs" / "security" / "asvs.csv"
HEAD = ["number", "requirement", "level", "subject", "status", "answer", "missing", "tests"]
MET, NOT_APPLICABLE, NOT_MET = "met", "not applicable", "not met"
HOW_MANY = 253
# The digest of the numbers of all requirements of the two levels, each in a line.
REQUIREMENTS = "fdfef32364aac864bf3945ba29e16ea75c93b8db3d89357357f3b26cc8b0479d"
FEWEST_MET_OR_NOT_APPLICABLE = 250
SHORTEST = 15
LEFT_OUT = {"skip", "skipif", "xfail"}


@dataclass(frozen=True)
class Line:
    """A requirement and what is said of it."""

    number: str
    requirement: str
    level: str
    subject: str
    status: str
    answer: str
    missing: str
    tests: str


def table() -> list[Line]:
    """All lines."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == HEAD
    return [Line(*row) for row in rows]


@cache
def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """The functions of a test file by their names."""
    found = ast.parse(path.read_text(encoding="utf-8")).body
    return {each.name: each for each in found if isinstance(each, ast.FunctionDef)}


def marks(nodes: Sequence[ast.expr]) -> set[str]:
    """The names of the marks among these expressions."""
    inside = (each for node in nodes for each in ast.walk(node))
    return {each.attr for each in inside if isinstance(each, ast.Attribute)}


def faults_of_proof(name: str, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the name of a test: no such test, or one that does not run."""
    where, _, rest = name.partition("::")
    function, _, case = rest.partition("[")
    path = root / where
    if not path.is_file() or not function.startswith("test_"):
        yield f"{name}: no such file"
        return
    found = functions(path).get(function)
    if found is None:
        yield f"{name}: no such test"
    elif case and f'"{case.rstrip("]")}"' not in path.read_text(encoding="utf-8"):
        yield f"{name}: no such case"
    elif LEFT_OUT & marks(found.decorator_list):
        yield f"{name}: does not run"


def faults_of(line: Line) -> Iterator[str]:
    """What a line lacks for what it claims."""
    proofs = line.tests.split()
    if min(len(line.subject), len(line.answer)) < 1 or len(line.answer) < SHORTEST:
        yield f"{line.requirement}: says too little"
    if line.status == MET and not proofs:
        yield f"{line.requirement}: met, and no test sees it"
    if line.status == NOT_APPLICABLE and proofs:
        yield f"{line.requirement}: not applicable, and yet tested"
    if (line.status == NOT_MET) != bool(line.missing):
        yield f"{line.requirement}: what it would take is said of what is not met only"
    if len(proofs) != len(set(proofs)):
        yield f"{line.requirement}: a test twice"


def test_every_requirement_stands_there_once_and_in_order():
    lines = table()
    names = "\n".join(line.requirement for line in lines)

    assert [line.number for line in lines] == [str(n) for n in range(1, HOW_MANY + 1)]
    assert hashlib.sha256(names.encode()).hexdigest() == REQUIREMENTS
    assert {line.level for line in lines} == {"1", "2"}


def test_every_requirement_has_a_status_that_is_known_and_what_it_needs():
    lines = table()

    assert {line.status for line in lines} <= {MET, NOT_APPLICABLE, NOT_MET}
    assert [fault for line in lines for fault in faults_of(line)] == []


def test_every_test_that_is_named_exists_and_runs():
    named = {name for line in table() for name in line.tests.split()}

    assert [fault for name in sorted(named) for fault in faults_of_proof(name)] == []


def test_what_is_met_does_not_become_less():
    lines = table()
    done = sum(line.status in {MET, NOT_APPLICABLE} for line in lines)

    assert done >= FEWEST_MET_OR_NOT_APPLICABLE


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (Line("1", "V1", "1", "s", MET, "It does what it should.", "", ""), "no test sees it"),
        (Line("1", "V1", "1", "s", NOT_APPLICABLE, "None.", "", ""), "says too little"),
        (Line("1", "V1", "1", "s", NOT_APPLICABLE, "There is none here.", "", "x"), "yet tested"),
        (Line("1", "V1", "1", "s", NOT_MET, "It does not do this.", "", ""), "what it would take"),
        (Line("1", "V1", "1", "s", MET, "It does what it should.", "", "a a"), "a test twice"),
    ],
)
def test_a_line_that_claims_too_much_is_found(line, fault):
    assert any(fault in found for found in faults_of(line))


def test_a_test_that_is_not_there_or_does_not_run_is_found(tmp_path):
    (tmp_path / "test_a.py").write_text(
        "@pytest.mark.skip(reason='x')\ndef test_left_out(): ...\ndef test_runs(): ...\n"
    )

    def found(name: str) -> list[str]:
        return list(faults_of_proof(name, tmp_path))

    assert found("test_a.py::test_runs") == []
    assert found("test_a.py::test_left_out") == ["test_a.py::test_left_out: does not run"]
    assert found("test_a.py::test_gone") == ["test_a.py::test_gone: no such test"]
    assert found("test_b.py::test_runs") == ["test_b.py::test_runs: no such file"]
    assert found("test_a.py::test_runs[x]") == ["test_a.py::test_runs[x]: no such case"]
