"""Whether a project needs an item, said case by case."""

from datetime import date
from itertools import product
from types import SimpleNamespace

import pytest

from marketplace.projects.policy import may_commission
from marketplace.projects.rules import ApprovalStatus, Need, Needed, need_of

_A = ApprovalStatus
EARLY, LATE = date(2026, 9, 30), date(2026, 11, 2)


def approval(code: str, status: ApprovalStatus, decided_on: date | None = None) -> SimpleNamespace:
    return SimpleNamespace(code=code, status=status, decided_on=decided_on)


@pytest.mark.parametrize("status", [_A.NOT_STARTED, _A.ACCEPTED, _A.PAUSED, _A.REFUSED])
def test_what_is_not_granted_is_needed(status):
    decided = EARLY if status is _A.REFUSED else None
    found = need_of(["B03"], [approval("B03", status, decided)], announced=False)
    assert found == Needed(Need.NEEDED)


@pytest.mark.parametrize(
    ("linked", "approvals", "found"),
    [
        (["A05"], [], Needed(Need.NOT_ASKED)),
        (["A05"], [approval("A04", _A.ACCEPTED)], Needed(Need.NOT_ASKED)),
        (["A05"], [approval("A05", _A.GRANTED, EARLY)], Needed(Need.GRANTED, EARLY)),
        (
            ["B03", "C31", "C32"],
            [approval("B03", _A.GRANTED, EARLY), approval("C32", _A.GRANTED, LATE)],
            Needed(Need.GRANTED, LATE),
        ),
        (
            ["B03", "C31"],
            [approval("B03", _A.GRANTED, EARLY), approval("C31", _A.NOT_STARTED)],
            Needed(Need.NEEDED),
        ),
        (
            ["B03", "C31"],
            [approval("B03", _A.GRANTED, EARLY), approval("A01", _A.ACCEPTED)],
            Needed(Need.GRANTED, EARLY),
        ),
        ([], [approval("A01", _A.ACCEPTED)], Needed(Need.UNKNOWN)),
    ],
)
def test_of_several_approvals_the_one_that_is_still_open_counts(linked, approvals, found):
    assert need_of(linked, approvals, announced=False) == found


@pytest.mark.parametrize("status", list(_A))
def test_after_a_change_that_was_not_fetched_nothing_is_known(status):
    there = [approval("A05", status, EARLY)]
    assert need_of(["A05"], there, announced=True) == Needed(Need.UNKNOWN)


@pytest.mark.parametrize(
    ("found", "confirmed", "reason"),
    [
        (Needed(Need.NEEDED), False, ""),
        (Needed(Need.NEEDED), True, ""),
        (Needed(Need.UNKNOWN), False, "project.need_unknown"),
        (Needed(Need.UNKNOWN), True, ""),
        (Needed(Need.GRANTED, LATE), True, "project.item_granted"),
        (Needed(Need.NOT_ASKED), True, "project.item_not_asked"),
    ],
)
def test_only_what_is_needed_is_commissioned(found, confirmed, reason):
    assert may_commission(found, confirmed=confirmed).reason == reason


def test_every_mixture_of_two_approvals_is_said_by_the_more_open_one():
    """Against the rule as the law writes it: needed, else granted, else not asked for."""
    seen = set()
    for first, second in product([None, *_A], repeat=2):
        there = [
            approval(code, status, EARLY)
            for code, status in (("C23", first), ("C24", second))
            if status is not None
        ]
        open_ones = {first, second} - {None, _A.GRANTED}
        expected = "needed" if open_ones else "granted" if there else "not_asked"
        found = need_of(["C23", "C24"], there, announced=False)
        assert found.need == expected
        seen.add(expected)
    assert seen == {"needed", "granted", "not_asked"}
