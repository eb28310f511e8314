"""What a desk is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from marketplace.clocks.queries import LIGHT_ORDER

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Job:
    """One thing to do: the act, where, by when, its light, and beside it whose and which record.

    `days` are the working days left until `due`, less than none where it is over; `since` is when
    it began to wait. `begins`: its limit is short and has just begun.
    """

    text: str
    address: str
    light: str = "none"
    due: date | None = None
    note: str = ""
    number: str = ""
    days: int = 0
    since: datetime | None = None
    begins: bool = False

    @property
    def urgency(self) -> tuple[int, date, datetime]:
        """Its place on a desk: by its light, then by its day, what has none at the end.

        Of those that have the same day, or none, what waits longest comes first.
        """
        return (LIGHT_ORDER[self.light], self.due or date.max, self.since or _LAST)


@dataclass(frozen=True)
class More:
    """What did not fit among the jobs: how much, and the list that has all of it.

    `shown` of that list stand among the jobs.
    """

    count: int
    text: str
    address: str
    shown: int


@dataclass(frozen=True)
class Figure:
    """A number with a link to what it counts."""

    value: int
    label: str
    address: str
    light: str = ""


@dataclass(frozen=True)
class Desk:
    """The home page of one membership, or what one feature adds to it."""

    jobs: tuple[Job, ...] = ()
    figures: tuple[Figure, ...] = ()
    more: tuple[More, ...] = ()
    cases: tuple[Any, ...] = ()
    listings: tuple[Any, ...] = ()

    @property
    def waiting(self) -> int:
        """How many jobs there are, those of the lists below included."""
        return len(self.jobs) + sum(one.count for one in self.more)

    @property
    def overdue(self) -> int:
        """How many of the jobs shown are over their day; what is only urgent has none."""
        return sum(job.light == "red" and job.due is not None for job in self.jobs)


def joined(parts: Iterable[Desk]) -> Desk:
    """Several parts as one desk."""
    found = tuple(parts)
    return Desk(
        *(tuple(x for part in found for x in getattr(part, one.name)) for one in fields(Desk))
    )
