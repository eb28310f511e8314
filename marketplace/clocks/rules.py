"""Due dates, elapsed days, lights, what waits for whom: the only arithmetic of time limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from marketplace.kernel.times import end_of_day
from marketplace.kernel.workdays import Calendar, Limit, LimitUnit, days_after

_ONE_DAY = timedelta(days=1)

# A limit of so few days would be yellow from its first day; it turns yellow on its second.
SHORT_LIMIT = 4

_SECOND_DAY = 2


class Light(StrEnum):
    """How a limit stands: in time, soon due, overdue."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, order=True)
class Pause:
    """The clock stood from the day `begins` to the day `ends`; None while it still stands."""

    begins: date
    ends: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day is not counted because of this pause."""
        return self.begins < day and (self.ends is None or day <= self.ends)


def merge_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same uncounted days as pauses that neither overlap nor touch, earliest first."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: (one.begins, one.ends or date.max)):
        last = merged[-1] if merged else None
        if last is None or (last.ends is not None and last.ends < pause.begins):
            merged.append(pause)
        elif last.ends is not None and (pause.ends is None or pause.ends > last.ends):
            merged[-1] = Pause(last.begins, pause.ends)
    return tuple(merged)


def counts(calendar: Calendar, limit: Limit, pauses: Sequence[Pause], day: date) -> bool:
    """Whether the day uses up a day of the limit."""
    if any(pause.covers(day) for pause in pauses):
        return False
    return limit.unit is LimitUnit.DAYS or calendar.is_workday(day)


def due_date(
    calendar: Calendar,
    limit: Limit,
    start: date,
    pauses: Sequence[Pause] = (),
    *,
    today: date | None = None,
) -> date:
    """The last day of the limit.

    While a pause is open the answer is the due date as if it ended on `today` (needed only
    then); the day moves on with every day the clock stands.
    """
    closed = closed_pauses(pauses, today)
    day, left = start, limit.value
    while left > 0:
        day += _ONE_DAY
        left -= counts(calendar, limit, closed, day)
    return day


def closed_pauses(pauses: Sequence[Pause], today: date | None) -> tuple[Pause, ...]:
    """The pauses merged, with an open one ended today (not before it began)."""
    result = []
    for pause in merge_pauses(pauses):
        if pause.ends is None:
            if today is None:
                raise ValueError("a clock that stands has a due date only as of a day")
            pause = Pause(pause.begins, max(pause.begins, today))  # noqa: PLW2901
        result.append(pause)
    return tuple(result)


def elapsed_days(
    calendar: Calendar, limit: Limit, start: date, pauses: Sequence[Pause], today: date
) -> int:
    """How many days of the limit's unit have been used, the present one included."""
    return sum(counts(calendar, limit, pauses, day) for day in days_after(start, today))


def deadline(calendar: Calendar, start: date, limit: Limit | int) -> date:
    """The last day for something owed within a limit from a day, without pauses.

    A bare number means working days.
    """
    if isinstance(limit, int):
        limit = Limit(limit)
    return due_date(calendar, limit, start)


def lapses_at(due: date) -> datetime:
    """The instant at which the due day is over: 24:00 Shanghai time, as UTC."""
    return end_of_day(due)


def light(
    calendar: Calendar,
    limit: Limit,
    start: date,
    pauses: Sequence[Pause],
    today: date,
    *,
    yellow_days: int = 3,
) -> Light:
    """Green, yellow from `yellow_days` working days before the due date, red after it.

    A limit of 4 days or fewer is never yellow before its second day. While the clock stands,
    the light stays what it was when the pause began.
    """
    pauses = merge_pauses(pauses)
    if pauses and pauses[-1].ends is None:
        today = min(today, pauses[-1].begins)
    due = due_date(calendar, limit, start, pauses, today=today)
    if today > due:
        return Light.RED
    if today < calendar.add_workdays(due, -yellow_days):
        return Light.GREEN
    if limit.value <= SHORT_LIMIT:
        used = elapsed_days(calendar, limit, start, pauses, today)
        return Light.YELLOW if used >= _SECOND_DAY else Light.GREEN
    return Light.YELLOW


def yellow_until(calendar: Calendar, today: date, days: int) -> date:
    """The last day that is no more than so many working days after today: due by then is yellow."""
    day = today
    while True:
        following = day + _ONE_DAY
        days -= calendar.is_workday(following)
        if days < 0:
            return day
        day = following


def yellow_days_of(limit: int, usual: int) -> int:
    """How many working days before its due day a limit of so many of them turns yellow."""
    return usual if limit > SHORT_LIMIT else max(0, min(usual, limit - _SECOND_DAY))


def light_on(due: date, today: date, yellow: date) -> Light:
    """Red after the due day, yellow where it is no later than `yellow`, else green."""
    if today > due:
        return Light.RED
    return Light.YELLOW if due <= yellow else Light.GREEN


def has_just_begun(light: str, left: int, usual: int) -> bool:
    """Whether a limit is green only because it is short: its second day has not come yet.

    `left` working days are no more than the `usual` ones from which others are yellow.
    """
    return light == Light.GREEN and left <= usual


class TimeLeft(NamedTuple):
    """How long there is until a day: its light, the working days left, and whether it is today.

    `begins`: the limit is short and has just begun, so that the light is green all the same.
    """

    light: str
    days: int
    today: bool
    begins: bool


def is_provisional(calendar: Calendar, start: date, due: date) -> bool:
    """Whether the way from start to due touches a year whose holidays are not announced."""
    return any(calendar.provisional(date(year, 1, 1)) for year in range(start.year, due.year + 1))


@dataclass(frozen=True)
class Waiting:
    """Who owes what about which record, and by when.

    `kind` and `public_id` say which record; `what` is a labelled code of the step that waits
    (`engagement.answer`). `light` is green, yellow, red, paused or none. `owes_organisation_id` is
    None where the platform itself owes; `about_organisation_id` is the provider concerned, if any.
    `title` is what the record is called beside its number, or the other party; `figure` an amount
    in fen or how many, where that says more. `since` is when it began to wait, by which what has no
    day is put in order. Boards of lights and desks read the same rows.
    """

    kind: str
    public_id: str
    number: str
    what: str
    owes_organisation_id: int | None
    light: str
    due_on: date | None
    region_code: str = ""
    item_code: str = ""
    about_organisation_id: int | None = None
    title: str = ""
    figure: int | None = None
    since: datetime | None = None


class DayMark(StrEnum):
    """What a day is to a clock, as the calendar strip draws it."""

    COUNTED = "counted"
    TODAY = "today"
    LEFT = "left"
    DUE = "due"
    PAUSED = "paused"
    OFF = "off"
    OVER = "over"
    STOPPED = "stopped"
    ENDED = "ended"


class StripDay(NamedTuple):
    """One day of a clock drawn as a calendar strip."""

    day: date
    mark: DayMark


@dataclass(frozen=True)
class ClockView:
    """A clock as pages show it on one day.

    `used` counts the days of the limit's unit that have passed, the present one included.
    A clock that stands shows the day on which it stopped, whatever day it is now: no day is
    due until it goes on, and `due` is the one that held when it stopped. One that has ended shows
    how it ended. `provisional` says that the due date reaches a year whose holidays are not
    announced. The first `past` days of the strip belong to weeks that are over.
    """

    start: date
    due: date
    limit: Limit
    used: int
    light: Light
    provisional: bool
    stands_since: date | None
    ended: date | None
    strip: tuple[StripDay, ...]
    past: int

    @property
    def left(self) -> int:
        """Days of the limit's unit that remain; negative when overdue."""
        return self.limit.value - self.used

    @property
    def over(self) -> int:
        """How many days of the limit's unit it lies over the limit."""
        return max(0, -self.left)

    @property
    def shown_light(self) -> str:
        """The colour of the light; `paused` while the clock stands, which warns of nothing.

        A clock that has ended kept its limit or did not: it is never soon due.
        """
        if self.stands_since is not None:
            return "paused"
        if self.ended is not None and self.light is not Light.RED:
            return Light.GREEN.value
        return self.light.value


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
    """The clock as a page shows it on `today`, as it stood when it stopped, or as it `ended`."""
    seen = today if ended is None else min(today, ended)
    pauses, mark = merge_pauses(pauses), DayMark.TODAY if ended is None else DayMark.ENDED
    stopped = _stands_since(pauses, seen) if ended is None else None
    if stopped is not None:
        seen, mark = stopped, DayMark.STOPPED
    due = due_date(calendar, limit, start, pauses, today=seen)
    closed = closed_pauses(pauses, seen)
    strip = _strip(calendar, limit, start, closed, _Frame(due, seen, mark))
    monday = seen - timedelta(days=seen.weekday())
    return ClockView(
        start=start,
        due=due,
        limit=limit,
        used=elapsed_days(calendar, limit, start, closed, seen),
        light=light(calendar, limit, start, closed, seen, yellow_days=yellow_days),
        provisional=mark is DayMark.TODAY and is_provisional(calendar, start, due),
        stands_since=stopped,
        ended=ended,
        strip=strip,
        past=sum(one.day < monday for one in strip),
    )


def _stands_since(pauses: Sequence[Pause], today: date) -> date | None:
    """The day on which the clock stopped that stands now."""
    last = pauses[-1] if pauses else None
    return None if last is None or last.ends is not None else min(today, last.begins)


class _Frame(NamedTuple):
    """What is drawn of a clock: its due day, and the day from which it is seen with its mark."""

    due: date
    seen: date
    mark: DayMark

    @property
    def until(self) -> date:
        """The last day that is drawn: of a clock that runs also the days to come."""
        return max(self.due, self.seen) if self.mark is DayMark.TODAY else self.seen


def _strip(
    calendar: Calendar, limit: Limit, start: date, pauses: Sequence[Pause], frame: _Frame
) -> tuple[StripDay, ...]:
    return tuple(
        StripDay(day, _mark(calendar, limit, pauses, day, frame))
        for day in days_after(start, frame.until)
    )


def _mark(
    calendar: Calendar, limit: Limit, pauses: Sequence[Pause], day: date, frame: _Frame
) -> DayMark:
    if day == frame.seen and frame.mark is not DayMark.TODAY:
        return frame.mark
    if day == frame.due:
        return DayMark.DUE
    if any(pause.covers(day) for pause in pauses):
        return DayMark.PAUSED
    if day == frame.seen:
        return frame.mark
    if not counts(calendar, limit, pauses, day):
        return DayMark.OFF
    if day > frame.due:
        return DayMark.OVER
    return DayMark.COUNTED if day < frame.seen else DayMark.LEFT
