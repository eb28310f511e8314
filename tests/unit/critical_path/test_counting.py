"""Whose a day was, and on which day the plan's days are used up: a table."""

from datetime import date

import pytest

from marketplace.clocks.rules import Pause
from marketplace.critical_path.rules.counting import (
    Approval,
    Owner,
    PathDay,
    Plan,
    Record,
    Stand,
    Turn,
    Work,
    count,
    plan_of,
    segments,
    used_of,
)
from marketplace.kernel.workdays import Calendar, Limit, LimitUnit

PLAIN = Calendar({}, {})
# A Monday; the Friday of the same week is TODAY.
BEGUN, TODAY = date(2026, 11, 2), date(2026, 11, 6)
WEEK = tuple(date(2026, 11, day) for day in (3, 4, 5, 6))
RUNS = Approval("A03", "S1", BEGUN, limit=Limit(20))


def stands(why: Owner, begins: int, ends: int | None, number: str = "") -> Stand:
    day = None if ends is None else date(2026, 11, ends)
    return Stand(why, Pause(date(2026, 11, begins), day), number)


def works(owner: Owner, begins: int, ends: int | None) -> Work:
    day = None if ends is None else date(2026, 11, ends)
    return Work("JL-Z03", frozenset({"A03"}), (Turn(owner, date(2026, 11, begins), day),))


def with_stand(*found: Stand) -> Approval:
    return Approval("A03", "S1", BEGUN, limit=Limit(20), stands=found)


@pytest.mark.parametrize(
    ("record", "owners"),
    [
        (Record(()), ""),
        (Record((Approval("A03", "S1"),)), ""),
        (Record((RUNS,)), "dddd"),
        (Record((Approval("A11", "S5", BEGUN),)), ""),
        (Record((with_stand(stands(Owner.SUPPLEMENT, 3, 5)),)), "dssd"),
        (Record((with_stand(stands(Owner.COORDINATION, 2, None)),)), "xxxx"),
        (Record((with_stand(stands(Owner.SUPPLEMENT, 3, 3)),)), "dddd"),
        (
            Record(
                (
                    with_stand(
                        stands(Owner.SUPPLEMENT, 2, None), stands(Owner.COORDINATION, 3, 4)
                    ),
                )
            ),
            "sxss",
        ),
        (Record((with_stand(stands(Owner.COORDINATION, 2, None)), Approval("A04", "S1", BEGUN))),
         "dddd"),
        (Record((RUNS,), (works(Owner.INSTITUTION, 3, 5),)), "diid"),
        (Record((RUNS,), (works(Owner.ENTERPRISE, 3, None),)), "deee"),
        (Record((RUNS,), (works(Owner.DEPARTMENT, 3, None),)), "dddd"),
        (
            Record((RUNS,), (works(Owner.ENTERPRISE, 2, 5), works(Owner.INSTITUTION, 3, 4))),
            "eied",
        ),
        (Record((RUNS, Approval("A04", "S1", BEGUN)), (works(Owner.INSTITUTION, 2, 9),)), "dddd"),
        (Record((Approval("A03", "S1", BEGUN, date(2026, 11, 4)), Approval("A08", "S3"))), "ddnn"),
        (Record((with_stand(stands(Owner.COORDINATION, 2, 4)),), (works(Owner.INSTITUTION, 2, 5),)),
         "xxid"),
    ],
)  # fmt: skip
def test_a_day_belongs_to_whoever_is_waited_for(record, owners):
    letters = {
        "department": "d",
        "institution": "i",
        "enterprise": "e",
        "coordination": "x",
        "supplement": "s",
        "idle": "n",
    }
    found = count(record, Plan(50), PLAIN, TODAY)
    assert "".join(letters[one.owner] for one in found.days) == owners
    assert found.used == sum(owners.count(one) for one in "die")


@pytest.mark.parametrize(
    ("days", "full", "falls"),
    [
        (2, date(2026, 11, 4), None),
        (4, date(2026, 11, 6), None),
        (5, None, date(2026, 11, 9)),
        (9, None, date(2026, 11, 13)),
    ],
)
def test_the_last_of_the_plans_days_has_come_or_would_fall(days, full, falls):
    found = count(Record((RUNS,)), Plan(days), PLAIN, TODAY)
    assert (found.full, found.falls, found.left) == (full, falls, days - 4)


def test_a_project_that_is_granted_stops_counting_and_no_day_falls_any_more():
    granted = Approval("A03", "S1", BEGUN, date(2026, 11, 4), granted=True)
    found = count(Record((granted,)), Plan(50), PLAIN, TODAY)
    assert (found.through, found.over, found.used, found.falls) == (WEEK[1], True, 2, None)
    refused = Approval("A03", "S1", BEGUN, date(2026, 11, 4))
    assert not count(Record((refused,)), Plan(50), PLAIN, TODAY).over


def test_what_is_over_counts_no_day_after_its_end():
    found = count(Record((RUNS,), ended=date(2026, 11, 4)), Plan(50), PLAIN, TODAY)
    assert (found.used, found.over, found.falls) == (2, True, None)


@pytest.mark.parametrize(
    ("record", "exact"),
    [
        (Record((RUNS,)), True),
        (Record((RUNS,), complete=False), False),
        (Record((Approval("A03", "S1", BEGUN, unclear=True),)), False),
        (Record((RUNS, Approval("A11", "S5", BEGUN, unclear=True))), True),
    ],
)
def test_where_a_clock_stood_unrecorded_the_count_is_only_the_most_it_can_be(record, exact):
    assert count(record, Plan(50), PLAIN, TODAY).exact is exact


def test_before_anything_is_accepted_no_day_is_counted_and_none_is_foretold():
    found = count(Record((Approval("A03", "S1"),)), Plan(50), PLAIN, TODAY)
    assert (found.start, found.used, found.full, found.falls) == (None, 0, None, None)


@pytest.mark.parametrize(
    ("codes", "plan"),
    [
        ((), Plan(50)),
        (("A01", "A03"), Plan(50)),
        (("A01", "C07", "B02"), Plan(80, ("B02", "C07"))),
    ],
)
def test_special_conditions_give_the_longer_time_and_are_named(codes, plan):
    assert plan_of(codes, {"B02", "C07", "C15"}, 50, 80) == plan


@pytest.mark.parametrize(
    ("approval", "used"),
    [
        (Approval("A03", "S1", limit=Limit(20)), None),
        (Approval("A03", "S1", BEGUN), None),
        (RUNS, 5),
        (with_stand(stands(Owner.SUPPLEMENT, 3, 5)), 3),
        (Approval("A03", "S1", BEGUN, limit=Limit(20, LimitUnit.DAYS)), 7),
        (Approval("A03", "S1", BEGUN, date(2026, 11, 4), limit=Limit(20)), 2),
    ],
)
def test_an_approval_item_uses_days_of_its_own_limit_but_while_it_stands(approval, used):
    assert used_of(approval, PLAIN, date(2026, 11, 9)) == used


def test_days_of_one_owner_stand_together():
    owners = [Owner.DEPARTMENT, Owner.DEPARTMENT, Owner.IDLE, Owner.DEPARTMENT]
    days = [PathDay(TODAY, owner) for owner in owners]
    assert segments(days) == ((Owner.DEPARTMENT, 2), (Owner.IDLE, 1), (Owner.DEPARTMENT, 1))
    assert segments(()) == ()
