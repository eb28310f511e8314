"""What the seals hide: the only reader of prices, the points, the history for each reader."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry
from marketplace.competitions import events
from marketplace.competitions.models import Bid, BidScore, Competition
from marketplace.competitions.queries.rows import OpenedBid, ScoreRow
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions

# Nobody learns through a page that somebody bid, let alone who.
SEALED_KINDS = frozenset({events.BidPlaced.KIND, events.BidReplaced.KIND, events.BidWithdrawn.KIND})

_OPENED = row_of(OpenedBid, Bid, name=LATER, institution_public_id=LATER, price_fen=LATER)
_SCORE = row_of(ScoreRow, BidScore)


def opened_bids(session: Session, competition_id: int) -> tuple[OpenedBid, ...]:
    """The bids of an opened competition, best first; the join is what keeps sealed bids out."""
    rows = session.execute(
        _OPENED.query()
        .add_columns(Bid.price)
        .join(Competition, Competition.id == Bid.competition_id)
        .where(
            Bid.competition_id == competition_id,
            Bid.withdrawn_at.is_(None),
            Competition.opened_at.is_not(None),
        )
    ).all()
    listings = institutions.listings(session, [row.listing_id for row in rows])
    bids = [
        _OPENED.of(
            row,
            name=listings[row.listing_id].name,
            institution_public_id=listings[row.listing_id].institution_public_id,
            price_fen=int(row.price),
        )
        for row in rows
    ]
    bids.sort(key=lambda bid: (bid.excluded, bid.rank or len(bids) + 1, bid.price_fen, bid.id))
    return tuple(bids)


def bid_count(session: Session, competition_id: int) -> int:
    """How many bids stand; for the service that closes, never for a page before the opening."""
    query = select(func.count(Bid.id)).where(
        Bid.competition_id == competition_id, Bid.withdrawn_at.is_(None)
    )
    return session.scalar(query) or 0


def scores(session: Session, bid_ids: Sequence[int]) -> dict[tuple[int, int], ScoreRow]:
    """Marks and points by bid and criterion."""
    found = _SCORE.all(session, _SCORE.query().where(BidScore.bid_id.in_(bid_ids)))
    return {(row.bid_id, row.criterion_id): row for row in found}


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
