"""What a desk is made of."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue


@dataclass(frozen=True)
class Job:
    """One thing to do: words, where, by when, and its light."""

    text: str
    address: str
    light: str = "none"
    due: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A number with a link to what it counts."""

    value: int
    label: str
    address: str
    light: str = ""


@dataclass(frozen=True)
class Desk:
    """The home page of one membership."""

    jobs: tuple[Job, ...]
    figures: tuple[Figure, ...]
    cases: tuple[Any, ...] = ()
    listings: tuple[Any, ...] = ()


def light_until(session: Session, due: date | None, today: date) -> str:
    """Red after the due day, yellow from the rulebook's working days before it, else green."""
    if due is None:
        return "none"
    if today > due:
        return "red"
    left = catalogue.calendar(session).workdays_between(today, due)
    return "yellow" if left <= catalogue.rule(session, "clock.yellow_days", today) else "green"
