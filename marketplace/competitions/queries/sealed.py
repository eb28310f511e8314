"""What the seals hide: the only reader of prices, the points, the history for each reader."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry
from marketplace.competitions import events
from marketplace.competitions.models import Bid, BidScore, Competition
from marketplace.competitions.queries.rows import OpenedBid, ScoreRow
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


def history(session: Session, competition_id: int) -> tuple[HistoryEntry, ...]:
    """Everything but the bids under seal, newest first."""
    entries = accounts.history(session, events.CompetitionEvent.SUBJECT, competition_id)
    return tuple(one for one in entries if one.kind not in SEALED_KINDS)
