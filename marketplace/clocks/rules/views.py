"""A clock as pages show it: due day, light, days used, and the days as a calendar strip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from marketplace.clocks.rules.limits import (
    Light,
    Pause,
    closed_pauses,
    counts,
    due_date,
    elapsed_days,
    is_provisional,
    light,
    merge_pauses,
)
from marketplace.kernel.workdays import Calendar, Limit, days_after


class DayMark(StrEnum):
    """What a day is to a clock, as the calendar strip draws it."""

    COUNTED = "counted"
    TODAY = "today"
    LEFT = "left"
    DUE = "due"
    PAUSED = "paused"
    OFF = "off"
    OVER = "over"


class StripDay(NamedTuple):
    """One day of a clock drawn as a calendar strip."""

    day: date
    mark: DayMark


@dataclass(frozen=True)
class ClockView:
    """A clock as pages show it on one day.

    `used` counts the days of the limit's unit that have passed, the present one included.
    `standing` is true while a pause is open: `due` then is the day it would be if the clock
    went on today. `provisional` says that the due date
    reaches a year whose holidays are not announced.
    """

    start: date
    due: date
    limit: Limit
    used: int
    light: Light
    provisional: bool
    standing: bool
    ended: date | None
    strip: tuple[StripDay, ...]

    @property
    def left(self) -> int:
        """Days of the limit's unit that remain; negative when overdue."""
        return self.limit.value - self.used

    @property
    def shown_light(self) -> str:
        """The colour of the light, or `paused` while the clock stands in time."""
        return "paused" if self.standing and self.light is not Light.RED else self.light.value


def view_clock(
    calendar: Calendar,
    limit: Limit,
    start: date,
    today: date,
    *,
    pauses: Sequence[Pause] = (),
    ended: date | None = None,
    yellow_days: int = 3,
) -> ClockView:
    """The clock as a page shows it on `today`, or as it stood on the day it `ended`."""
    seen = today if ended is None else min(today, ended)
    pauses = merge_pauses(pauses)
    due = due_date(calendar, limit, start, pauses, today=seen)
    return ClockView(
        start=start,
        due=due,
        limit=limit,
        used=elapsed_days(calendar, limit, start, pauses, seen),
        light=light(calendar, limit, start, pauses, seen, yellow_days=yellow_days),
        provisional=is_provisional(calendar, start, due),
        standing=ended is None and bool(pauses) and pauses[-1].ends is None,
        ended=ended,
        strip=_strip(calendar, limit, start, closed_pauses(pauses, seen), due, seen),
    )


def _strip(
    calendar: Calendar,
    limit: Limit,
    start: date,
    pauses: Sequence[Pause],
    due: date,
    today: date,
) -> tuple[StripDay, ...]:
    return tuple(
        StripDay(day, _mark(calendar, limit, pauses, day, due, today))
        for day in days_after(start, max(due, today))
    )


def _mark(
    calendar: Calendar, limit: Limit, pauses: Sequence[Pause], day: date, due: date, today: date
) -> DayMark:
    if day == due:
        return DayMark.DUE
    if any(pause.covers(day) for pause in pauses):
        return DayMark.PAUSED
    if day == today:
        return DayMark.TODAY
    if not counts(calendar, limit, pauses, day):
        return DayMark.OFF
    if day > due:
        return DayMark.OVER
    return DayMark.COUNTED if day < today else DayMark.LEFT
