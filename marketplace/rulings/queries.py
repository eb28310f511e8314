"""Reading rulings: the page of one, what waits for a word or for the ruling, what was ruled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import organisation_name
from marketplace.clocks.queries import NO_NUMBER, Owed, light_days, light_of, owed, waiting_list
from marketplace.clocks.rules import Waiting
from marketplace.engagements.queries import standings
from marketplace.engagements.queries.headings import awards_let_lie, heading
from marketplace.engagements.rules import Side, State
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import row_of
from marketplace.kernel.actors import Actor, Role
from marketplace.rulings.models import AwardRuling
from marketplace.rulings.policy import Standing
from marketplace.rulings.rules import Outcome, RulingState

_engagement = heading(AwardRuling.engagement_id)


@dataclass(frozen=True)
class RulingRow:
    """What was let lie by whom, what both sides said, what was ruled."""

    id: int
    public_id: str
    engagement_id: int
    competition_id: int
    supervisor_id: int | None
    state: RulingState
    let_lie: Side
    owed_since: datetime
    owed_until: date
    asked_at: datetime
    hear_until: date
    due_on: date
    client_words: str
    client_heard_at: datetime | None
    provider_words: str
    provider_heard_at: datetime | None
    outcome: Outcome | None
    reason: str
    term_until: date | None
    ended_at: datetime | None

    @property
    def address(self) -> str:
        """Its page."""
        return f"/rulings/{self.public_id}"


RULING = row_of(RulingRow, AwardRuling)
_asked = and_(AwardRuling.state == RulingState.ASKED, _engagement.state == State.TAKEN_ON)
_client_silent = AwardRuling.client_heard_at.is_(None)
_provider_silent = AwardRuling.provider_heard_at.is_(None)


def _waits(what: str, owes: Any, due_on: Any, base: ColumnElement[bool]) -> PagedList[Waiting]:
    """What waits of a matter, by the day that matters for whoever owes it."""
    return waiting_list(
        row_of(
            Waiting,
            AwardRuling,
            kind=literal("ruling"),
            number=_engagement.number,
            what=literal(what),
            item_code=_engagement.item_code,
            owes_organisation_id=owes,
            light=light_of(due_on),
            due_on=due_on,
            region_code=_engagement.region_code,
            about_organisation_id=_engagement.provider_id,
            title=organisation_name(_engagement.provider_id),
            figure=NO_NUMBER,
            since=AwardRuling.asked_at,
        ),
        base,
    )


# What the supervisor is to rule; and what the two sides may say until their day.
WAITING = _waits("ruling.rule", AwardRuling.supervisor_id, AwardRuling.due_on, _asked)
_HEARING = _waits(
    "ruling.speak",
    _engagement.client_id,
    AwardRuling.hear_until,
    and_(_asked, or_(_client_silent, _provider_silent)),
)


# The matters with a day still to come.
DATED = select(AwardRuling.id).where(_asked)


def ruling(session: Session, key: int | str) -> RulingRow:
    """One matter; raises `NotFound`."""
    return RULING.one(session, RULING.by(key))


def standing_of(session: Session, row: RulingRow, today: date) -> Standing:
    """What the policies ask of a matter on a day."""
    heard = {Side.CLIENT: row.client_heard_at, Side.PROVIDER: row.provider_heard_at}
    office, work = row.supervisor_id, standings.find(session, row.engagement_id)
    return Standing(
        engagement=standings.standing(session, work, today),
        turn=work.contract_owed_by,
        state=row.state,
        let_lie=row.let_lie,
        heard=frozenset(side for side, at in heard.items() if at is not None),
        hearing_over=today > row.hear_until,
        supervisor_id=office,
        ties=accounts.ties(session, office, today) if office else frozenset(),
    )


def open_of(session: Session, engagement_id: int) -> int | None:
    """The open matter of an engagement."""
    query = select(AwardRuling.id).where(
        AwardRuling.engagement_id == engagement_id, AwardRuling.state == RulingState.ASKED
    )
    return session.scalar(query)


def was_at_fault(session: Session, engagement_id: int) -> bool:
    """Whether the department let the contract of this award lie before and was found at fault."""
    query = select(AwardRuling.id).where(
        AwardRuling.engagement_id == engagement_id,
        AwardRuling.let_lie == Side.CLIENT,
        AwardRuling.outcome == Outcome.DEPARTMENT_AT_FAULT,
    )
    return session.scalar(query.limit(1)) is not None


def unasked(session: Session) -> Sequence[int]:
    """Awards whose contract is overdue, of which the supervisor was not asked about this side."""
    asked = select(AwardRuling.engagement_id).where(
        AwardRuling.state == RulingState.ASKED,
        AwardRuling.let_lie == _engagement.contract_owed_by,
    )
    return awards_let_lie(session, but=asked)


def shown_with(session: Session, engagement_id: int) -> RulingRow | None:
    """The last matter of an engagement that was not dropped, for its page."""
    query = RULING.query().where(
        AwardRuling.engagement_id == engagement_id, AwardRuling.state != RulingState.DROPPED
    )
    found = RULING.all(session, query.order_by(AwardRuling.id.desc()).limit(1))
    return found[0] if found else None


def owed_by(session: Session, actor: Actor, today: date) -> Owed:
    """What the supervisor's office has to rule."""
    own = literal(actor.organisation_id, Integer)
    mine: ColumnElement[bool] = false()
    if actor.has(Role.SUPERVISOR):
        mine = or_(AwardRuling.supervisor_id == own, AwardRuling.supervisor_id.is_(None))
    return owed(session, WAITING, mine, light_days(session, today))


def words_owed_by(session: Session, actor: Actor, today: date) -> Owed:
    """The matters in which the actor's side has not stated its side."""
    own = literal(actor.organisation_id, Integer)
    mine: ColumnElement[bool] = false()
    if actor.has(Role.DEPARTMENT_OFFICER):
        mine = or_(mine, and_(_client_silent, _engagement.client_id == own))
    if actor.has(Role.INSTITUTION_AGENT):
        mine = or_(mine, and_(_provider_silent, _engagement.provider_id == own))
    return owed(session, _HEARING, mine, light_days(session, today))


@dataclass(frozen=True)
class AbandonedRow:
    """An award that an institution abandoned by a ruling, as its public page shows it."""

    competition_id: int
    item_code: str
    reason: str
    ended_at: datetime | None


ABANDONED = row_of(AbandonedRow, AwardRuling, item_code=_engagement.item_code)


def abandoned(session: Session, organisation_id: int) -> tuple[AbandonedRow, ...]:
    """The awards that it was ruled an institution abandoned, the latest first."""
    query = ABANDONED.query().where(
        AwardRuling.outcome == Outcome.WINNER_ABANDONS,
        _engagement.provider_id == organisation_id,
    )
    return ABANDONED.all(session, query.order_by(AwardRuling.ended_at.desc()))
