"""Reading incidents: one, those of an engagement, what waits for an answer, how many there were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Integer, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisation_name
from marketplace.catalogue import queries as catalogue
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting, deadline
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.queries.headings import heading
from marketplace.engagements.rules import ClientKind, Side, other_side
from marketplace.incidents.models import Incident
from marketplace.incidents.policy import NotingStanding, Standing
from marketplace.incidents.rules import NOTABLE, STANDING, IncidentState, Kind, over_on
from marketplace.infra.files import FileRow, files_of
from marketplace.infra.rows import row_of
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import start_of_day

DAYS, MOST_OPEN = "engagement.incident_answer_days", "engagement.incident_most_open"


@dataclass(frozen=True)
class IncidentRow:
    """Who noted what, since when, with which evidence, and what was answered."""

    id: int
    public_id: str
    engagement_id: int
    state: IncidentState
    noted_side: Side
    noted_for_id: int
    noted_for_name: str
    asked_of_id: int
    asked_of_name: str
    kind: Kind
    since_on: date
    words: str
    noted_at: datetime
    answer_by: date
    answer: str
    answered_at: datetime | None
    late: bool
    withdrawn_at: datetime | None

    @property
    def address(self) -> str:
        """Its page."""
        return f"/engagements/incidents/{self.public_id}"

    @property
    def answering_side(self) -> Side:
        """The side that answers."""
        return other_side(self.noted_side)


class Noted(Protocol):
    """What an incident says of how it stands: its row, or what is kept."""

    @property
    def state(self) -> IncidentState: ...
    @property
    def noted_side(self) -> Side: ...
    @property
    def noted_for_id(self) -> int: ...
    @property
    def asked_of_id(self) -> int: ...
    @property
    def answer_by(self) -> date: ...


@dataclass(frozen=True)
class Told:
    """An incident with its papers, as pages show it."""

    row: IncidentRow
    evidence: tuple[FileRow, ...]
    answered_with: tuple[FileRow, ...]


@dataclass(frozen=True)
class Counted:
    """How many incidents stand in the record, by whether they were answered."""

    answered: int = 0
    unanswered: int = 0
    waiting: int = 0

    @property
    def every(self) -> int:
        """All of them."""
        return self.answered + self.unanswered + self.waiting


INCIDENT = row_of(
    IncidentRow,
    Incident,
    noted_for_name=organisation_name(Incident.noted_for_id),
    asked_of_name=organisation_name(Incident.asked_of_id),
)
_engagement = heading(Incident.engagement_id)
_noted = Incident.state == IncidentState.NOTED
_by_client = Incident.noted_side == Side.CLIENT
_has_the_work = case((_by_client, _engagement.provider_id), else_=_engagement.client_id)
# What was not answered in time is still owed while the work is under way, by whoever was asked.
_unanswered = and_(
    Incident.state == IncidentState.UNANSWERED,
    Incident.asked_of_id == _has_the_work,
    _engagement.state.in_(sorted(NOTABLE)),
)
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        Incident,
        kind=literal("incident"),
        number=_engagement.number,
        what=literal("incident.answer"),
        owes_organisation_id=Incident.asked_of_id,
        light=case((_noted, clocks.light_of(Incident.answer_by, DAYS)), else_="red"),
        due_on=Incident.answer_by,
        region_code=_engagement.region_code,
        item_code=_engagement.item_code,
        about_organisation_id=_engagement.provider_id,
        title=organisation_name(Incident.noted_for_id),
        figure=clocks.NO_NUMBER,
        since=Incident.asked_at,
    ),
    or_(_noted, _unanswered),
)

# The incidents with a day still to come.
DATED = select(Incident.id).where(_noted)


def incident(session: Session, key: int | str) -> IncidentRow:
    """One incident; raises `NotFound`."""
    return INCIDENT.one(session, INCIDENT.by(key))


def of_engagement(session: Session, engagement_id: int) -> tuple[IncidentRow, ...]:
    """Those of an engagement, withdrawn ones too, oldest first."""
    query = INCIDENT.query().where(Incident.engagement_id == engagement_id)
    return INCIDENT.all(session, query.order_by(Incident.id))


def told(session: Session, row: IncidentRow) -> Told:
    """The incident with its papers."""
    papers = files_of(session, "incident", row.id)
    return Told(
        row,
        tuple(one for one in papers if one.kind == "evidence"),
        tuple(one for one in papers if one.kind == "answer"),
    )


def engagement_of(session: Session, incident_id: int) -> int | None:
    """The engagement that an incident belongs to."""
    return session.scalar(select(Incident.engagement_id).where(Incident.id == incident_id))


def standing_of(row: Noted, stands: engagement_policy.Standing, today: date) -> Standing:
    """What the policies ask of an incident on a day, of an engagement that stands so."""
    to_provider = row.noted_side is Side.CLIENT
    has_the_work = stands.provider_id if to_provider else stands.client_id
    return Standing(
        engagement=stands,
        state=row.state,
        noted_side=row.noted_side,
        noted_for_id=row.noted_for_id,
        asked_before=row.asked_of_id != has_the_work,
        over_on=over_on(row.state, row.answer_by, today),
    )


def noting_standing(
    session: Session, engagement_id: int, stands: engagement_policy.Standing, today: date
) -> NotingStanding:
    """What the policy asks before one more is noted."""
    query = (
        select(Incident.noted_side, func.count())
        .where(Incident.engagement_id == engagement_id, _noted, Incident.answer_by >= today)
        .group_by(Incident.noted_side)
    )
    waiting = {one[0]: int(one[1]) for one in session.execute(query)}
    return NotingStanding(stands, int(catalogue.rule(session, MOST_OPEN, today)), waiting)


def answer_by(session: Session, asked_on: date) -> date:
    """The last day for the answer to what is asked on a day."""
    days = int(catalogue.rule(session, DAYS, asked_on))
    return deadline(catalogue.calendar(session), asked_on, days)


def client_answers(session: Session, engagement_id: int) -> Sequence[int]:
    """The incidents of a work that wait for an answer of its client."""
    query = select(Incident.id).where(Incident.engagement_id == engagement_id, _noted, ~_by_client)
    return session.scalars(query.order_by(Incident.id)).all()


def due_incidents(session: Session, today: date) -> Iterable[int]:
    """Those whose day for an answer is over."""
    query = select(Incident.id).where(_noted, Incident.answer_by < today)
    return session.scalars(query.order_by(Incident.answer_by)).all()


def owed_by(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """The incidents that the actor's side has to answer."""
    own = literal(actor.organisation_id, Integer)
    asked = Incident.asked_of_id == own
    to_client = and_(~_by_client, asked)
    mine = {
        Role.INSTITUTION_AGENT: and_(_by_client, asked),
        Role.ENTERPRISE_AGENT: and_(to_client, _engagement.client_kind == ClientKind.ENTERPRISE),
        Role.DEPARTMENT_OFFICER: and_(to_client, _engagement.client_kind == ClientKind.DEPARTMENT),
    }
    owes = or_(false(), *(one for role, one in mine.items() if actor.has(role)))
    return clocks.owed(session, WAITING, owes, clocks.light_days(session, today))


def counted(session: Session, listing_id: int, year: int) -> Mapping[Side, Counted]:
    """How many each side noted in a year in works of a listing, without what was withdrawn."""
    begins, ends = (start_of_day(date(one, 1, 1)) for one in (year, year + 1))
    query = (
        select(Incident.noted_side, Incident.state, func.count())
        .where(
            _engagement.listing_id == listing_id,
            Incident.noted_at >= begins,
            Incident.noted_at < ends,
            Incident.state.in_(STANDING),
        )
        .group_by(Incident.noted_side, Incident.state)
    )
    found = {(side, state): count for side, state, count in session.execute(query)}
    return {
        side: Counted(
            answered=found.get((side, IncidentState.ANSWERED), 0),
            unanswered=found.get((side, IncidentState.UNANSWERED), 0),
            waiting=found.get((side, IncidentState.NOTED), 0),
        )
        for side in Side
    }
