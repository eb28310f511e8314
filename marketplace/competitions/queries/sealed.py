"""What the seals hide: the only reader of offers, the points, the history for each reader.

An offer is one sealed text: price, days, statement, names and digests of files. Nothing of it
stands anywhere else before the opening, and the length of what is kept does not tell.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry
from marketplace.competitions import events
from marketplace.competitions.models import Bid, BidScore, Competition
from marketplace.competitions.queries.rows import OpenedBid, ScoreRow
from marketplace.competitions.rules import ENDED
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions

# Nobody learns through a page that somebody bid, let alone who.
SEALED_KINDS = frozenset({events.BidPlaced.KIND, events.BidReplaced.KIND, events.BidWithdrawn.KIND})
# Nor who asks: whoever asks is about to bid.
WHO_SEALED = SEALED_KINDS | {events.QuestionAsked.KIND}
# Stands where a name is under seal.
UNTOLD = "***"

_OPENED = row_of(
    OpenedBid,
    Bid,
    name=LATER,
    institution_public_id=LATER,
    price_fen=LATER,
    promised_days=LATER,
    statement=LATER,
)
_SCORE = row_of(ScoreRow, BidScore)


@dataclass(frozen=True)
class SealedFile:
    """A file of an offer: the name it was sent under, and the SHA-256 of what it contains."""

    name: str
    sha256: str


@dataclass(frozen=True)
class SealedOffer:
    """All that an institution offers."""

    price_fen: int
    promised_days: int
    statement: str = ""
    files: tuple[SealedFile, ...] = ()

    def text(self) -> str:
        """What is put under seal: JSON in one way of writing."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_offer(text: str) -> SealedOffer:
    """What `SealedOffer.text` wrote."""
    said = json.loads(text)
    return SealedOffer(**said | {"files": tuple(SealedFile(**one) for one in said["files"])})


def offer_to_replace(session: Session, bid_id: int) -> SealedOffer | None:
    """The standing offer of a bid, for the service that replaces it; never for a page."""
    text = session.scalar(select(Bid.payload).where(Bid.id == bid_id))
    return None if text is None else read_offer(text)


def opened_offers(session: Session, competition_id: int) -> dict[int, SealedOffer]:
    """What the bids of an opened competition offer; the join is what keeps sealed ones out."""
    query = (
        select(Bid.id, Bid.payload)
        .join(Competition, Competition.id == Bid.competition_id)
        .where(
            Bid.competition_id == competition_id,
            Bid.withdrawn_at.is_(None),
            Competition.opened_at.is_not(None),
        )
    )
    return {key: read_offer(text) for key, text in session.execute(query) if text is not None}


def opened_bids(
    session: Session, competition_id: int, offers: Mapping[int, SealedOffer] | None = None
) -> tuple[OpenedBid, ...]:
    """The bids of an opened competition, best first; `offers` where they were read already."""
    offers = opened_offers(session, competition_id) if offers is None else offers
    rows = session.execute(_OPENED.query().where(Bid.id.in_(offers))).all()
    listings = institutions.listings(session, [row.listing_id for row in rows])
    bids = [
        _OPENED.of(
            row,
            name=listings[row.listing_id].name,
            institution_public_id=listings[row.listing_id].institution_public_id,
            price_fen=offers[row.id].price_fen,
            promised_days=offers[row.id].promised_days,
            statement=offers[row.id].statement,
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
    """The events by which institutions acted in competitions whose seals are unbroken.

    Whoever reads the trail may not learn from them who takes part: acts on bids, files that came
    with them, questions.
    """
    return _acts_in(under_seal())


def under_seal() -> Select[int]:
    """The competitions whose seals are unbroken, those included that ended so."""
    return select(Competition.id).where(Competition.opened_at.is_(None))


def to_be_opened() -> Select[int]:
    """The competitions whose seals may be broken yet."""
    return select(Competition.id).where(_running())


def hidden_acts() -> ColumnElement[bool]:
    """Those of them that are not shown at all: while seals may be broken yet, nobody counts."""
    return _acts_in(to_be_opened())


def sequence_under_seal() -> ColumnElement[bool]:
    """Whether the place of an event among those of its record would tell how many are hidden."""
    running = select(Competition.id).where(_running())
    return and_(
        EventRecord.subject_kind == events.CompetitionEvent.SUBJECT,
        EventRecord.subject_id.in_(running),
    )


def _running() -> ColumnElement[bool]:
    return and_(Competition.opened_at.is_(None), Competition.state.not_in(ENDED))


def _acts_in(competitions: Select[int]) -> ColumnElement[bool]:
    """The sealed kinds, and all that happened to files that were stored for a bid."""
    bids = select(Bid.id).where(Bid.competition_id.in_(competitions))
    stored = aliased(EventRecord)
    of_bid = (
        select(stored.id)
        .where(
            stored.subject_kind == EventRecord.subject_kind,
            stored.subject_id == EventRecord.subject_id,
            stored.payload["owner_kind"].as_string() == "bid",
            stored.payload["owner_id"].as_integer().in_(bids),
        )
        .exists()
    )
    return or_(
        and_(EventRecord.kind.in_(WHO_SEALED), EventRecord.subject_id.in_(competitions)),
        and_(EventRecord.subject_kind == "file", of_bid),
    )


def history(session: Session, competition_id: int) -> tuple[HistoryEntry, ...]:
    """Everything but the bids under seal, newest first; who asked is sealed as who bid is."""
    entries = accounts.history(session, events.CompetitionEvent.SUBJECT, competition_id)
    query = select(Competition.opened_at).where(Competition.id == competition_id)
    opened = session.scalar(query) is not None
    return tuple(
        one
        if opened or one.kind not in WHO_SEALED
        else replace(one, actor_name=UNTOLD, organisation_name="")
        for one in entries
        if one.kind not in SEALED_KINDS
    )
