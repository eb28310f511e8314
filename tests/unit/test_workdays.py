"""The calendar as a value, against two independent calendars."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.workdays import Calendar, YearStatus
from tests.unit.shipped_calendar import ANNOUNCED, SHIPPED

DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(0, 120)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", ANNOUNCED)
def test_every_announced_day_agrees_with_chinesecalendar(year):
    differing = [
        day
        for day in _days_of(year)
        if SHIPPED.is_workday(day) is not chinese_calendar.is_workday(day)
    ]

    assert differing == []


@pytest.mark.parametrize("year", ANNOUNCED)
def test_every_announced_day_agrees_with_holidays(year):
    china = holidays.country_holidays("CN", years=year)

    differing = [
        day for day in _days_of(year) if SHIPPED.is_workday(day) is not china.is_working_day(day)
    ]

    assert differing == []


def test_the_statutory_days_of_2027_are_days_off():
    china = holidays.country_holidays("CN", years=2027)

    off = {day for day, works in SHIPPED.special.items() if day.year == 2027 and not works}

    assert off == {day for day in china if day.year == 2027}


def test_a_year_is_provisional_until_its_holidays_are_announced():
    assert not SHIPPED.provisional(date(2026, 12, 31))
    assert SHIPPED.provisional(date(2027, 1, 1))
    assert SHIPPED.year_status(2027) is YearStatus.STATUTORY
    assert SHIPPED.year_status(2028) is YearStatus.UNKNOWN


def test_an_unknown_year_counts_weekends_only():
    calendar = Calendar()

    assert calendar.is_workday(date(2030, 10, 1))
    assert not calendar.is_workday(date(2030, 10, 5))


def test_the_first_workday_from_a_holiday_is_the_next_day_people_work():
    assert SHIPPED.first_workday_from(date(2026, 2, 17)) == date(2026, 2, 24)
    assert SHIPPED.first_workday_from(date(2026, 2, 24)) == date(2026, 2, 24)


@given(DAYS, COUNTS)
def test_adding_more_than_no_workdays_ends_on_a_workday(day, count):
    end = SHIPPED.add_workdays(day, count)

    assert end == day if count == 0 else SHIPPED.is_workday(end) and end > day


@given(DAYS, COUNTS)
def test_counting_undoes_adding(day, count):
    assert SHIPPED.workdays_between(day, SHIPPED.add_workdays(day, count)) == count


@given(DAYS, COUNTS)
def test_going_back_undoes_going_on_from_a_workday(day, count):
    start = SHIPPED.first_workday_from(day)

    assert SHIPPED.add_workdays(SHIPPED.add_workdays(start, count), -count) == start


@given(DAYS, DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(one, other, count):
    first, second = sorted((one, other))

    assert SHIPPED.add_workdays(first, count) <= SHIPPED.add_workdays(second, count)


@given(DAYS, DAYS)
def test_nothing_lies_between_a_day_and_one_before_it(one, other):
    first, second = sorted((one, other))

    assert SHIPPED.workdays_between(second, first) == 0
