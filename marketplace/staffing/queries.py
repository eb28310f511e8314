"""Reading who does a work, and in which other works the same people are named; never writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.engagements.queries.days import WorkRow, works
from marketplace.institutions.queries import market, seen
from marketplace.institutions.queries.rows import PractitionerRow
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar
from marketplace.staffing.models import NamedPractitioner
from marketplace.staffing.rules import Days, Work, days, overlap

_NOW = NamedPractitioner.ended_at.is_(None)


@dataclass(frozen=True)
class Elsewhere:
    """Another work under way in which somebody is named, and the days that both have."""

    work: WorkRow
    days: Days


@dataclass(frozen=True)
class Named:
    """A practitioner of the institution, and where else they are named on the same days."""

    person: PractitionerRow
    elsewhere: tuple[Elsewhere, ...]


def named(session: Session, engagement_id: int, today: date) -> tuple[Named, ...]:
    """Who does a work, in the order in which they were named."""
    query = select(NamedPractitioner.practitioner_id).where(
        _NOW, NamedPractitioner.engagement_id == engagement_id
    )
    ids = list(session.scalars(query.order_by(NamedPractitioner.id)))
    found = seen.practitioners(session, ids)
    return _with_works(session, engagement_id, [found[key] for key in ids], today)


def nameable(
    session: Session, engagement_id: int, listing_id: int, today: date
) -> tuple[Named, ...]:
    """Whom the institution may name: those in force in its dossier, and those it has named."""
    owner = market.listing(session, listing_id).institution_id
    people = {one.line: one for one in seen.practitioners_in_force(session, owner)}
    for one in named(session, engagement_id, today):
        people.setdefault(one.person.line, one.person)
    return _with_works(session, engagement_id, list(people.values()), today)


def lines_named(session: Session, engagement_id: int) -> Mapping[str, int]:
    """The key of each present line of a work's list, by person."""
    query = select(NamedPractitioner.line, NamedPractitioner.id).where(
        _NOW, NamedPractitioner.engagement_id == engagement_id
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _with_works(
    session: Session, engagement_id: int, people: Collection[PractitionerRow], today: date
) -> tuple[Named, ...]:
    """Each person with the other works; the number of queries does not depend on how many."""
    others = _others(session, engagement_id, people)
    found = works(session, {engagement_id, *(key for keys in others.values() for key in keys)})
    calendar = catalogue.calendar(session)
    own = _days(found[engagement_id], calendar, today)
    kept = {key: both for key, row in found.items() if (both := _both(own, row, calendar, today))}
    return tuple(
        Named(
            one, tuple(Elsewhere(found[key], kept[key]) for key in others[one.line] if key in kept)
        )
        for one in people
    )


def _others(
    session: Session, engagement_id: int, people: Iterable[PractitionerRow]
) -> Mapping[str, list[int]]:
    """The other works in which each person is named."""
    rows = list(people)
    query = select(NamedPractitioner.line, NamedPractitioner.engagement_id).where(
        _NOW,
        NamedPractitioner.institution_id.in_({one.institution_id for one in rows}),
        NamedPractitioner.line.in_([one.line for one in rows]),
        NamedPractitioner.engagement_id != engagement_id,
    )
    found: dict[str, list[int]] = defaultdict(list)
    for line, key in session.execute(query.order_by(NamedPractitioner.engagement_id)):
        found[line].append(key)
    return found


def _both(own: Days | None, row: WorkRow, calendar: Calendar, today: date) -> Days | None:
    theirs = _days(row, calendar, today)
    return overlap(own, theirs) if own and theirs else None


def _days(row: WorkRow, calendar: Calendar, today: date) -> Days | None:
    work = Work(
        state=row.state,
        started=_day(row.started_at),
        due_on=row.due_on,
        delivered=_day(row.delivered_at),
        would_end=deadline(calendar, today, row.limit),
    )
    return days(work, today)


def _day(instant: datetime | None) -> date | None:
    return local_date(instant) if instant else None
