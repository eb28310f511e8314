"""One competition and what belongs to it, and how it stands before an act; without prices."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.competitions.models import Award, AwardHold, Bid, Competition, Criterion, Question
from marketplace.competitions.policy import BidStanding, Standing
from marketplace.competitions.queries.rows import (
    AwardRow,
    CompetitionRow,
    CriterionRow,
    MyBid,
    QuestionRow,
)
from marketplace.competitions.rules import (
    ACTIVE_AWARDS,
    PREPARED,
    Background,
    Person,
    Tie,
    minimum_entrants,
)
from marketplace.infra.finding import find_row
from marketplace.infra.rows import through
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import BackgroundRow
from marketplace.institutions.rules.dossier import AffiliationKind
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date

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


class Heading(NamedTuple):
    """What other records show of a competition, as expressions for their own queries."""

    public_id: ColumnElement[str]
    number: ColumnElement[str]
    title: ColumnElement[str]
    region_code: ColumnElement[str]
    item_code: ColumnElement[str]


def heading(key: Any) -> Heading:
    """The heading of the competition that a column of another table points to."""
    columns = (
        Competition.public_id,
        Competition.number,
        Competition.title,
        Competition.region_code,
        Competition.item_code,
    )
    return Heading(*(through(key, column) for column in columns))


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


def standing(session: Session, row: Competition | CompetitionRow) -> Standing:
    """What the policies ask of a competition."""
    people = (row.drafted_by, row.edited_by, row.proposed_by)
    return Standing(
        state=row.state,
        department_id=row.department_id,
        authors=frozenset(key for key in people if key is not None),
        opening_requester_id=row.opening_requested_by,
        evaluator_id=row.evaluated_by,
        closes_at=row.closes_at,
        failure=row.failure,
        reruns_left=_reruns_left(session, row),
    )


def _reruns_left(session: Session, row: Competition | CompetitionRow) -> int:
    if row.failure is None or row.ended_at is None or rerun_of(session, row.id) is not None:
        return 0
    allowed = int(catalogue.rule(session, "competition.reruns_allowed", local_date(row.ended_at)))
    earlier, before = 0, row.rerun_of_id
    while before is not None:
        earlier, before = earlier + 1, find(session, before).rerun_of_id
    return max(0, allowed - earlier)


def bid_standing(bid: MyBid | None) -> BidStanding:
    """What the policies ask of the own bid of an institution."""
    if bid is None or not bid.live:
        return BidStanding()
    return BidStanding(True, bid.justify_by if bid.low_priced else None, bool(bid.justified_at))


def fewest_entrants(session: Session, row: Competition | CompetitionRow, on: date) -> int:
    """How many independent entrants the competition needs."""
    return minimum_entrants(
        int(catalogue.rule(session, "competition.minimum_entrants", on)),
        int(catalogue.rule(session, "competition.minimum_entrants_merit_rerun", on)),
        merit=row.merit,
    )


def backgrounds(session: Session, organisation_ids: Collection[int]) -> dict[int, Background]:
    """Who stands behind each organisation, as the rules of independence ask it."""
    found = institutions.backgrounds(session, organisation_ids)
    return {key: _background(row) for key, row in found.items()}


def _background(row: BackgroundRow) -> Background:
    owners = [one for one in row.affiliations if one.kind is AffiliationKind.OWNER]
    ties = [one for one in row.affiliations if one.kind is not AffiliationKind.OWNER]
    return Background(
        organisation_id=row.organisation_id,
        credit_code=row.credit_code,
        ties=tuple(Tie(one.name, one.credit_code) for one in ties),
        owner_codes=frozenset(one.credit_code for one in owners if one.credit_code),
        owner_people=tuple(
            Person(one.name, one.number_hash) for one in owners if not one.credit_code
        ),
        legal_representative=row.legal_representative,
    )
