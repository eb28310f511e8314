"""What happened to a competition, for its department and for the public."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.competitions import events
from marketplace.competitions.models import Note
from marketplace.competitions.queries.rows import HistoryEntry
from marketplace.competitions.queries.sealed import SEALED_KINDS
from marketplace.infra.outbox.models import EventRecord

_PUBLIC = frozenset(
    {
        events.CompetitionPublished.KIND,
        events.QuestionAnswered.KIND,
        events.CompetitionClosed.KIND,
        events.BidsOpened.KIND,
        events.CompetitionEvaluated.KIND,
        events.AwardPublished.KIND,
        events.AwardHeld.KIND,
        events.AwardReleased.KIND,
        events.AwardSetAside.KIND,
        events.AwardMade.KIND,
        events.WinnerDeclined.KIND,
        events.CompetitionFailed.KIND,
        events.CompetitionCancelled.KIND,
        events.CompetitionConcluded.KIND,
        events.ObjectionDaysMoved.KIND,
    }
)


def history(session: Session, competition_id: int) -> tuple[HistoryEntry, ...]:
    """Everything but the bids under seal, newest first, with names and words."""
    found = [event for event in _events(session, competition_id) if event.kind not in SEALED_KINDS]
    names = accounts.people(session, {e.actor_user_id for e in found if e.actor_user_id})
    words = notes(session, competition_id)
    return tuple(
        HistoryEntry(
            kind=event.kind,
            occurred_at=event.occurred_at,
            actor_name=names.get(event.actor_user_id or 0, ""),
            why=words.get(event.payload.get("note_id") or 0, ""),
            payload=event.payload,
        )
        for event in found
    )


def public_history(session: Session, competition_id: int) -> tuple[HistoryEntry, ...]:
    """What the public reads, newest first: no names of people, public reasons."""
    words = notes(session, competition_id)
    return tuple(
        HistoryEntry(
            event.kind,
            event.occurred_at,
            "",
            words.get(event.payload.get("note_id") or 0, ""),
            event.payload,
        )
        for event in _events(session, competition_id)
        if event.kind in _PUBLIC
    )


def notes(session: Session, competition_id: int) -> dict[int, str]:
    """The words of acts by their id."""
    rows = session.execute(select(Note.id, Note.body).where(Note.competition_id == competition_id))
    return {row[0]: row[1] for row in rows}


def note(session: Session, note_id: int) -> str:
    """The words that belong to an event."""
    return session.scalars(select(Note.body).where(Note.id == note_id)).one()


def _events(session: Session, competition_id: int) -> Collection[EventRecord]:
    query = select(EventRecord).where(
        EventRecord.subject_kind == events.CompetitionEvent.SUBJECT,
        EventRecord.subject_id == competition_id,
    )
    return session.scalars(query.order_by(EventRecord.sequence.desc())).all()
