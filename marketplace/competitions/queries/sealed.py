"""The only reader of prices, and the points computed from them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.competitions.models import Bid, BidScore, Competition
from marketplace.competitions.queries.rows import OpenedBid, ScoreRow
from marketplace.institutions import queries as institutions

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
