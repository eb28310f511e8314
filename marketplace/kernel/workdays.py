"""Working days: a calendar as a value, and counting with it.

The days of a year are known from the State Council's notice (announced), or only its statutory
holidays are known (computed in advance), or nothing is known and weekends alone are off.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class YearStatus(StrEnum):
    """How much is known of a year's holidays."""

    ANNOUNCED = "announced"
    STATUTORY = "statutory"
    UNKNOWN = "unknown"


class LimitUnit(StrEnum):
    """What a limit counts."""

    WORKDAYS = "workdays"
    DAYS = "days"


@dataclass(frozen=True)
class Limit:
    """So many working days, or so many calendar days."""

    value: int
    unit: LimitUnit = LimitUnit.WORKDAYS

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"


@dataclass(frozen=True)
class Calendar:
    """The days that differ from the ordinary week, and how much is known of each year.

    `special` says of a day whether people work on it; a day not in it is a working day from
    Monday to Friday. A year that is not in `years` is unknown.
    """

    special: Mapping[date, bool] = field(default_factory=dict)
    years: Mapping[int, YearStatus] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether people work on the day."""
        known = self.special.get(day)
        return day.weekday() < _SATURDAY if known is None else known

    def year_status(self, year: int) -> YearStatus:
        """How much is known of the year's holidays."""
        return self.years.get(year, YearStatus.UNKNOWN)

    def provisional(self, day: date) -> bool:
        """Whether the day lies in a year whose holidays are not announced."""
        return self.year_status(day.year) is not YearStatus.ANNOUNCED

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is itself not counted.

        A negative count goes back; zero gives the day itself, working day or not.
        """
        step = _ONE_DAY if count >= 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; never negative."""
        return sum(self.is_workday(day) for day in days_after(start, end))

    def first_workday_from(self, day: date) -> date:
        """The day itself if people work on it, else the next day they do."""
        while not self.is_workday(day):
            day += _ONE_DAY
        return day


def days_after(start: date, end: date) -> Iterator[date]:
    """The days after `start`, up to and including `end`."""
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
