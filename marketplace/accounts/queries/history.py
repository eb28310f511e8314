"""What happened to a record and who did it, as its page tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.people import people
from marketplace.infra.outbox.models import EventRecord


class Recorded(Protocol):
    """A row that is the subject of events."""

    @property
    def id(self) -> int:
        """Its key."""
        ...


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened; `why` are the words written then."""

    when: datetime
    kind: str
    actor_name: str
    why: str


def history(
    session: Session, subject: str, row: Recorded, why: Mapping[str, str]
) -> tuple[HistoryEntry, ...]:
    """What happened to a row, newest first; `why` names the column that holds a kind's words."""
    records = session.scalars(
        select(EventRecord)
        .where(EventRecord.subject_kind == subject, EventRecord.subject_id == row.id)
        .order_by(EventRecord.sequence.desc())
    ).all()
    names = people(session, {one.actor_user_id for one in records})
    return tuple(
        HistoryEntry(
            when=one.occurred_at,
            kind=one.kind,
            actor_name=names.get(one.actor_user_id or 0, ""),
            why=str(getattr(row, why[one.kind])) if one.kind in why else "",
        )
        for one in records
    )
