"""One competition and what belongs to it, without prices."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.competitions.models import Award, AwardHold, Bid, Competition, Criterion, Question
from marketplace.competitions.queries.rows import (
    AwardRow,
    CompetitionRow,
    CriterionRow,
    MyBid,
    QuestionRow,
)
from marketplace.competitions.rules import ACTIVE_AWARDS, PREPARED
from marketplace.infra.finding import find_row
from marketplace.institutions import queries as institutions
from marketplace.kernel.errors import NotFound

_PLAIN = tuple(name for name in CompetitionRow.__dataclass_fields__ if name != "held")
_BID = (
    "id",
    "public_id",
    "listing_id",
    "promised_days",
    "statement",
    "version",
    "placed_at",
    "withdrawn_at",
    "low_priced",
    "justify_by",
    "justified_at",
    "justification_accepted",
    "cause",
    "cause_words",
    "rank",
)


def find(session: Session, key: int | str) -> Competition:
    """The record itself, for this feature only; raises `NotFound`."""
    return find_row(session, Competition, key)


def competition(session: Session, key: int | str) -> CompetitionRow:
    """A competition by its integer or public id; raises `NotFound`."""
    return seen(session, [find(session, key)])[0]


def published(session: Session, key: int | str) -> CompetitionRow:
    """A competition the public knows of; one that is only prepared does not exist."""
    row = competition(session, key)
    if row.state in PREPARED:
        raise NotFound
    return row


def competitions(session: Session, ids: Collection[int]) -> dict[int, CompetitionRow]:
    """Several at once, by id."""
    found = session.scalars(select(Competition).where(Competition.id.in_(ids))).all()
    return {row.id: row for row in seen(session, found)}


def seen(session: Session, found: Sequence[Competition]) -> tuple[CompetitionRow, ...]:
    """Rows of these records, in their order."""
    held = holding(session, [row.id for row in found])
    return tuple(
        CompetitionRow(**{name: getattr(row, name) for name in _PLAIN}, held=row.id in held)
        for row in found
    )


def holding(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Those whose award an open objection holds."""
    query = select(AwardHold.competition_id).where(
        AwardHold.competition_id.in_(ids), AwardHold.lifted_at.is_(None)
    )
    return frozenset(session.scalars(query))


def criteria(session: Session, competition_id: int) -> tuple[CriterionRow, ...]:
    """The published weights, in their order."""
    query = select(Criterion).where(Criterion.competition_id == competition_id)
    return tuple(
        CriterionRow(row.id, row.name, row.weight, row.is_price)
        for row in session.scalars(query.order_by(Criterion.position))
    )


def questions(session: Session, competition_id: int) -> tuple[QuestionRow, ...]:
    """Questions and answers, oldest first."""
    query = select(Question).where(Question.competition_id == competition_id)
    return tuple(
        QuestionRow(row.public_id, row.body, row.asked_at, row.answer, row.answered_at)
        for row in session.scalars(query.order_by(Question.id))
    )


def rerun_of(session: Session, competition_id: int) -> CompetitionRow | None:
    """The competition that put the same work out again, if there is one."""
    row = session.scalars(
        select(Competition).where(Competition.rerun_of_id == competition_id)
    ).one_or_none()
    return None if row is None else seen(session, [row])[0]


def of_project(session: Session, project_id: int) -> tuple[CompetitionRow, ...]:
    """All competitions of a project, newest first; also those only prepared."""
    query = select(Competition).where(Competition.project_id == project_id)
    return seen(session, session.scalars(query.order_by(Competition.id.desc())).all())


# ------------------------------------------------------------------ bids without prices


def my_bid(session: Session, competition_id: int, organisation_id: int | None) -> MyBid | None:
    """The own bid of an institution, withdrawn or not."""
    query = select(Bid).where(
        Bid.competition_id == competition_id, Bid.organisation_id == organisation_id
    )
    return next(iter(_my_bids(session, session.scalars(query).all())), None)


def bids_of(session: Session, organisation_id: int) -> tuple[MyBid, ...]:
    """All bids of an institution's organisation, newest first."""
    query = select(Bid).where(Bid.organisation_id == organisation_id)
    return _my_bids(session, session.scalars(query.order_by(Bid.placed_at.desc())).all())


def _my_bids(session: Session, bids: Sequence[Bid]) -> tuple[MyBid, ...]:
    rows = competitions(session, {bid.competition_id for bid in bids})
    return tuple(
        MyBid(competition=rows[bid.competition_id], **{name: getattr(bid, name) for name in _BID})
        for bid in bids
    )


def bid_owner(session: Session, bid_id: int) -> tuple[int, CompetitionRow] | None:
    """The organisation that placed a bid and its competition; for access to its papers."""
    found = session.execute(
        select(Bid.organisation_id, Bid.competition_id).where(Bid.id == bid_id)
    ).one_or_none()
    return None if found is None else (found[0], competition(session, found[1]))


def entrants(session: Session, competition_id: int) -> tuple[int, ...]:
    """The organisations whose bids stand; for services and letters, never for a page."""
    return tuple(
        session.scalars(
            select(Bid.organisation_id)
            .where(Bid.competition_id == competition_id, Bid.withdrawn_at.is_(None))
            .order_by(Bid.id)
        )
    )


def entered(session: Session, competition_id: int, organisation_id: int) -> bool:
    """Whether the organisation took part."""
    return organisation_id in entrants(session, competition_id)


# ------------------------------------------------------------------ awards


def awards(session: Session, competition_id: int) -> tuple[AwardRow, ...]:
    """Every award of a competition, newest first."""
    query = select(Award).where(Award.competition_id == competition_id)
    return _awards(session, session.scalars(query.order_by(Award.id.desc())).all())


def award_of(session: Session, competition_id: int) -> AwardRow | None:
    """The active award of a competition."""
    return next(
        (row for row in awards(session, competition_id) if row.state in ACTIVE_AWARDS), None
    )


def awards_of(session: Session, organisation_id: int) -> tuple[AwardRow, ...]:
    """What an institution's organisation was awarded, newest first."""
    query = select(Award).where(Award.organisation_id == organisation_id)
    return _awards(session, session.scalars(query.order_by(Award.id.desc())).all())


def _awards(session: Session, found: Sequence[Award]) -> tuple[AwardRow, ...]:
    listings = institutions.listings(session, [row.listing_id for row in found])
    made = []
    for row in found:
        values = {
            name: getattr(row, name)
            for name in AwardRow.__dataclass_fields__
            if name not in {"name", "institution_public_id"}
        }
        listing = listings[row.listing_id]
        made.append(
            AwardRow(
                name=listing.name, institution_public_id=listing.institution_public_id, **values
            )
        )
    return tuple(made)
