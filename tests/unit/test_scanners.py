"""What bin/scan takes for a fault, and that each of its rules is shown one."""

import re

import pytest
import yaml

from bin import _prepare
from marketplace.settings import ROOT
from tests.scanners import __main__ as scan
from tests.scanners import source
from tests.scanners.findings import Accepted, Finding, accepted, judged
from tests.scanners.running import Late

FOUND = Finding("bandit", "B101", "marketplace/a.py", 3, "an assert")


def line(most: int | None, place: str = "marketplace/*") -> Accepted:
    return Accepted("bandit", "B101", place, most, "because")


@pytest.mark.parametrize(
    ("found", "table", "wrong"),
    [
        ([], [], 0),
        ([FOUND], [], 1),
        ([FOUND], [line(1)], 0),
        ([FOUND], [line(None)], 0),
        ([FOUND, FOUND], [line(1)], 1),
        ([FOUND], [line(2)], 1),
        ([FOUND], [line(1, "admin/*")], 2),
        ([], [line(None)], 1),
        ([], [line(1)], 1),
        ([Finding("bandit", "B102", "marketplace/a.py")], [line(None)], 2),
    ],
)
def test_whatever_nothing_accepts_and_whatever_accepts_nothing_is_wrong(found, table, wrong):
    assert len(judged(found, table, ["bandit"])) == wrong
    assert not judged([], table, ["wapiti"])


def refuses(why):
    """A scanner that comes to no end."""

    def look():
        raise why

    return look


@pytest.mark.parametrize(
    ("semgrep", "problem"),
    [
        ((list, refuses(Late("semgrep took longer than 600 s"))), "semgrep took longer"),
        ((refuses(_prepare.Problem("this command failed (2): pip")), list), "this command failed"),
        ((lambda: ["B101"], list), "semgrep does not see what was planted: B101"),
    ],
)
def test_a_scanner_that_did_not_run_is_the_only_problem(monkeypatch, capsys, semgrep, problem):
    readers = {"bandit": (list, lambda: [FOUND]), "semgrep": semgrep}
    table = [
        line(1),
        Accepted("semgrep", "some", "*", 1, "."),
        Accepted("wapiti", "a", "*", 1, "."),
    ]
    monkeypatch.setattr(scan, "READERS", readers)
    monkeypatch.setattr(scan, "accepted", lambda: table)

    assert scan.main(["bandit", "semgrep"]) == 1
    said = capsys.readouterr().out
    assert f"scan: {problem}" in said
    assert "scan: 1 found, 1 problems" in said
    assert "accepted.csv" not in said


def test_what_a_scanner_found_before_it_stopped_is_not_judged(monkeypatch):
    scanned = scan.Scan()
    scanned.found, scanned.ran = [FOUND, Finding("wapiti", "a", "/")], {"bandit"}
    monkeypatch.setattr(scan, "accepted", lambda: [line(1)])
    scanned.judge()
    assert scanned.problems == []


def test_each_accepted_finding_has_its_reason_and_a_place_that_exists():
    table = accepted()
    assert len({(one.scanner, one.rule, one.place) for one in table}) == len(table)
    for one in table:
        assert one.why.endswith("."), one
        assert one.scanner in {*scan.READERS, *scan.VISITORS}
        if one.scanner in scan.READERS:
            assert list(ROOT.glob(one.place)), one


def test_every_rule_of_this_house_is_shown_a_flaw_and_something_that_is_none():
    rules = {
        rule["id"]
        for path in source.RULES.glob("*.yaml")
        for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]
    }
    shown = {rule for rule, _place, _line in source.marked("ruleid")}
    spared = {rule for rule, _place, _line in source.marked("ok")}
    assert len(rules) > 20
    assert shown == rules
    assert spared <= rules


def test_each_scanner_is_locked_by_hashes_in_an_environment_of_its_own():
    for name in (*scan.READERS, *scan.VISITORS):
        words = (_prepare.REQUIREMENTS / f"{name}.lock").read_text("ascii")
        pinned = re.findall(r"^\S+==.*\n(.*)", words, re.MULTILINE)
        assert pinned
        assert all("--hash=sha256:" in after for after in pinned)
        assert name not in (_prepare.REQUIREMENTS / "dev.in").read_text("ascii")
