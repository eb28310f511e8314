"""Due dates, elapsed days and lights."""

import csv
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.clocks import rules
from marketplace.clocks.rules import DayMark, Light, Pause
from marketplace.kernel.workdays import Limit, LimitUnit
from tests.unit.shipped_calendar import SHIPPED

_VECTORS = Path(__file__).parents[2] / "data" / "clock_vectors.csv"
MONDAY = date(2026, 3, 2)


def _vectors():
    with _VECTORS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pauses = tuple(
                Pause(*(date.fromisoformat(day) for day in one.split("..")))
                for one in row["pauses"].split(";")
                if one
            )
            start, due = date.fromisoformat(row["start"]), date.fromisoformat(row["due"])
            name = f"{start}+{row['limit_workdays']} {row['note']}".strip()
            yield pytest.param(start, int(row["limit_workdays"]), pauses, due, row["note"], id=name)


@pytest.mark.parametrize(("start", "limit", "pauses", "due", "note"), list(_vectors()))
def test_the_agreed_vectors_hold(start, limit, pauses, due, note):
    found = rules.due_date(SHIPPED, Limit(limit), start, pauses)

    assert found == due
    assert rules.is_provisional(SHIPPED, start, found) is (note == "provisional")
    assert rules.elapsed_days(SHIPPED, Limit(limit), start, pauses, due) == limit


DAYS = st.dates(date(2018, 1, 1), date(2026, 6, 30))
LIMITS = st.builds(Limit, st.integers(1, 80), st.sampled_from(LimitUnit))
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=5)


def _pauses(start: date, spans: list[tuple[int, int]]) -> tuple[Pause, ...]:
    begins = [(start + timedelta(days=offset), length) for offset, length in spans]
    return tuple(Pause(day, day + timedelta(days=length)) for day, length in begins)


@given(DAYS, LIMITS, SPANS, SPANS)
def test_a_further_pause_only_pushes_the_due_date_later(start, limit, spans, more):
    before = rules.due_date(SHIPPED, limit, start, _pauses(start, spans))
    after = rules.due_date(SHIPPED, limit, start, _pauses(start, spans + more))

    assert after >= before


@given(DAYS, LIMITS, SPANS)
def test_the_due_date_is_the_day_on_which_the_limit_is_used_up(start, limit, spans):
    pauses = _pauses(start, spans)
    due = rules.due_date(SHIPPED, limit, start, pauses)

    assert rules.elapsed_days(SHIPPED, limit, start, pauses, due) == limit.value
    eve = due - timedelta(days=1)
    assert rules.elapsed_days(SHIPPED, limit, start, pauses, eve) == limit.value - 1


@given(DAYS, LIMITS, SPANS, st.integers(0, 90), st.integers(0, 90))
def test_elapsed_days_never_decrease_as_time_passes(start, limit, spans, one, other):
    first, second = sorted((one, other))
    pauses = _pauses(start, spans)

    assert rules.elapsed_days(
        SHIPPED, limit, start, pauses, start + timedelta(days=first)
    ) <= rules.elapsed_days(SHIPPED, limit, start, pauses, start + timedelta(days=second))


@given(DAYS, LIMITS, SPANS)
def test_merging_pauses_changes_no_day(start, limit, spans):
    pauses = _pauses(start, spans)
    merged = rules.merge_pauses(pauses)

    for number in range(95):
        day = start + timedelta(days=number)
        assert any(p.covers(day) for p in pauses) is any(p.covers(day) for p in merged)
    assert all(a.ends < b.begins for a, b in pairwise(merged))


@given(DAYS, LIMITS, st.integers(0, 150))
def test_the_light_never_goes_back_without_a_pause(start, limit, days):
    order = [Light.GREEN, Light.YELLOW, Light.RED]
    day = start + timedelta(days=days)

    today = rules.light(SHIPPED, limit, start, (), day)
    tomorrow = rules.light(SHIPPED, limit, start, (), day + timedelta(days=1))

    assert order.index(today) <= order.index(tomorrow)


@given(DAYS, LIMITS)
def test_the_light_is_red_from_the_day_after_the_due_day(start, limit):
    due = rules.due_date(SHIPPED, limit, start)

    assert rules.light(SHIPPED, limit, start, (), due) is not Light.RED
    assert rules.light(SHIPPED, limit, start, (), due + timedelta(days=1)) is Light.RED


@pytest.mark.parametrize(
    ("limit", "last_green"),
    [
        (20, date(2026, 3, 24)),  # due 30 March: 27, 26, 25 are the three working days before
        (5, date(2026, 3, 3)),  # due 9 March
        (4, date(2026, 3, 3)),  # due 6 March: the second day, not the day of start
        (3, date(2026, 3, 3)),
        (2, date(2026, 3, 3)),
        (1, date(2026, 3, 3)),  # its only day is its first: green, then red
    ],
)
def test_the_light_turns_yellow_three_working_days_before_due(limit, last_green):
    next_day = last_green + timedelta(days=1)

    assert rules.light(SHIPPED, Limit(limit), MONDAY, (), last_green) is Light.GREEN
    after = rules.light(SHIPPED, Limit(limit), MONDAY, (), next_day)
    assert after is (Light.RED if limit == 1 else Light.YELLOW)


def test_the_rulebook_may_turn_the_light_yellow_earlier():
    day = date(2026, 3, 23)

    assert rules.light(SHIPPED, Limit(20), MONDAY, (), day) is Light.GREEN
    assert rules.light(SHIPPED, Limit(20), MONDAY, (), day, yellow_days=5) is Light.YELLOW


def test_calendar_days_count_weekends_and_end_on_one():
    limit = Limit(6, LimitUnit.DAYS)

    assert rules.due_date(SHIPPED, limit, MONDAY) == date(2026, 3, 8)
    assert rules.elapsed_days(SHIPPED, limit, MONDAY, (), date(2026, 3, 8)) == 6


def test_the_limit_ends_at_midnight_in_shanghai():
    assert rules.lapses_at(date(2026, 3, 6)) == datetime(2026, 3, 6, 16, tzinfo=UTC)


def test_a_deadline_counts_working_days_unless_it_is_told_otherwise():
    assert rules.deadline(SHIPPED, MONDAY, 30) == date(2026, 4, 14)
    assert rules.deadline(SHIPPED, MONDAY, Limit(30, LimitUnit.DAYS)) == date(2026, 4, 1)


class TestAClockThatStands:
    """A pause that has begun and not ended."""

    pause = Pause(date(2026, 3, 5))

    def test_uses_up_no_days(self):
        used = rules.elapsed_days(SHIPPED, Limit(5), MONDAY, (self.pause,), date(2026, 3, 27))

        assert used == 3

    def test_is_due_later_with_every_day(self):
        days = [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)]

        found = [
            rules.due_date(SHIPPED, Limit(5), MONDAY, (self.pause,), today=day) for day in days
        ]

        assert found == [date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)]

    def test_keeps_the_light_it_had(self):
        for day in (date(2026, 3, 5), date(2026, 5, 5)):
            assert rules.light(SHIPPED, Limit(5), MONDAY, (self.pause,), day) is Light.YELLOW
            assert rules.light(SHIPPED, Limit(20), MONDAY, (self.pause,), day) is Light.GREEN

    def test_stays_red_when_it_was_overdue(self):
        late = Pause(date(2026, 3, 12))

        assert rules.light(SHIPPED, Limit(5), MONDAY, (late,), date(2026, 4, 1)) is Light.RED

    def test_has_no_due_date_without_a_day_to_see_it_from(self):
        with pytest.raises(ValueError, match="as of a day"):
            rules.due_date(SHIPPED, Limit(5), MONDAY, (self.pause,))

    def test_is_shown_as_standing(self):
        view = rules.view_clock(SHIPPED, Limit(20), MONDAY, date(2026, 3, 10), pauses=(self.pause,))

        assert view.stands_since == date(2026, 3, 5)
        assert view.shown_light == "paused"
        assert (view.used, view.left) == (3, 17)


def test_a_clock_is_drawn_day_by_day():
    view = rules.view_clock(
        SHIPPED,
        Limit(5),
        MONDAY,
        date(2026, 3, 9),
        pauses=(Pause(date(2026, 3, 3), date(2026, 3, 5)),),
    )

    assert view.due == date(2026, 3, 11)
    assert [(day.day.day, day.mark) for day in view.strip] == [
        (3, DayMark.COUNTED),
        (4, DayMark.PAUSED),
        (5, DayMark.PAUSED),
        (6, DayMark.COUNTED),
        (7, DayMark.OFF),
        (8, DayMark.OFF),
        (9, DayMark.TODAY),
        (10, DayMark.LEFT),
        (11, DayMark.DUE),
    ]
    assert view.shown_light == "yellow"
    assert view.strip[view.past].day == date(2026, 3, 9)


def test_an_overdue_clock_is_drawn_to_the_present_day():
    view = rules.view_clock(SHIPPED, Limit(2), MONDAY, date(2026, 3, 6))

    assert [day.mark for day in view.strip] == [
        DayMark.COUNTED,
        DayMark.DUE,
        DayMark.OVER,
        DayMark.TODAY,
    ]
    assert (view.used, view.left) == (4, -2)


def test_a_clock_that_ended_stays_as_it_was():
    ended = date(2026, 3, 5)

    view = rules.view_clock(SHIPPED, Limit(5), MONDAY, date(2026, 6, 1), ended=ended)

    assert (view.used, view.light, view.ended, view.stands_since) == (3, Light.YELLOW, ended, None)


def test_a_way_through_an_unannounced_year_is_provisional():
    view = rules.view_clock(SHIPPED, Limit(30), date(2026, 12, 1), date(2026, 12, 2))

    assert view.provisional
    assert view.due == date(2027, 1, 13)
