"""Reading the event trail: filtered, newest first, page by page along its key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from admin.trail.subjects import subject_key
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import User
from marketplace.competitions.queries import sealed_acts
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.times import end_of_day, start_of_day

PAGE_SIZE = 50
MOST_EXPORTED = 20_000
_MOST_PEOPLE = 200
_UNDER_SEAL = "***"


@dataclass(frozen=True)
class Asked:
    """What to look for; empty means any. `by` is `person` or `platform`."""

    kind: str = ""
    subject_kind: str = ""
    subject: str = ""
    by: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Entry:
    """An event with the names of who acted and for whom."""

    id: int
    kind: str
    subject_kind: str
    subject_id: int
    sequence: int
    occurred_at: datetime
    actor: str
    organisation: str
    payload: dict[str, Any]
    request_id: str


@dataclass(frozen=True)
class Page:
    """A page of the trail and the keys from which its neighbours begin; None at the ends."""

    entries: tuple[Entry, ...]
    older: int | None
    newer: int | None


def page(
    session: Session, asked: Asked, *, before: int | None = None, after: int | None = None
) -> Page:
    """The newest events, or those just before or just after one."""
    query = select(EventRecord).where(*_clauses(session, asked))
    if after is not None:
        query = query.where(EventRecord.id > after).order_by(EventRecord.id.asc())
    elif before is not None:
        query = query.where(EventRecord.id < before).order_by(EventRecord.id.desc())
    else:
        query = query.order_by(EventRecord.id.desc())
    found = list(session.scalars(query.limit(PAGE_SIZE + 1)))
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if after is not None:
        found.reverse()
    if not found:
        return Page((), None, None)
    return Page(
        entries=_entries(session, found),
        older=found[-1].id if after is not None or more else None,
        newer=found[0].id if before is not None or (after is not None and more) else None,
    )


def entry(session: Session, event_id: int) -> Entry | None:
    """One event, or None."""
    row = session.get(EventRecord, event_id)
    return None if row is None else _entries(session, [row])[0]


def all_entries(session: Session, asked: Asked) -> Iterator[Entry]:
    """Every event that matches, newest first, at most `MOST_EXPORTED`."""
    query = (
        select(EventRecord)
        .where(*_clauses(session, asked))
        .order_by(EventRecord.id.desc())
        .limit(MOST_EXPORTED)
        .execution_options(yield_per=500)
    )
    for part in session.scalars(query).partitions(500):
        yield from _entries(session, part)


def _clauses(session: Session, asked: Asked) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if asked.kind:
        clauses.append(EventRecord.kind == asked.kind)
    if asked.subject_kind:
        clauses.append(EventRecord.subject_kind == asked.subject_kind)
    if asked.subject:
        key = subject_key(session, asked.subject_kind, asked.subject)
        clauses.append(false() if key is None else EventRecord.subject_id == key)
    if asked.by:
        nobody = EventRecord.actor_user_id.is_(None)
        clauses.append(nobody if asked.by == "platform" else ~nobody)
    if asked.actor:
        clauses.append(EventRecord.actor_user_id.in_(_people(session, asked.actor)))
        clauses.append(~sealed_acts())
    return clauses + _period(asked)


def _period(asked: Asked) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if asked.since:
        clauses.append(EventRecord.occurred_at >= start_of_day(asked.since))
    if asked.until:
        clauses.append(EventRecord.occurred_at < end_of_day(asked.until))
    return clauses


def _people(session: Session, text: str) -> Sequence[int]:
    """Whoever has this in their name, or has this e-mail address or public id."""
    query = select(User.id).where(
        or_(
            User.name.contains(text, autoescape=True),
            User.email == text.lower(),
            User.public_id == text.lower(),
        )
    )
    return session.scalars(query.limit(_MOST_PEOPLE)).all()


def _entries(session: Session, rows: Sequence[EventRecord]) -> tuple[Entry, ...]:
    people = accounts.people(session, [row.actor_user_id for row in rows])
    organisations = accounts.organisations(
        session, [row.actor_organisation_id for row in rows if row.actor_organisation_id]
    )
    sealed = _sealed(session, rows)
    return tuple(
        Entry(
            id=row.id,
            kind=row.kind,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            sequence=row.sequence,
            occurred_at=row.occurred_at,
            actor=_UNDER_SEAL if row.id in sealed else people.get(row.actor_user_id or 0, ""),
            organisation=organisations[row.actor_organisation_id].name
            if row.actor_organisation_id in organisations and row.id not in sealed
            else "",
            payload=row.payload,
            request_id="" if row.id in sealed else row.request_id,
        )
        for row in rows
    )


def _sealed(session: Session, rows: Sequence[EventRecord]) -> frozenset[int]:
    """Acts of bidders before the opening: whoever reads the trail does not learn who bid."""
    query = select(EventRecord.id).where(EventRecord.id.in_([row.id for row in rows]))
    return frozenset(session.scalars(query.where(sealed_acts())))
