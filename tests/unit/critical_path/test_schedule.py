"""What waits for what, what comes last, and what a faster institution saves: tables."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.clocks.rules import Pause
from marketplace.critical_path.rules.counting import Approval, Owner, Stand
from marketplace.critical_path.rules.schedule import (
    Basis,
    Job,
    Saving,
    Wait,
    Why,
    first_wait,
    saving,
    schedule,
    waits,
)
from marketplace.kernel.workdays import Calendar, Limit, LimitUnit

PLAIN = Calendar({}, {})
BEGUN, TODAY = date(2026, 11, 2), date(2026, 11, 6)
DUE = date(2026, 11, 30)
RUNS = Approval("A03", "S1", BEGUN, limit=Limit(20), due=DUE)
LATER = Approval("A08", "S3", limit=Limit(10))
GRANTED = Approval("A01", "S1", BEGUN, date(2026, 11, 4), granted=True)
REFUSED = Approval("A01", "S1", BEGUN, date(2026, 11, 4))
WORK = Job("JL-Z03", frozenset({"A03"}), Limit(25), used=3, owner=Owner.INSTITUTION)


def standing(why: Owner, number: str = "") -> Approval:
    return replace(RUNS, stands=(Stand(why, Pause(date(2026, 11, 4)), number),))


@pytest.mark.parametrize(
    ("approval", "basis", "ends"),
    [
        (RUNS, Basis.DUE, DUE),
        (replace(RUNS, due=None), Basis.LEFT, DUE),
        (replace(RUNS, due=date(2026, 11, 5)), Basis.OVERDUE, TODAY),
        (standing(Owner.SUPPLEMENT), Basis.LEFT, date(2026, 12, 2)),
        (replace(RUNS, unclear=True), Basis.LEFT, DUE),
        (replace(RUNS, limit=None), Basis.UNKNOWN, None),
        (LATER, Basis.LIMIT, date(2026, 11, 20)),
        (
            replace(LATER, limit=Limit(10, LimitUnit.DAYS)),
            Basis.LIMIT,
            date(2026, 11, 16),
        ),
        (REFUSED, Basis.UNKNOWN, None),
    ],
)
def test_an_approval_item_ends_by_its_day_by_what_is_left_or_by_its_limit(approval, basis, ends):
    found = schedule([approval], (), PLAIN, TODAY)
    (step,) = found.steps
    assert (step.basis, step.ends, found.end) == (basis, ends, ends)
    assert found.unknown == (() if ends else (approval.code,))


@pytest.mark.parametrize(
    ("approvals", "jobs", "chain", "end"),
    [
        ([GRANTED], (), "", None),
        ([RUNS, LATER], (), "A03 A08", date(2026, 12, 14)),
        ([RUNS, LATER], (WORK,), "JL-Z03 A03 A08", date(2026, 12, 22)),
        ([RUNS, LATER], (replace(WORK, used=24),), "A03 A08", date(2026, 12, 14)),
        ([GRANTED, LATER], (), "A08", date(2026, 11, 20)),
        ([RUNS, LATER], (replace(WORK, total=None),), "", None),
        ([replace(LATER, stage="S5"), RUNS], (), "A03", DUE),
        ([replace(LATER, begun=BEGUN), RUNS], (), "A03", DUE),
    ],
)
def test_the_chain_leads_from_today_to_what_comes_last(approvals, jobs, chain, end):
    found = schedule(approvals, jobs, PLAIN, TODAY)
    assert (" ".join(step.code for step in found.chain), found.end) == (chain, end)


@pytest.mark.parametrize(
    ("approvals", "jobs", "found"),
    [
        ([GRANTED], (), []),
        ([RUNS], (), [Wait("A03", Why.DECISION, Owner.DEPARTMENT)]),
        ([REFUSED], (), [Wait("A01", Why.REFUSED, Owner.ENTERPRISE)]),
        ([LATER], (), [Wait("A08", Why.APPLICATION, Owner.ENTERPRISE)]),
        (
            [standing(Owner.COORDINATION, "1X-7")],
            (),
            [Wait("A03", Why.COORDINATION, Owner.COORDINATION, ("1X-7",))],
        ),
        (
            [standing(Owner.SUPPLEMENT)],
            (),
            [Wait("A03", Why.SUPPLEMENT, Owner.ENTERPRISE)],
        ),
        ([replace(RUNS, unclear=True)], (), [Wait("A03", Why.STANDS, Owner.IDLE)]),
        (
            [LATER, RUNS],
            (WORK,),
            [
                Wait("A03", Why.ITEM, Owner.INSTITUTION, ("JL-Z03",)),
                Wait("A08", Why.STAGE, Owner.DEPARTMENT, ("A03",)),
            ],
        ),
        ([Approval("A11", "S5")], (), []),
    ],
)
def test_whatever_lies_open_waits_for_something_and_somebody(approvals, jobs, found):
    assert list(waits(approvals, jobs, TODAY)) == found


@pytest.mark.parametrize(
    ("approvals", "jobs", "why"),
    [
        ([GRANTED], (), None),
        ([RUNS, LATER], (), Why.DECISION),
        ([RUNS, LATER], (WORK,), Why.ITEM),
        ([RUNS, LATER], (replace(WORK, total=None),), Why.ITEM),
        ([REFUSED, RUNS], (), Why.REFUSED),
    ],
)
def test_first_is_what_decides_the_end(approvals, jobs, why):
    found = first_wait(schedule(approvals, jobs, PLAIN, TODAY), waits(approvals, jobs, TODAY))
    assert (found.why if found else None) is why


@pytest.mark.parametrize(
    ("job", "offers", "saved", "project"),
    [
        (WORK, (25, 10, 30), 12, 6),
        (WORK, (21,), 1, 1),
        (WORK, (22,), 0, 0),
        (replace(WORK, used=20), (3,), 2, 0),
    ],
)
def test_a_faster_institution_saves_the_difference_as_far_as_the_end_waits_for_it(
    job, offers, saved, project
):
    (found,) = saving([RUNS], (job,), {"JL-Z03": offers}, PLAIN, TODAY)
    assert (found.saved, found.project) == (saved, project)
    assert found.faster == sum(one < job.left for one in offers)


def test_nothing_is_said_to_be_saved_where_no_days_are_known():
    assert saving([RUNS], (WORK,), {}, PLAIN, TODAY) == ()
    assert saving([RUNS], (replace(WORK, total=None),), {"JL-Z03": (3,)}, PLAIN, TODAY) == ()
    (found,) = saving([RUNS, REFUSED], (WORK,), {"JL-Z03": (3,)}, PLAIN, TODAY)
    assert found == Saving("JL-Z03", 22, 3, 1, 1, None, None, None)
