"""On which days a work keeps its people, and whether two works do so on the same days."""

from dataclasses import dataclass
from datetime import date

from marketplace.engagements.rules import RUNNING, UNDER_WAY, State

# Work that an institution has taken on, until its result is accepted.
NAMED_FOR = UNDER_WAY - {State.REQUESTED}


@dataclass(frozen=True)
class Days:
    """From a day to another, both counted; without an end it is not known."""

    begins: date
    ends: date | None


@dataclass(frozen=True)
class Work:
    """What is asked of a work: its state, and the days that are known of it.

    `due_on` is the last day of a running clock; `would_end` the last day of a work that has not
    begun, if it began today.
    """

    state: State
    started: date | None = None
    due_on: date | None = None
    delivered: date | None = None
    would_end: date | None = None


def days(work: Work, today: date) -> Days | None:
    """The days on which the work keeps its people; None where it is not under way.

    A running clock: until its last day, and at least today. A paused one: nobody knows. A version
    that the client looks at: until it was handed in. Work that has not begun: as if it began today.
    """
    if work.state not in UNDER_WAY:
        return None
    if work.started is None:
        return Days(today, work.would_end)
    if work.state in RUNNING:
        return Days(work.started, None if work.due_on is None else max(work.due_on, today))
    return Days(work.started, work.delivered if work.state is State.DELIVERED else None)


def overlap(one: Days, other: Days) -> Days | None:
    """The days on which both keep their people; None where there is no such day."""
    begins = max(one.begins, other.begins)
    known = [found.ends for found in (one, other) if found.ends is not None]
    ends = min(known, default=None)
    return Days(begins, ends) if ends is None or begins <= ends else None
