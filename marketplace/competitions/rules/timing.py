"""The days of a competition: sign-up, justification of a low price, objections."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.clocks.rules import deadline, lapses_at
from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Calendar


@dataclass(frozen=True)
class Days:
    """The numbers of the rulebook that hold on a day, in working days."""

    signup: int
    objection: int
    justification: int


def earliest_closing(calendar: Calendar, published: date, days: int) -> datetime:
    """The first instant at which sign-up may end: 24:00 of the last of its working days."""
    return lapses_at(deadline(calendar, published, days))


def check_closing(calendar: Calendar, today: date, days: int, closes_at: datetime) -> None:
    """Sign-up takes at least the rulebook's working days, not counting the day of the notice."""
    earliest = earliest_closing(calendar, today, days)
    if closes_at < earliest:
        last = deadline(calendar, today, days)
        raise Refused("competition.signup_too_short", field="closes_on", days=days, last=last)


def minimum_entrants(usual: int, merit_rerun: int, *, merit: bool) -> int:
    """At least three for every method; two are enough only for merit on a published re-run."""
    return merit_rerun if merit else usual
