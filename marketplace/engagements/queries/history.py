"""Everything that happened to an engagement, with the words written then."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.engagements.models import EngagementNote
from marketplace.engagements.queries.rows import HistoryEntry
from marketplace.infra.outbox.models import EventRecord


def history(session: Session, engagement_id: int) -> tuple[HistoryEntry, ...]:
    """Everything that happened, newest first."""
    query = select(EventRecord).where(
        EventRecord.subject_kind == "engagement", EventRecord.subject_id == engagement_id
    )
    events = session.scalars(query.order_by(EventRecord.sequence.desc())).all()
    words = notes(session, engagement_id)
    names = accounts.people(session, {e.actor_user_id for e in events if e.actor_user_id})
    homes = accounts.organisations(
        session, {e.actor_organisation_id for e in events if e.actor_organisation_id}
    )
    return tuple(
        HistoryEntry(
            kind=event.kind,
            occurred_at=event.occurred_at,
            actor_name=names.get(event.actor_user_id or 0, ""),
            organisation_name=_name(homes.get(event.actor_organisation_id or 0)),
            why=words.get(event.payload.get("note_id") or 0, ""),
            payload=event.payload,
        )
        for event in events
    )


def _name(organisation: accounts.OrganisationRow | None) -> str:
    return organisation.name if organisation else ""


def notes(session: Session, engagement_id: int) -> dict[int, str]:
    """The words of an engagement by their ids."""
    query = select(EngagementNote.id, EngagementNote.body).where(
        EngagementNote.engagement_id == engagement_id
    )
    return {row[0]: row[1] for row in session.execute(query)}


def note(session: Session, note_id: int) -> str:
    """The words that belong to an event."""
    query = select(EngagementNote.body).where(EngagementNote.id == note_id)
    return session.scalars(query).one()
