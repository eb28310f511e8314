"""Objections to awards as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Integer, and_, bindparam, case, literal, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry, organisation_name
from marketplace.accounts.queries.recusal import judges
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.competitions import queries as competitions
from marketplace.complaints.models import Objection
from marketplace.complaints.policy import AwardStanding, ObjectionStanding
from marketplace.complaints.rules import ObjectionState, Outcome
from marketplace.infra.finding import find_row
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.actors import Actor

_is_open = Objection.state == ObjectionState.FILED
_about = competitions.heading(Objection.competition_id)


@dataclass(frozen=True)
class ObjectionRow:
    """An objection to an award."""

    id: int
    public_id: str
    number: str
    state: ObjectionState
    competition_id: int
    competition_public_id: str
    competition_number: str
    competition_title: str
    region_code: str
    item_code: str
    organisation_id: int
    organisation_name: str
    handler_id: int
    filed_at: datetime
    due_on: date | None
    light: str
    proposer_id: int | None


@dataclass(frozen=True)
class ObjectionPage:
    """An objection with its words and what was decided."""

    row: ObjectionRow
    standing: ObjectionStanding
    proposer_name: str
    decider_name: str
    history: tuple[HistoryEntry, ...]
    body: str
    proposed_outcome: Outcome | None
    proposed_reason: str
    send_back_reason: str
    reason: str


_due_light = clocks.light_of(Objection.due_on, "complaint.decision_days")
ROW = row_of(
    ObjectionRow,
    Objection,
    competition_public_id=_about.public_id,
    competition_number=_about.number,
    competition_title=_about.title,
    region_code=_about.region_code,
    item_code=_about.item_code,
    organisation_name=organisation_name(Objection.organisation_id),
    light=case(
        (_is_open, clocks.light_of(Objection.due_on, "complaint.decision_days")), else_="none"
    ),
)
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        Objection,
        kind=literal("objection"),
        what=literal("objection.decide"),
        owes_organisation_id=Objection.handler_id,
        light=_due_light,
        region_code=_about.region_code,
        item_code=_about.item_code,
        about_organisation_id=Objection.organisation_id,
        title=_about.title,
        figure=clocks.NO_NUMBER,
        since=Objection.filed_at,
    ),
    _is_open,
)
_STANDING = row_of(
    ObjectionStanding, Objection, department_id=_about.department_id, ties=LATER, trail=LATER
)
_PAGE = row_of(
    ObjectionPage,
    Objection,
    row=LATER,
    standing=LATER,
    proposer_name=LATER,
    decider_name=LATER,
    history=LATER,
)
_own = bindparam("own", type_=Integer)
_OPEN_FIRST = {"": (~_is_open, Objection.due_on, Objection.id)}
HANDLED = PagedList(ROW, Objection.handler_id == _own, _OPEN_FIRST)
FILED = PagedList(ROW, Objection.organisation_id == _own, _OPEN_FIRST)


def award_standing(
    session: Session, held: competitions.CompetitionRow, organisation_id: int
) -> AwardStanding:
    """How the award of a competition stands towards an organisation that wants to object."""
    mine = session.scalar(
        select(Objection.id).where(
            Objection.competition_id == held.id,
            Objection.organisation_id == organisation_id,
            _is_open,
        )
    )
    opened = held.opened_at is not None
    return AwardStanding(
        award_open=held.state == "award_published",
        objection_until=held.objection_until,
        is_entrant=opened and competitions.entered(session, held.id, organisation_id),
        objected_already=mine is not None,
        trail=competitions.trail(session, held.id),
    )


def objection(session: Session, key: int | str, today: date) -> ObjectionRow:
    """One objection as lists show it; raises `NotFound`."""
    return ROW.one(session, ROW.by(key), clocks.light_days(session, today))


def owed_by(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """The open objections that this person of a handler may go on with."""
    sides = (Objection.organisation_id, _about.department_id)
    mine = and_(
        Objection.handler_id == actor.organisation_id,
        judges(session, actor, today, *sides),
        competitions.judges_entrants(session, actor, today, Objection.competition_id),
    )
    return clocks.owed(session, WAITING, mine, clocks.light_days(session, today))


def page(session: Session, key: int | str, today: date) -> ObjectionPage:
    """Everything about one objection."""
    row = find_row(session, Objection, key)
    people = accounts.people(session, {row.proposer_id, row.decider_id})
    return _PAGE.of(
        row,
        row=objection(session, row.id, today),
        standing=standing_of(session, row.id, today),
        proposer_name=people.get(row.proposer_id or 0, ""),
        decider_name=people.get(row.decider_id or 0, ""),
        history=accounts.history(session, "objection", row.id),
    )


def standing_of(session: Session, objection_id: int, today: date) -> ObjectionStanding:
    """What the policies ask of an objection, with all who have a tie to a side or an entrant."""
    found = _STANDING.one(session, _STANDING.by(objection_id))
    sides = (found.organisation_id, found.department_id)
    ties = (accounts.ties(session, side, today) for side in sides)
    return replace(
        found,
        ties=competitions.entrant_ties(session, found.competition_id, today).union(*ties),
        trail=accounts.trail(session, {"objection": (objection_id,)})
        | competitions.trail(session, found.competition_id),
    )


def due_objections(session: Session, now: datetime) -> Sequence[int]:
    """The objections that need attention."""
    query = select(Objection.id).where(Objection.attention_at <= now)
    return session.scalars(query.order_by(Objection.attention_at)).all()


# The objections with a day by which they are due.
DATED = select(Objection.id).where(Objection.due_on.is_not(None))
