"""The life of an engagement, whose turn it is, due days, limits and money."""

from datetime import date, timedelta

import pytest

from marketplace.clocks.rules import Pause
from marketplace.engagements import rules
from marketplace.engagements.rules import (
    AWAITED,
    ENDED,
    GIVEN_UP,
    OPEN,
    STEPS,
    Limits,
    Side,
    State,
    Told,
    Turn,
    Work,
)
from marketplace.engagements.wording import LABELS
from marketplace.kernel import steps
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import end_of_day, start_of_day
from marketplace.kernel.workdays import Calendar, Limit, LimitUnit

CALENDAR = Calendar()
LIMITS = Limits(2, 10, Limit(30, LimitUnit.DAYS), 5, 10, 15, 3)
MONDAY = date(2026, 11, 23)

# The table of the design, state by state.
LIFE = """
requested: taken_on declined lapsed cancelled
taken_on: contracted declined lapsed cancelled
contracted: in_progress terminated
in_progress: paused delivered terminated
paused: in_progress returned terminated
delivered: accepted returned terminated
returned: paused delivered terminated accepted
accepted: closed returned
"""


def test_the_life_cycle_is_the_one_that_was_designed():
    said = {
        line.split(":")[0]: set(line.split(":")[1].split()) for line in LIFE.split("\n") if line
    }

    assert {str(state): {str(to) for to in STEPS[state]} for state in State if STEPS[state]} == said
    assert {str(one) for one in ENDED} == {str(one) for one in State} - set(said)


def test_what_a_state_needs_is_needed_in_all_that_lie_behind_it():
    behind = {state: steps.only_after(STEPS, state) for state in State}

    assert behind[State.REQUESTED] == tuple(STEPS)
    assert behind[State.ACCEPTED] == (State.ACCEPTED, State.CLOSED)
    assert State.TERMINATED in behind[State.CONTRACTED]
    assert State.TERMINATED not in behind[State.IN_PROGRESS]
    assert State.PAUSED not in behind[State.DELIVERED]


@pytest.mark.parametrize("current", list(State))
@pytest.mark.parametrize("target", list(State))
def test_no_step_is_taken_but_those_of_the_table(current, target):
    if target in STEPS[current]:
        assert rules.step(current, target) is target
    else:
        with pytest.raises(Refused, match=r"engagement\.illegal_step"):
            rules.step(current, target)


def test_somebody_owes_something_in_every_open_state_and_nobody_afterwards():
    for state in State:
        assert (rules.owes(state, Side.PROVIDER, Side.CLIENT) is None) == (state in ENDED)
        assert (state in AWAITED) == (state in OPEN)
    assert [what for what in AWAITED.values() if f"engagement.{what}" not in LABELS] == []
    assert rules.owes(State.PAUSED, Side.CLIENT, None) is Side.CLIENT
    assert rules.owes(State.TAKEN_ON, None, Side.PROVIDER) is Side.PROVIDER
    assert [rules.other_side(side) for side in Side] == [Side.PROVIDER, Side.CLIENT]
    assert GIVEN_UP | {State.CLOSED} == ENDED


@pytest.mark.parametrize(
    ("state", "due", "remind"),
    [
        (State.REQUESTED, date(2026, 11, 25), date(2026, 11, 25)),
        (State.TAKEN_ON, date(2026, 12, 23), date(2026, 12, 7)),
        (State.CONTRACTED, date(2026, 11, 30), date(2026, 11, 25)),
        (State.DELIVERED, date(2026, 12, 7), date(2026, 12, 2)),
        (State.ACCEPTED, date(2026, 12, 14), date(2026, 12, 9)),
    ],
)
def test_what_is_owed_falls_due_after_the_days_of_the_rulebook(state, due, remind):
    assert rules.turn(state, CALENDAR, LIMITS, MONDAY) == Turn(due, remind)


@pytest.mark.parametrize("state", [State.PAUSED, *sorted(ENDED)])
def test_nothing_falls_due_where_no_day_is_set(state):
    assert rules.turn(state, CALENDAR, LIMITS, MONDAY) is None


def test_the_clock_of_the_work_is_longer_by_its_pauses_and_yellow_three_days_before():
    work = Work(Limit(10), MONDAY, ())
    paused = Work(Limit(10), MONDAY, (Pause(date(2026, 11, 25), date(2026, 11, 27)),))

    assert rules.work_turn(work, CALENDAR, LIMITS, MONDAY) == Turn(
        date(2026, 12, 7), date(2026, 12, 2)
    )
    assert rules.work_turn(paused, CALENDAR, LIMITS, MONDAY).due_on == date(2026, 12, 9)


def test_a_short_limit_is_not_yellow_before_its_second_day():
    work = Work(Limit(3), MONDAY, ())

    assert rules.work_turn(work, CALENDAR, LIMITS, MONDAY) == Turn(
        date(2026, 11, 26), date(2026, 11, 25)
    )


def test_the_tick_reminds_once_and_then_waits_for_the_end_of_the_day():
    found = Turn(MONDAY + timedelta(days=5), MONDAY + timedelta(days=2))

    assert rules.attention(found, Told.NOT) == start_of_day(found.remind_on)
    assert rules.attention(found, Told.SOON) == end_of_day(found.due_on)
    assert rules.attention(found, Told.OVER) is None
    assert rules.attention(None, Told.NOT) is None


@pytest.mark.parametrize(
    ("day", "light"),
    [(0, "green"), (1, "green"), (2, "yellow"), (5, "yellow"), (6, "red")],
)
def test_a_light_is_yellow_from_the_reminder_and_red_after_the_due_day(day, light):
    due, remind = MONDAY + timedelta(days=5), MONDAY + timedelta(days=2)
    assert rules.colour(due, remind, MONDAY + timedelta(days=day)) == light
    assert rules.colour(None, None, MONDAY) == "none"


def test_a_shorter_limit_may_be_agreed_and_no_longer_one():
    listed = Limit(20, LimitUnit.DAYS)

    assert rules.agreed_limit(listed, None) == listed
    assert rules.agreed_limit(listed, 5) == Limit(5, LimitUnit.DAYS)
    for wrong in (0, 21):
        with pytest.raises(Refused, match=r"engagement\.limit_too_long"):
            rules.agreed_limit(listed, wrong)


def test_days_that_have_come_are_counted_as_they_were_then():
    holiday = Calendar({MONDAY: False, MONDAY + timedelta(days=1): False})

    counted = rules.as_counted(holiday, {MONDAY: True})

    assert counted.is_workday(MONDAY)
    assert not counted.is_workday(MONDAY + timedelta(days=1))


@pytest.mark.parametrize(("promised", "binds"), [(None, None), (9, 9), (10, 10), (12, None)])
def test_a_promise_binds_only_within_the_limit(promised, binds):
    assert rules.binding_promise(promised, Limit(10)) == binds
