"""Lights at and beside the days on which they change."""

from datetime import date, timedelta

import pytest

from marketplace.clocks import rules
from marketplace.clocks.rules import Light
from marketplace.kernel.workdays import Calendar, Limit

PLAIN = Calendar({}, {})
MONDAY = date(2026, 11, 23)
DUE = date(2026, 12, 7)


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (0, date(2026, 11, 23)),
        (1, date(2026, 11, 24)),
        (3, date(2026, 11, 26)),
        (4, date(2026, 11, 29)),
        (5, date(2026, 11, 30)),
    ],
)
def test_what_is_due_within_so_many_working_days_is_yellow(days, last):
    assert rules.yellow_until(PLAIN, MONDAY, days) == last


@pytest.mark.parametrize(
    ("limit", "days"), [(1, 0), (2, 0), (3, 1), (4, 2), (5, 3), (6, 3), (30, 3)]
)
def test_a_short_limit_is_not_yellow_before_its_second_day(limit, days):
    assert rules.yellow_days_of(limit, 3) == days
    assert rules.yellow_days_of(limit, 1) == min(1, days)


@pytest.mark.parametrize(
    ("today", "yellow", "light"),
    [
        (DUE, DUE, Light.YELLOW),
        (DUE, DUE - timedelta(days=1), Light.GREEN),
        (DUE + timedelta(days=1), DUE, Light.RED),
    ],
)
def test_a_day_is_red_once_it_is_over_and_yellow_until_then(today, yellow, light):
    assert rules.light_on(DUE, today, yellow) is light


@pytest.mark.parametrize(
    ("limit", "lights"),
    [
        (2, "ggyr"),
        (4, "ggyyyr"),
        (5, "ggyyyyr"),
        (6, "gggyyyyr"),
    ],
)
def test_a_clock_turns_yellow_and_red_on_its_days(limit, lights):
    days = [rules.deadline(PLAIN, MONDAY, n) if n else MONDAY for n in range(limit + 2)]
    seen = [rules.light(PLAIN, Limit(limit), MONDAY, (), day).value[0] for day in days]
    assert "".join(seen) == lights


def test_a_due_day_is_over_at_midnight_of_the_next():
    assert rules.lapses_at(DUE).isoformat() == "2026-12-07T16:00:00+00:00"
