"""When a party must act, when it is reminded, and what the limit of an engagement is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.clocks.rules import Pause, deadline, due_date, lapses_at
from marketplace.engagements.rules.states import RUNNING, State
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


def turn(
    state: State,
    calendar: Calendar,
    limits: Limits,
    *,
    since: date,
    work_due: date | None = None,
) -> Turn | None:
    """What is owed in a state entered on the day `since`; None where no day is set.

    A request is reminded of on its last day, a missing contract after the rulebook's working
    days, work and acceptance when their light turns yellow.
    """
    if state is State.REQUESTED:
        due = deadline(calendar, since, limits.answer)
        return Turn(due, due)
    if state is State.TAKEN_ON:
        due = deadline(calendar, since, limits.contract_lapse)
        return Turn(due, deadline(calendar, since, limits.contract_reminder))
    if state in RUNNING and work_due is not None:
        return Turn(work_due, _yellow_day(calendar, limits, since, work_due))
    if state is State.DELIVERED:
        due = deadline(calendar, since, limits.acceptance)
        return Turn(due, _yellow_day(calendar, limits, since, due))
    if state is State.ACCEPTED:
        due = deadline(calendar, since, limits.rating)
        return Turn(due, _yellow_day(calendar, limits, since, due))
    return None


def _yellow_day(calendar: Calendar, limits: Limits, since: date, due: date) -> date:
    """The day on which the light turns yellow, never the day on which the time began."""
    return max(calendar.add_workdays(due, -limits.yellow), since + timedelta(days=1))


def attention(found: Turn | None, told: Told) -> datetime | None:
    """The instant at which the tick looks at it next: the reminder, then the end of the due day."""
    if found is None or told is Told.OVER:
        return None
    ends = lapses_at(found.due_on)
    if told is Told.SOON:
        return ends
    return min(start_of_day(found.remind_on), ends)


def work_due(
    calendar: Calendar, limit: Limit, started: date, pauses: Sequence[Pause], today: date
) -> date:
    """The last day of the provider's limit."""
    return due_date(calendar, limit, started, pauses, today=today)


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
