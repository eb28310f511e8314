"""Beside each edge of a year, of a score and of a life cycle."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.assessments import rules
from marketplace.assessments.rules import CycleState, Facts, Part, RemovalState, Scale
from marketplace.kernel.errors import Refused

WEIGHTS = dict.fromkeys(Part, 20)
SCALE = Scale(WEIGHTS, minimum=3, prior=5, grades={"A": 90, "B": 75, "C": 60, "D": 0})


def test_a_year_has_its_first_and_its_last_day():
    assert rules.year_days(2026) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 23), date(2025, 11, 24)),
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2028, 2, 28), date(2027, 3, 1)),
        (date(2028, 3, 1), date(2027, 3, 2)),
    ],
)
def test_twelve_months_end_with_a_day(day, first):
    assert rules.twelve_months_before(day) == first


@pytest.mark.parametrize(("accepted", "graded"), [(2, False), (3, True), (4, True)])
def test_so_much_work_is_enough_to_be_graded(accepted, graded):
    facts = Facts(accepted=accepted, on_time=accepted, first_pass=accepted)
    assert (rules.score(facts, SCALE).grade is not None) is graded


def test_the_lowest_grade_is_given_below_all_points():
    scale = Scale(WEIGHTS, minimum=0, prior=5, grades={"A": 90, "C": 60, "D": 50})
    assert rules.score(Facts(upheld=9), scale).grade == "D"


@pytest.mark.parametrize(
    ("facts", "given"),
    [
        (Facts(), {Part.CONDUCT}),
        (Facts(ratings=1), {Part.CONDUCT}),
        (Facts(own_mean=Decimal(5)), {Part.CONDUCT}),
        (Facts(ratings=1, own_mean=Decimal(5)), {Part.CONDUCT, Part.CLIENT_RATING}),
        (Facts(accepted=1), {Part.CONDUCT, Part.ON_TIME, Part.FIRST_PASS}),
        (Facts(days_looked_at=1), {Part.CONDUCT, Part.CREDENTIALS}),
        (Facts(inspection=Decimal(0)), {Part.CONDUCT, Part.INSPECTION}),
    ],
)
def test_a_part_without_facts_is_left_out_and_nothing_counts_against_it(facts, given):
    parts = rules.score(facts, SCALE).parts
    assert {one.part for one in parts if one.points is not None} == given
    conduct = next(one for one in parts if one.part is Part.CONDUCT)
    assert conduct.points == 20


def test_one_step_is_taken_after_the_other():
    assert rules.move_cycle(CycleState.PLANNED, CycleState.OPEN) is CycleState.OPEN
    assert rules.move_removal(RemovalState.OPENED, RemovalState.NOTIFIED) is RemovalState.NOTIFIED
    with pytest.raises(Refused, match=r"assessment\.illegal_step"):
        rules.move_cycle(CycleState.OPEN, CycleState.SCORED)
    with pytest.raises(Refused, match=r"removal\.illegal_step"):
        rules.move_removal(RemovalState.OPENED, RemovalState.HEARD)
