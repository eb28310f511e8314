"""What the seals hide: the only reader of prices, the points, the history for each reader."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.competitions import events
from marketplace.competitions.models import Bid, BidScore, Competition, Note
from marketplace.competitions.queries.rows import HistoryEntry, OpenedBid, ScoreRow
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import queries as institutions

# Nobody learns through a page that somebody bid, let alone who.
SEALED_KINDS = frozenset({events.BidPlaced.KIND, events.BidReplaced.KIND, events.BidWithdrawn.KIND})

_COLUMNS = (
    "id",
    "public_id",
    "listing_id",
    "organisation_id",
    "promised_days",
    "statement",
    "placed_at",
    "low_priced",
    "justify_by",
    "justification",
    "justified_at",
    "justification_accepted",
    "judged_words",
    "cause",
    "cause_words",
    "rank",
)


def opened_bids(session: Session, competition_id: int) -> tuple[OpenedBid, ...]:
    """The bids of an opened competition, best first; the join is what keeps sealed bids out."""
    rows = session.execute(
        select(Bid.price, Bid.score_hundredths, *(getattr(Bid, name) for name in _COLUMNS))
        .join(Competition, Competition.id == Bid.competition_id)
        .where(
            Bid.competition_id == competition_id,
            Bid.withdrawn_at.is_(None),
            Competition.opened_at.is_not(None),
        )
    ).all()
    listings = institutions.listings(session, [row.listing_id for row in rows])
    bids = [_bid(row, listings[row.listing_id]) for row in rows]
    bids.sort(key=lambda bid: (bid.excluded, bid.rank or len(bids) + 1, bid.price_fen, bid.id))
    return tuple(bids)


def _bid(row: Any, listing: institutions.ListingRow) -> OpenedBid:
    return OpenedBid(
        name=listing.name,
        institution_public_id=listing.institution_public_id,
        price_fen=int(row.price),
        score=_hundredths(row.score_hundredths),
        **{name: getattr(row, name) for name in _COLUMNS},
    )


def bid_count(session: Session, competition_id: int) -> int:
    """How many bids stand; for the service that closes, never for a page before the opening."""
    query = select(func.count(Bid.id)).where(
        Bid.competition_id == competition_id, Bid.withdrawn_at.is_(None)
    )
    return session.scalar(query) or 0


def scores(session: Session, bid_ids: Sequence[int]) -> dict[tuple[int, int], ScoreRow]:
    """Marks and points by bid and criterion."""
    found = session.scalars(select(BidScore).where(BidScore.bid_id.in_(bid_ids)))
    return {
        (row.bid_id, row.criterion_id): ScoreRow(
            row.bid_id,
            row.criterion_id,
            _hundredths(row.mark_hundredths),
            _hundredths(row.points_hundredths),
        )
        for row in found
    }


def _hundredths(value: int | None) -> Decimal | None:
    return None if value is None else (Decimal(value) / 100).quantize(Decimal("0.01"))


def sealed_acts() -> ColumnElement[bool]:
    """The events by which bidders acted in competitions whose seals are unbroken.

    Whoever reads the trail may not learn from it who bid: the acts on bids, and the files that
    came with them.
    """
    sealed = select(Competition.id).where(Competition.opened_at.is_(None))
    bids = select(Bid.id).where(Bid.competition_id.in_(sealed))
    return or_(
        and_(EventRecord.kind.in_(SEALED_KINDS), EventRecord.subject_id.in_(sealed)),
        and_(
            EventRecord.subject_kind == "file",
            EventRecord.payload["owner_kind"].as_string() == "bid",
            EventRecord.payload["owner_id"].as_integer().in_(bids),
        ),
    )


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
