"""When a party must act, when it is reminded, and what the limit of an engagement is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.clocks.rules import Light, Pause, deadline, due_date, lapses_at, light
from marketplace.engagements.rules.states import State
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import start_of_day
from marketplace.kernel.workdays import Calendar, Limit


class Told(StrEnum):
    """How far the party whose turn it is has been reminded of the present due day."""

    NOT = "not"
    SOON = "soon"
    OVER = "over"


@dataclass(frozen=True)
class Limits:
    """The numbers of the rulebook an engagement follows."""

    answer: int
    contract_reminder: int
    contract_lapse: Limit
    acceptance: int
    rating: int
    yellow: int


@dataclass(frozen=True)
class Turn:
    """The day by which somebody must act, and the day on which they are reminded of it."""

    due_on: date
    remind_on: date


def turn(state: State, calendar: Calendar, limits: Limits, since: date) -> Turn | None:
    """What is owed in a state entered on the day `since`; None where the work's clock says it.

    A request is reminded of on its last day, a missing contract after the rulebook's working
    days, acceptance and rating when their light turns yellow.
    """
    if state is State.REQUESTED:
        due = deadline(calendar, since, limits.answer)
        return Turn(due, due)
    if state is State.TAKEN_ON:
        due = deadline(calendar, since, limits.contract_lapse)
        return Turn(due, deadline(calendar, since, limits.contract_reminder))
    days = {State.DELIVERED: limits.acceptance, State.ACCEPTED: limits.rating}.get(state)
    if days is None:
        return None
    due = deadline(calendar, since, days)
    return Turn(due, calendar.add_workdays(due, -limits.yellow))


@dataclass(frozen=True)
class Work:
    """The provider's clock: its limit, the day it started, and when it stood."""

    limit: Limit
    started: date
    pauses: Sequence[Pause]


def work_turn(work: Work, calendar: Calendar, limits: Limits, today: date) -> Turn:
    """The last day of the provider's limit, and the day on which its light turns yellow."""
    due = due_date(calendar, work.limit, work.started, work.pauses, today=today)
    day = calendar.add_workdays(due, -limits.yellow)
    while day < due and _colour(work, calendar, limits, day) is Light.GREEN:
        day += timedelta(days=1)
    return Turn(due, day)


def _colour(work: Work, calendar: Calendar, limits: Limits, day: date) -> Light:
    return light(calendar, work.limit, work.started, work.pauses, day, yellow_days=limits.yellow)


def colour(due_on: date | None, remind_on: date | None, today: date) -> str:
    """The light of a day that is owed: red after it, yellow from its reminder on; or none."""
    if due_on is None or remind_on is None:
        return "none"
    if today > due_on:
        return Light.RED.value
    return Light.YELLOW.value if today >= remind_on else Light.GREEN.value


def attention(found: Turn | None, told: Told) -> datetime | None:
    """The instant at which the tick looks at it next: the reminder, then the end of the due day."""
    if found is None or told is Told.OVER:
        return None
    ends = lapses_at(found.due_on)
    if told is Told.SOON:
        return ends
    return min(start_of_day(found.remind_on), ends)


def agreed_limit(listed: Limit, days: int | None) -> Limit:
    """The listed limit of the item, or a shorter one agreed in the same unit.

    Refuses `engagement.limit_too_long` for one that is longer, or not even a day.
    """
    if days is None:
        return listed
    if not 1 <= days <= listed.value:
        raise Refused("engagement.limit_too_long", field="limit_days", limit=listed.value)
    return Limit(days, listed.unit)


def as_counted(calendar: Calendar, settled: dict[date, bool]) -> Calendar:
    """The calendar with the days that are past as they were counted then (invariant I7)."""
    return Calendar({**calendar.special, **settled}, calendar.years)
