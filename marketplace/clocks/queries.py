"""The light of a day by which something is owed, and what somebody owes, most urgent first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, Integer, bindparam, case, func, literal
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import (
    SHORT_LIMIT,
    TimeLeft,
    Waiting,
    has_just_begun,
    light_on,
    yellow_days_of,
    yellow_until,
)
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import Rows, SqlValue, Values
from marketplace.kernel.workdays import LimitUnit

W = TypeVar("W", bound=Waiting)

# The most urgent first: how lists and desks put lights in order.
LIGHT_ORDER = {"red": 0, "yellow": 1, "green": 2, "paused": 3, "none": 4}

_YELLOW = "clock.yellow_days"
_SHORT_LIMITS = range(1, SHORT_LIMIT + 1)

# For rows that have none.
NO_DAY = literal(None, Date)
NO_NUMBER = literal(None, Integer)

# So much of one kind stands on a desk; the list behind it has the rest.
MOST_ON_A_DESK = 20


@dataclass(frozen=True)
class Owed:
    """What somebody owes of one kind: the most urgent of it, and how much it is in all."""

    rows: tuple[Waiting, ...] = ()
    total: int = 0


def yellow_days(session: Session, today: date) -> int:
    """How many working days before its due day a light usually turns yellow."""
    return int(catalogue.rule(session, _YELLOW, today))


def light_until(session: Session, due: date | None, today: date, limit: int | None = None) -> str:
    """Red after the due day, yellow from the rulebook's working days before it, else green.

    `none` where nothing is owed. A `limit` of few days is not yellow before its second day.
    """
    if due is None:
        return "none"
    usual = yellow_days(session, today)
    days = usual if limit is None else yellow_days_of(limit, usual)
    return light_on(due, today, yellow_until(catalogue.calendar(session), today, days))


def time_left(session: Session, due: date, today: date, limit: int | None = None) -> TimeLeft:
    """How long there is until a day that is not over."""
    days = catalogue.calendar(session).workdays_between(today, due)
    light = light_until(session, due, today, limit)
    begins = has_just_begun(light, days, yellow_days(session, today))
    return TimeLeft(light, days, due == today, begins)


def light_of(due: SqlValue, limit: str = "") -> ColumnElement[str]:
    """The same of a column, reckoned by the database; `light_days` fills what it asks.

    `limit` is the key of the rulebook's working days by which the due day was reckoned: where they
    are few, the light is not yellow before their second day.
    """
    return _yellow(due, bindparam(_parameter(limit), type_=Date))


def _yellow(due: SqlValue, until: ColumnElement[date]) -> ColumnElement[str]:
    return case(
        (due.is_(None), "none"),
        (due < bindparam("today", type_=Date), "red"),
        (due <= until, "yellow"),
        else_="green",
    )


def light_within(due: SqlValue, limit: SqlValue) -> ColumnElement[str]:
    """The same where a column says how many days the limit has: a short one has its own yellow."""
    short = {days: _yellow(due, bindparam(_short(days), type_=Date)) for days in _SHORT_LIMITS}
    return case(*((limit == days, colour) for days, colour in short.items()), else_=light_of(due))


def limits_in_workdays(session: Session, on: date) -> dict[str, int]:
    """Every limit of the rulebook in working days that holds on a day, by its key."""
    rulebook = catalogue.rulebook(session)
    entries = {key: rulebook.entry(key, on) for key in rulebook.keys}
    return {key: int(one.value) for key, one in entries.items() if one.unit == LimitUnit.WORKDAYS}


def light_days(session: Session, today: date, **more: object) -> dict[str, object]:
    """The days by which the database tells lights, with what else a query asks."""
    calendar, limits = catalogue.calendar(session), limits_in_workdays(session, today)
    usual = limits[_YELLOW]
    days = {"": usual} | {key: yellow_days_of(limit, usual) for key, limit in limits.items()}
    short = {limit: yellow_days_of(limit, usual) for limit in _SHORT_LIMITS}
    counts = {*days.values(), *short.values()}
    until = {count: yellow_until(calendar, today, count) for count in counts}
    lights = {_parameter(limit): until[count] for limit, count in days.items()}
    lights |= {_short(limit): until[count] for limit, count in short.items()}
    return {"today": today} | lights | more


def urgency(light: ColumnElement[str]) -> ColumnElement[int]:
    """The place of a light in the order of urgency: red, yellow, green, paused, none."""
    ranks: Mapping[Any, Any] = LIGHT_ORDER
    return case(ranks, value=light, else_=len(LIGHT_ORDER))


def worst(light: ColumnElement[str]) -> ColumnElement[str]:
    """The most urgent light of a group of rows."""
    words: Mapping[Any, Any] = {place: word for word, place in LIGHT_ORDER.items()}
    return case(words, value=func.min(urgency(light)), else_="none")


def most_urgent(light: ColumnElement[str], due: SqlValue) -> tuple[SqlValue, ...]:
    """The order of what is owed: by its light, then by its day, what has none at the end."""
    return (urgency(light), due.is_(None), due)


def waiting_list(rows: Rows[Waiting], base: ColumnElement[bool]) -> PagedList[Waiting]:
    """What waits in a table; `base` says which rows wait.

    The most urgent first; of those that have no day, or the same, what waits longest.
    """
    order = most_urgent(rows.columns["light"], rows.columns["due_on"])
    return PagedList(rows, base, {"": (*order, rows.columns["since"], rows.key)})


def owed(
    session: Session,
    waits: PagedList[W],
    mine: ColumnElement[bool],
    values: Values,
    told: Callable[[tuple[W, ...]], Iterable[Waiting]] = tuple,
) -> Owed:
    """What of a list of waiting things is somebody's to do, for the desk.

    `told` may say of the rows more than the list does.
    """
    rows = waits.first(session, MOST_ON_A_DESK, mine, values)
    full = len(rows) == MOST_ON_A_DESK
    total = waits.count(session, mine, values) if full else len(rows)
    return Owed(tuple(told(rows)), total)


def _short(limit: int) -> str:
    return f"yellow_until_of_{limit}"


def _parameter(limit: str) -> str:
    return f"yellow_until_{limit.replace('.', '_')}"
