"""What waits in competitions: the department's next steps, very low prices to be explained."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, and_, bindparam, case, false, literal, or_, select
from sqlalchemy.orm import Session

from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.competitions.models import Bid, Competition, Question
from marketplace.competitions.policy import OFFICERS
from marketplace.competitions.queries.reading import BID, ROW, heading, judges_entrants
from marketplace.competitions.rules import OWED, CompetitionState
from marketplace.infra.lists import Asked
from marketplace.infra.rows import row_of
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date

_S = CompetitionState

_asked = and_(
    Competition.state == _S.PUBLISHED,
    select(Question.id)
    .where(Question.competition_id == Competition.id, Question.answered_at.is_(None))
    .exists(),
)
_step = Competition.state.in_(OWED)
# The next step of each department, and the questions it has to answer before sign-up closes.
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        Competition,
        kind=literal("competition"),
        what=case(
            *((Competition.state == state, one.what) for state, one in OWED.items()),
            else_="competition.answer",
        ),
        owes_organisation_id=Competition.department_id,
        light=case(
            *(
                (
                    Competition.state == state,
                    clocks.light_of(Competition.due_on, one.rule),
                )
                for state, one in OWED.items()
            ),
            else_=clocks.light_of(Competition.due_on, "competition.signup_days"),
        ),
        about_organisation_id=clocks.NO_NUMBER,
        figure=ROW.columns["open_questions"],
        since=Competition.state_since,
    ),
    or_(_step, _asked),
)
_bid = heading(Bid.competition_id)
# The very low prices that may still be explained.
EXPLAIN = clocks.waiting_list(
    row_of(
        Waiting,
        Bid,
        kind=literal("bid"),
        public_id=_bid.public_id,
        number=_bid.number,
        what=literal("competition.explain"),
        owes_organisation_id=Bid.organisation_id,
        light=clocks.light_of(Bid.justify_by, "competition.low_price_justification_days"),
        due_on=Bid.justify_by,
        region_code=_bid.region_code,
        item_code=_bid.item_code,
        about_organisation_id=Bid.organisation_id,
        title=_bid.title,
        figure=clocks.NO_NUMBER,
        since=Bid.placed_at,
    ),
    and_(
        Bid.withdrawn_at.is_(None),
        Bid.low_priced,
        Bid.justified_at.is_(None),
        Bid.justify_by >= bindparam("today", type_=Date),
        BID.columns["state"] == _S.OPENED,
    ),
)


def owed_by(session: Session, actor: Actor, now: datetime) -> clocks.Owed:
    """What this person of a department has to do, as the policies allow it."""
    today = local_date(now)
    free = judges_entrants(session, actor, today, Competition.id)
    mine = and_(Competition.department_id == actor.organisation_id, _may_step(actor, now, free))
    return clocks.owed(session, WAITING, mine, clocks.light_days(session, today))


def to_explain(session: Session, organisation_id: int, today: date) -> clocks.Owed:
    """The very low prices that an institution may still explain."""
    mine = Bid.organisation_id == organisation_id
    return clocks.owed(session, EXPLAIN, mine, clocks.light_days(session, today))


def steps(session: Session, keys: Collection[str], today: date) -> dict[str, Waiting]:
    """The step that is owed in each of these competitions, by public id; without questions."""
    within = and_(Competition.public_id.in_(keys), _step)
    found = WAITING.stream(session, Asked(), clocks.light_days(session, today), within)
    return {one.public_id: one for one in found}


def _may_step(actor: Actor, now: datetime, free: ColumnElement[bool]) -> ColumnElement[bool]:
    """The steps that are this person's to take: two of them need somebody else than before.

    Questions are answered before the closing instant, also where the tick comes later. Opened bids
    are judged by those who are `free` of ties to their entrants.
    """
    if actor.provisional:
        return false()
    mine = actor.own_accounts
    steps: list[ColumnElement[bool]] = [false()]
    if actor.has(Role.DEPARTMENT_APPROVER):
        authors = (Competition.drafted_by, Competition.edited_by, Competition.proposed_by)
        others = (or_(one.is_(None), one.not_in(mine)) for one in authors)
        evaluated = Competition.evaluated_by.not_in(mine)
        steps += [
            and_(Competition.state == _S.PROPOSED, *others),
            and_(Competition.state == _S.EVALUATED, evaluated, free),
        ]
    if actor.has(*OFFICERS):
        other = Competition.opening_requested_by.not_in(mine)
        steps += [
            Competition.state == _S.CLOSED,
            and_(Competition.state == _S.OPENING_REQUESTED, other),
            and_(_asked, Competition.closes_at > now),
        ]
    if actor.has(Role.DEPARTMENT_OFFICER):
        steps.append(and_(Competition.state == _S.OPENED, free))
    return or_(*steps)
