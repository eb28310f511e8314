"""One competition and what belongs to it, and how it stands before an act; without prices."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.policy import Tie
from marketplace.accounts.queries.recusal import judges
from marketplace.catalogue import queries as catalogue
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import TimeLeft
from marketplace.competitions import rules
from marketplace.competitions.models import Award, AwardHold, Bid, Competition, Criterion, Question
from marketplace.competitions.policy import BidStanding, Standing
from marketplace.competitions.queries import rows
from marketplace.infra.rows import LATER, SqlValue, row_of, through
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date

_held = (
    select(AwardHold.id)
    .where(AwardHold.competition_id == Competition.id, AwardHold.lifted_at.is_(None))
    .exists()
)
_asked = (
    select(func.count(Question.id))
    .where(Question.competition_id == Competition.id, Question.answered_at.is_(None))
    .scalar_subquery()
)
ROW = row_of(rows.CompetitionRow, Competition, held=_held, open_questions=_asked)
STANDING = row_of(
    Standing,
    Competition,
    authors=LATER,
    reruns_left=LATER,
    trail=LATER,
    ties=LATER,
    award_stands=LATER,
)
_CRITERION = row_of(rows.CriterionRow, Criterion)
_QUESTION = row_of(rows.QuestionRow, Question)
_AWARD = row_of(rows.AwardRow, Award, name=LATER, institution_public_id=LATER)


class Heading(NamedTuple):
    """What other records show of a competition, as expressions for their own queries."""

    public_id: ColumnElement[str]
    number: ColumnElement[str]
    title: ColumnElement[str]
    region_code: ColumnElement[str]
    item_code: ColumnElement[str]
    department_id: ColumnElement[int]


def heading(key: Any) -> Heading:
    """The heading of the competition that a column of another table points to."""
    return Heading(
        public_id=through(key, Competition.public_id),
        number=through(key, Competition.number),
        title=through(key, Competition.title),
        region_code=through(key, Competition.region_code),
        item_code=through(key, Competition.item_code),
        department_id=through(key, Competition.department_id),
    )


BID = row_of(
    rows.MyBid,
    Bid,
    competition_public_id=through(Bid.competition_id, Competition.public_id),
    number=through(Bid.competition_id, Competition.number),
    title=through(Bid.competition_id, Competition.title),
    state=through(Bid.competition_id, Competition.state),
    closes_at=through(Bid.competition_id, Competition.closes_at),
    opened_at=through(Bid.competition_id, Competition.opened_at),
    award=select(Award.state).where(Award.bid_id == Bid.id).scalar_subquery(),
)


def competition(session: Session, key: int | str) -> rows.CompetitionRow:
    """A competition by its integer or public id; raises `NotFound`."""
    return ROW.one(session, ROW.by(key))


def published(session: Session, key: int | str) -> rows.CompetitionRow:
    """A competition the public knows of; one that is only prepared does not exist."""
    row = competition(session, key)
    if row.state in rules.PREPARED:
        raise NotFound
    return row


def competitions(session: Session, ids: Collection[int]) -> dict[int, rows.CompetitionRow]:
    """Several at once, by id."""
    found = ROW.all(session, ROW.query().where(Competition.id.in_(ids)))
    return {row.id: row for row in found}


def criteria(session: Session, competition_id: int) -> tuple[rows.CriterionRow, ...]:
    """The published weights, in their order."""
    query = _CRITERION.query().where(Criterion.competition_id == competition_id)
    return _CRITERION.all(session, query.order_by(Criterion.position))


def questions(session: Session, competition_id: int) -> tuple[rows.QuestionRow, ...]:
    """Questions and answers, oldest first."""
    query = _QUESTION.query().where(Question.competition_id == competition_id)
    return _QUESTION.all(session, query.order_by(Question.id))


def time_to_sign_up(
    session: Session, row: rows.CompetitionRow | rows.MyBid, now: datetime
) -> TimeLeft | None:
    """How long one can still sign up; None once that is over."""
    if row.state is not rules.CompetitionState.PUBLISHED or row.closes_at <= now:
        return None
    today = local_date(now)
    limit = days_of(session, "signup_days", today)
    return clocks.time_left(session, local_date(row.closes_at), today, limit)


def asker_of(session: Session, question_id: int) -> int:
    """The organisation that asked a question; for letters, never for a page."""
    query = select(Question.organisation_id).where(Question.id == question_id)
    return session.scalars(query).one()


def rerun_of(session: Session, competition_id: int) -> rows.CompetitionRow | None:
    """The competition that put the same work out again, if there is one."""
    query = ROW.query().where(Competition.rerun_of_id == competition_id)
    return next(iter(ROW.all(session, query)), None)


def of_project(session: Session, project_id: int) -> tuple[rows.CompetitionRow, ...]:
    """All competitions of a project, newest first; also those only prepared."""
    query = ROW.query().where(Competition.project_id == project_id)
    return ROW.all(session, query.order_by(Competition.id.desc()))


def my_bid(session: Session, competition_id: int, organisation_id: int | None) -> rows.MyBid | None:
    """The own bid of an institution, withdrawn or not."""
    query = BID.query().where(
        Bid.competition_id == competition_id, Bid.organisation_id == organisation_id
    )
    return next(iter(BID.all(session, query)), None)


def bid_owner(session: Session, bid_id: int) -> tuple[int, rows.CompetitionRow] | None:
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


def entrant_ties(session: Session, competition_id: int, on: date) -> frozenset[Tie]:
    """Everybody who judges nothing about an entrant on a day; asked once the seals are broken."""
    found = (accounts.ties(session, key, on) for key in entrants(session, competition_id))
    return frozenset().union(*found)


def judges_entrants(
    session: Session, actor: Actor, on: date, competition_id: SqlValue
) -> ColumnElement[bool]:
    """Where a person may judge the bids of the competition of this column: for lists of jobs."""
    tied = select(Bid.id).where(
        Bid.competition_id == competition_id,
        Bid.withdrawn_at.is_(None),
        ~judges(session, actor, on, Bid.organisation_id),
    )
    return ~tied.correlate_except(Bid).exists()


def awards(session: Session, competition_id: int) -> tuple[rows.AwardRow, ...]:
    """Every award of a competition, newest first."""
    query = select(Award).where(Award.competition_id == competition_id).order_by(Award.id.desc())
    found = session.scalars(query).all()
    listings = institutions.listings(session, [row.listing_id for row in found])
    return tuple(
        _AWARD.of(
            row,
            name=listings[row.listing_id].name,
            institution_public_id=listings[row.listing_id].institution_public_id,
        )
        for row in found
    )


def award_of(session: Session, competition_id: int) -> rows.AwardRow | None:
    """The active award of a competition."""
    return next(
        (row for row in awards(session, competition_id) if row.state in rules.ACTIVE_AWARDS), None
    )


def standing(session: Session, row: Competition | rows.CompetitionRow, today: date) -> Standing:
    """What the policies ask of a competition on a day."""
    people = (row.drafted_by, row.edited_by, row.proposed_by)
    return STANDING.of(
        row,
        authors=frozenset(key for key in people if key is not None),
        reruns_left=_reruns_left(session, row),
        trail=trail(session, row.id),
        ties=_ties(session, row, today),
        award_stands=row.state is rules.CompetitionState.AWARD_PUBLISHED
        and row.objection_until is not None
        and today > row.objection_until
        and not competition(session, row.id).held,
    )


def _ties(session: Session, row: Competition | rows.CompetitionRow, today: date) -> frozenset[Tie]:
    """Who judges none of the bids; nobody is asked before it is told who bid."""
    if row.state not in rules.JUDGING:
        return frozenset()
    return entrant_ties(session, row.id, today)


def trail(session: Session, competition_id: int) -> frozenset[Tie]:
    """Who has acted for whom in a competition."""
    return accounts.trail(session, {"competition": (competition_id,)})


def _reruns_left(session: Session, row: Competition | rows.CompetitionRow) -> int:
    if row.failure is None or row.ended_at is None or rerun_of(session, row.id) is not None:
        return 0
    allowed = int(catalogue.rule(session, "competition.reruns_allowed", local_date(row.ended_at)))
    earlier, before = 0, row.rerun_of_id
    while before is not None:
        earlier, before = earlier + 1, competition(session, before).rerun_of_id
    return max(0, allowed - earlier)


def bid_standing(bid: rows.MyBid | None) -> BidStanding:
    """What the policies ask of the own bid of an institution."""
    if bid is None or not bid.live:
        return BidStanding()
    return BidStanding(True, bid.justify_by if bid.low_priced else None, bool(bid.justified_at))


def days_of(session: Session, key: str, on: date) -> int:
    """A number of working days of the rulebook that held on a day."""
    return int(catalogue.rule(session, f"competition.{key}", on))


def fewest_entrants(session: Session, row: Competition | rows.CompetitionRow, on: date) -> int:
    """How many independent entrants the competition needs."""
    return rules.minimum_entrants(
        int(catalogue.rule(session, "competition.minimum_entrants", on)),
        int(catalogue.rule(session, "competition.minimum_entrants_merit_rerun", on)),
        merit=row.merit,
    )
