"""What happened to a record and who did it, as its page tells it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.policy import Tie
from marketplace.accounts.queries.parties import organisation_name, person_name
from marketplace.infra.outbox.models import EventNote, EventRecord
from marketplace.infra.rows import row_of


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened; `why` are the words written then, `payload` what the event tells."""

    occurred_at: datetime
    kind: str
    payload: Mapping[str, Any]
    actor_name: str
    organisation_name: str
    why: str


_ENTRY = row_of(
    HistoryEntry,
    EventRecord,
    why=func.coalesce(EventNote.body, ""),
    organisation_name=func.coalesce(organisation_name(EventRecord.actor_organisation_id), ""),
    actor_name=func.coalesce(person_name(EventRecord.actor_user_id), ""),
)


def history(session: Session, subject: str, key: int) -> tuple[HistoryEntry, ...]:
    """Everything that happened to the subject with this key, newest first."""
    return history_of(session, {subject: (key,)})


def history_of(
    session: Session, subjects: Mapping[str, Collection[int]]
) -> tuple[HistoryEntry, ...]:
    """Everything that happened to several subjects, by their kind, newest first."""
    query = (
        _ENTRY.query()
        .outerjoin(EventNote, EventNote.event_id == EventRecord.id)
        .where(_about(subjects))
        .order_by(EventRecord.id.desc())
    )
    return _ENTRY.all(session, query)


def trail(session: Session, subjects: Mapping[str, Collection[int]]) -> frozenset[Tie]:
    """Who has acted in records, by their kind, and for which organisation: what their history says.

    Read under the record's lock it is complete, for every act leaves an event.
    """
    query = select(EventRecord.actor_user_id, EventRecord.actor_organisation_id)
    found = session.execute(query.where(_about(subjects)).distinct())
    return frozenset(Tie(who, whom) for who, whom in found if who is not None and whom is not None)


def _about(subjects: Mapping[str, Collection[int]]) -> ColumnElement[bool]:
    about = (
        and_(EventRecord.subject_kind == kind, EventRecord.subject_id.in_(keys))
        for kind, keys in subjects.items()
    )
    return or_(false(), *about)
