"""Work for a project that another enterprise has by now: its page, and who still has a say."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, case, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import Integer

from marketplace.accounts import queries as accounts
from marketplace.accounts.policy import Tie
from marketplace.accounts.queries import organisation_name
from marketplace.accounts.queries.offices import supervisor_for
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.queries import NO_NUMBER, Owed, light_days, light_of, owed, waiting_list
from marketplace.clocks.rules import Waiting
from marketplace.engagements.events import HandoverEnded
from marketplace.engagements.models import Engagement, WorkHandover
from marketplace.engagements.policy import HandoverStanding
from marketplace.engagements.queries.standings import trail
from marketplace.engagements.rules import HANDOVER_OPEN, PASSABLE, HandoverState
from marketplace.infra.rows import LATER, row_of, through
from marketplace.kernel.actors import Actor, Role

T = TypeVar("T")
DAYS = "engagement.project_ended_days"


def _of_work(column: InstrumentedAttribute[T]) -> ColumnElement[T]:
    return through(WorkHandover.engagement_id, column)


@dataclass(frozen=True)
class HandoverRow:
    """What was asked about the work, who agreed, and how it ended."""

    id: int
    public_id: str
    engagement_id: int
    state: HandoverState
    from_id: int
    from_name: str
    to_id: int | None
    to_name: str
    provider_id: int
    region_code: str
    under_way: bool
    asked_at: datetime
    due_on: date
    from_agreed_at: datetime | None
    to_agreed_at: datetime | None
    ended_at: datetime | None
    supervisor_id: int | None = None
    ties: frozenset[Tie] = field(default_factory=frozenset)
    trail: frozenset[Tie] = field(default_factory=frozenset)

    @property
    def address(self) -> str:
        """Its page."""
        return f"/engagements/handovers/{self.public_id}"

    @property
    def standing(self) -> HandoverStanding:
        """What the policies ask."""
        return HandoverStanding(
            self.state,
            self.from_id,
            self.to_id,
            self.provider_id,
            self.under_way,
            from_agreed=self.from_agreed_at is not None,
            to_agreed=self.to_agreed_at is not None,
            supervisor_id=self.supervisor_id,
            ties=self.ties,
            trail=self.trail,
        )


_passable = _of_work(Engagement.state).in_(PASSABLE)
HANDOVER = row_of(
    HandoverRow,
    WorkHandover,
    from_name=organisation_name(WorkHandover.from_id),
    to_name=func.coalesce(organisation_name(WorkHandover.to_id), ""),
    provider_id=_of_work(Engagement.provider_id),
    region_code=_of_work(Engagement.region_code),
    under_way=_passable,
    supervisor_id=LATER,
    ties=LATER,
    trail=LATER,
)
_own = bindparam("own", type_=Integer)
_asked = WorkHandover.state == HandoverState.ASKED
_from_says = and_(WorkHandover.from_id == _own, WorkHandover.from_agreed_at.is_(None))
_to_says = and_(WorkHandover.to_id == _own, WorkHandover.to_agreed_at.is_(None))
_referred = WorkHandover.state == HandoverState.REFERRED
# What still wants a word of an enterprise, or of the supervisor.
WAITING = waiting_list(
    row_of(
        Waiting,
        WorkHandover,
        kind=literal("engagement"),
        number=_of_work(Engagement.number),
        what=case((_referred, "engagement.settle_handover"), else_="engagement.handover"),
        owes_organisation_id=WorkHandover.from_id,
        light=case((_referred, "red"), else_=light_of(WorkHandover.due_on)),
        region_code=_of_work(Engagement.region_code),
        item_code=_of_work(Engagement.item_code),
        about_organisation_id=_of_work(Engagement.provider_id),
        title=organisation_name(_of_work(Engagement.provider_id)),
        figure=NO_NUMBER,
        since=WorkHandover.asked_at,
    ),
    and_(WorkHandover.state.in_(HANDOVER_OPEN), _passable),
)


# The questions with a day still to come.
DATED = select(WorkHandover.id).where(_asked)


def handover_row(session: Session, key: int | str) -> HandoverRow:
    """One handover without what its policies ask; raises `NotFound`."""
    return HANDOVER.one(session, HANDOVER.by(key))


def handover(session: Session, key: int | str, today: date) -> HandoverRow:
    """One handover with what its policies ask; raises `NotFound`."""
    row = handover_row(session, key)
    homes = [one for one in (row.from_id, row.to_id) if one is not None]
    return replace(
        row,
        supervisor_id=supervisor_for(session, row.region_code),
        ties=frozenset().union(*(accounts.ties(session, one, today) for one in homes)),
        trail=trail(session, row.engagement_id),
    )


def reason_of(session: Session, row: HandoverRow) -> str:
    """With which it was settled; empty while it is not, and where both agreed."""
    told = accounts.history(session, "engagement", row.engagement_id)
    ended = (
        one.why
        for one in told
        if row.ended_at == one.occurred_at and one.kind == HandoverEnded.KIND
    )
    return next(ended, "")


def open_of(session: Session, engagement_id: int) -> int | None:
    """The open handover of an engagement."""
    query = select(WorkHandover.id).where(
        WorkHandover.engagement_id == engagement_id, WorkHandover.state.in_(HANDOVER_OPEN)
    )
    return session.scalar(query)


def shown_with(session: Session, engagement_id: int) -> HandoverRow | None:
    """The last handover of an engagement, for its page."""
    query = HANDOVER.query().where(
        WorkHandover.engagement_id == engagement_id,
        WorkHandover.state != HandoverState.DROPPED,
    )
    found = HANDOVER.all(session, query.order_by(WorkHandover.id.desc()).limit(1))
    return found[0] if found else None


def nameless_of_project(session: Session, project_id: int) -> Iterable[int]:
    """The engagements of a project whose handover lacks the enterprise that has it now."""
    query = select(WorkHandover.engagement_id).where(
        WorkHandover.project_id == project_id,
        WorkHandover.state.in_(HANDOVER_OPEN),
        WorkHandover.to_id.is_(None),
    )
    return session.scalars(query.order_by(WorkHandover.id)).all()


def due_handovers(session: Session, today: date) -> Iterable[int]:
    """The handovers whose day is over."""
    query = select(WorkHandover.id).where(_asked, WorkHandover.due_on < today)
    return session.scalars(query.order_by(WorkHandover.due_on)).all()


def handovers_owed_by(session: Session, actor: Actor, today: date) -> Owed:
    """What one of two enterprises still has to say, or the supervisor of the region to settle."""
    mine: ColumnElement[bool] = false()
    if actor.has(Role.ENTERPRISE_AGENT):
        mine = or_(mine, and_(_asked, or_(_from_says, _to_says)))
    if actor.has(Role.SUPERVISOR):
        own = accounts.organisation(session, actor.organisation_id or 0).region_code
        here = catalogue.regions(session).descendants(own)
        mine = or_(mine, and_(_referred, _of_work(Engagement.region_code).in_(here)))
    values = light_days(session, today, own=actor.organisation_id)
    return owed(session, WAITING, mine, values)
