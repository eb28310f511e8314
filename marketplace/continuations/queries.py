"""Reading what clients are asked about work whose project is not active; never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, and_, case, false, literal, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisation_name
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.continuations.models import Continuation
from marketplace.continuations.rules import (
    ASKED_ABOUT,
    LIVE,
    OPEN,
    STOPPED,
    Answer,
    ContinuationState,
)
from marketplace.engagements.queries.headings import heading, projects_at_rest
from marketplace.engagements.queries.standings import Subject
from marketplace.engagements.rules import ClientKind, State
from marketplace.infra.rows import row_of
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.projects.queries.reading import is_active
from marketplace.projects.rules import ProjectState

DAYS = "engagement.project_ended_days"


@dataclass(frozen=True)
class ContinuationRow:
    """What was asked about a work, until when, and what was said."""

    id: int
    public_id: str
    engagement_id: int
    project_state: ProjectState
    state: ContinuationState
    asked_at: datetime
    due_on: date
    answer: Answer | None
    answered_at: datetime | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the client."""
        return self.state in OPEN

    @property
    def address(self) -> str:
        """Its page."""
        return f"/engagements/continuations/{self.public_id}"


ROW = row_of(ContinuationRow, Continuation)
_engagement = heading(Continuation.engagement_id)
_asked = Continuation.state == ContinuationState.ASKED
# Work under contract waits beyond its day: nothing happens to it without an answer.
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        Continuation,
        kind=literal("continuation"),
        number=_engagement.number,
        what=literal("continuation.answer"),
        owes_organisation_id=_engagement.client_id,
        light=case((_asked, clocks.light_of(Continuation.due_on, DAYS)), else_="red"),
        region_code=_engagement.region_code,
        item_code=_engagement.item_code,
        about_organisation_id=_engagement.provider_id,
        title=organisation_name(_engagement.provider_id),
        figure=clocks.NO_NUMBER,
        since=Continuation.asked_at,
    ),
    and_(Continuation.state.in_(OPEN), _engagement.state.in_(ASKED_ABOUT)),
)

# The questions with a day still to come.
DATED = select(Continuation.id).where(_asked)


def continuation(session: Session, key: int | str) -> ContinuationRow:
    """One question; raises `NotFound`."""
    return ROW.one(session, ROW.by(key))


def shown_with(session: Session, engagement_id: int) -> ContinuationRow | None:
    """The live question about a work, for its page."""
    query = ROW.query().where(
        Continuation.engagement_id == engagement_id, Continuation.state.in_(LIVE)
    )
    found = ROW.all(session, query)
    return found[0] if found else None


def over_on(state: ContinuationState, due_on: date, today: date) -> date | None:
    """The day that is over for an answer, where the platform has not settled it yet."""
    return due_on if state is ContinuationState.ASKED and due_on < today else None


def live_of_project(session: Session, project_id: int) -> Sequence[int]:
    """The live questions about the works of a project."""
    query = select(Continuation.id).where(
        Continuation.project_id == project_id, Continuation.state.in_(LIVE)
    )
    return session.scalars(query.order_by(Continuation.id)).all()


def unasked_projects(session: Session) -> Iterable[int]:
    """The projects that are not active with work under way that nobody was asked about yet.

    Their record says so since before it was asked for, or changed while the work began.
    """
    asked = select(Continuation.engagement_id).where(Continuation.state.in_(LIVE))
    return projects_at_rest(session, ASKED_ABOUT, but=asked)


def due_continuations(session: Session, today: date) -> Iterable[int]:
    """The questions whose day is over."""
    query = select(Continuation.id).where(_asked, Continuation.due_on < today)
    return session.scalars(query.order_by(Continuation.due_on)).all()


def owed_by(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """The questions that wait for the client that the actor acts for."""
    kinds = {
        Role.ENTERPRISE_AGENT: _engagement.client_kind == ClientKind.ENTERPRISE,
        Role.DEPARTMENT_OFFICER: _engagement.client_kind == ClientKind.DEPARTMENT,
    }
    mine = or_(false(), *(kind for role, kind in kinds.items() if actor.has(role)))
    return clocks.owed(
        session,
        WAITING,
        and_(_engagement.client_id == literal(actor.organisation_id, Integer), mine),
        clocks.light_days(session, today),
    )


def goes_on(session: Session, row: Subject, today: date) -> Decision:
    """Nothing is done about work that the platform pauses or cancels, from the day on."""
    if row.state not in STOPPED:
        return ALLOWED
    query = select(Continuation.due_on).where(
        Continuation.engagement_id == row.id, _asked, Continuation.due_on < today
    )
    due = session.scalar(query)
    return ALLOWED if due is None else Decision("continuation.over", {"day": due})


def may_begin(session: Session, row: Subject, _today: date) -> Decision:
    """Work under contract starts for an active project, or where its client keeps it."""
    if row.state is not State.CONTRACTED:
        return ALLOWED
    if is_active(session, row.project_id):
        return ALLOWED
    query = select(Continuation.answer).where(
        Continuation.engagement_id == row.id, Continuation.state.in_(LIVE)
    )
    kept = session.scalar(query) is Answer.KEEP
    return ALLOWED if kept else Decision("continuation.may_not_start")
