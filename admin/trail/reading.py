"""Reading the event trail: filtered, newest first, page by page along its key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import User
from marketplace.competitions.queries import (
    UNTOLD,
    hidden_acts,
    sealed_acts,
    sequence_under_seal,
    under_seal,
)
from marketplace.infra.database import Base
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.rows import row_of
from marketplace.kernel.times import end_of_day, start_of_day
from marketplace.notifications.models import Notification

# Subjects whose table has another name.
_TABLES = {"user": "user_account"}


def _table(subject_kind: str) -> Table | None:
    table = Base.metadata.tables.get(_TABLES.get(subject_kind, subject_kind))
    return table if table is not None and "public_id" in table.c else None


def public_id(session: Session, subject_kind: str, subject_id: int) -> str:
    """The public id of a subject; empty where it has none."""
    table = _table(subject_kind)
    if table is None:
        return ""
    query = select(table.c.public_id).where(table.c.id == subject_id)
    return session.scalar(query) or ""


def subject_key(session: Session, subject_kind: str, text: str) -> int | None:
    """The key of a subject named by its number or its public id; None when there is none."""
    if text.isdecimal() and len(text) <= 9:
        return int(text)
    table = _table(subject_kind)
    if table is None:
        return None
    key: int | None = session.scalar(select(table.c.id).where(table.c.public_id == text.lower()))
    return key


PAGE_SIZE = 50

MOST_EXPORTED = 20_000

_MOST_PEOPLE = 200


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
    """An event with the names of who acted and for whom; `sequence` is 0 where it is untold."""

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


def _unless_sealed(text: Any, instead: str = "") -> ColumnElement[str]:
    """Acts of bidders before the opening: whoever reads the trail does not learn who bid."""
    return case((sealed_acts(), instead), else_=func.coalesce(text, ""))


_ENTRY = row_of(
    Entry,
    EventRecord,
    actor=_unless_sealed(accounts.person_name(EventRecord.actor_user_id), UNTOLD),
    organisation=_unless_sealed(accounts.organisation_name(EventRecord.actor_organisation_id)),
    request_id=_unless_sealed(EventRecord.request_id),
    sequence=case((sequence_under_seal(), 0), else_=EventRecord.sequence),
)


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
    query = _ENTRY.query().where(*_clauses(session, asked))
    if after is not None:
        query = query.where(EventRecord.id > after).order_by(EventRecord.id.asc())
    elif before is not None:
        query = query.where(EventRecord.id < before).order_by(EventRecord.id.desc())
    else:
        query = query.order_by(EventRecord.id.desc())
    found = list(_ENTRY.all(session, query.limit(PAGE_SIZE + 1)))
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if after is not None:
        found.reverse()
    if not found:
        return Page((), None, None)
    return Page(
        entries=tuple(found),
        older=found[-1].id if after is not None or more else None,
        newer=found[0].id if before is not None or (after is not None and more) else None,
    )


def entry(session: Session, event_id: int) -> Entry | None:
    """One event, or None."""
    query = _ENTRY.query().where(EventRecord.id == event_id, ~_hidden())
    return next(iter(_ENTRY.all(session, query)), None)


def all_entries(session: Session, asked: Asked) -> Iterator[Entry]:
    """Every event that matches, newest first, at most `MOST_EXPORTED`."""
    query = _ENTRY.query().where(*_clauses(session, asked)).order_by(EventRecord.id.desc())
    return _ENTRY.stream(session, query.limit(MOST_EXPORTED))


def _hidden() -> ColumnElement[bool]:
    """What would tell before the opening who takes part: bidders' acts, whom letters went to."""
    about = aliased(EventRecord)
    told = (
        select(Notification.id)
        .join(about, about.id == Notification.event_id)
        .where(
            Notification.id == EventRecord.subject_id,
            about.subject_kind == "competition",
            about.subject_id.in_(under_seal()),
        )
        .exists()
    )
    return or_(hidden_acts(), and_(EventRecord.subject_kind == "notification", told))


def _clauses(session: Session, asked: Asked) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [~_hidden()]
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
