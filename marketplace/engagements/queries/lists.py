"""Engagements as rows: the list of a party, a project's, what waits for whom, and names."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisation_name
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.engagements import rules
from marketplace.engagements.models import Engagement
from marketplace.infra.columns import words
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import row_of
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit, LimitUnit
from marketplace.projects import queries as projects


@dataclass(frozen=True)
class EngagementRow:
    """An engagement in a list.

    `owes` says whose turn it is (None: nobody's), `owes_organisation_id` which organisation's;
    `light` how the day by which it must be done stands: green, yellow, red, paused or none.
    """

    id: int
    public_id: str
    number: str
    origin: rules.Origin
    state: rules.State
    state_since: datetime
    item_code: str
    item_version_id: int
    variant: str
    limit_value: int
    limit_unit: LimitUnit
    promised_days: int | None
    project_id: int
    project_public_id: str
    project_code: str
    project_name: str
    region_code: str
    listing_id: int
    listing_public_id: str
    institution_public_id: str
    provider_id: int
    provider_name: str
    client_id: int
    client_name: str
    client_kind: rules.ClientKind
    payer: rules.ClientKind
    competition_id: int | None
    quotation_id: int | None
    predecessor_id: int | None
    successor_id: int | None
    award_fen: int | None
    amount_fen: int | None
    paid_fen: int
    signed_on: date | None
    requested_at: datetime
    taken_on_at: datetime | None
    contract_owed_by: rules.Side | None
    contract_owed_since: datetime | None
    contracted_at: datetime | None
    started_at: datetime | None
    delivered_at: datetime | None
    accepted_at: datetime | None
    rated_at: datetime | None
    ended_at: datetime | None
    resumes_to: rules.State | None
    paused_by: rules.Side | None
    returns: int
    within_limit: bool | None
    due_on: date | None
    turn_due_on: date | None
    owes: rules.Side | None
    owes_organisation_id: int | None
    light: str

    @property
    def limit(self) -> Limit:
        """The limit of the provider's clock."""
        return Limit(self.limit_value, self.limit_unit)

    @property
    def promise(self) -> int | None:
        """The days the institution promised, where they bind it more than the limit does."""
        return rules.binding_promise(self.promised_days, self.limit)

    @property
    def awaited(self) -> str:
        """What is waited for; empty where nothing is."""
        return rules.AWAITED.get(self.state, "")

    @property
    def accepted_on(self) -> date | None:
        """The day of acceptance."""
        return local_date(self.accepted_at) if self.accepted_at else None


@dataclass(frozen=True)
class EngagementName:
    """How other pages call and link an engagement."""

    id: int
    public_id: str
    number: str
    item_code: str


@dataclass(frozen=True)
class EngagementParty:
    """Who has to do with an engagement: for letters, and for features that act about it."""

    id: int
    public_id: str
    number: str
    item_code: str
    project_id: int
    listing_id: int
    client_id: int
    client_kind: rules.ClientKind
    provider_id: int
    requested_by: int | None
    accepted_at: datetime | None


def _owing(side: rules.Side) -> ColumnElement[bool]:
    """It is the turn of this side: that of the state, that paused, or that confirms a contract."""
    states = [state for state, owing in rules.OWES.items() if owing is side]
    paused = and_(Engagement.state == rules.State.PAUSED, Engagement.paused_by == side)
    return or_(Engagement.state.in_(states), paused, Engagement.contract_owed_by == side)


_CLIENT_OWES, _PROVIDER_OWES = _owing(rules.Side.CLIENT), _owing(rules.Side.PROVIDER)
_owes = case(
    (_CLIENT_OWES, rules.Side.CLIENT.value), (_PROVIDER_OWES, rules.Side.PROVIDER.value), else_=None
)
_owes_id = case(
    (_CLIENT_OWES, Engagement.client_id), (_PROVIDER_OWES, Engagement.provider_id), else_=None
)
_today = bindparam("today", type_=Date)
_light = case(
    (_today.is_(None), "none"),
    (Engagement.state == rules.State.PAUSED, "paused"),
    (or_(Engagement.turn_due_on.is_(None), Engagement.remind_on.is_(None)), "none"),
    (Engagement.turn_due_on < _today, "red"),
    (Engagement.remind_on <= _today, "yellow"),
    else_="green",
)
_is_open = Engagement.state.in_(rules.OPEN)
_client_name = organisation_name(Engagement.client_id)
_provider_name = organisation_name(Engagement.provider_id)
_project = projects.heading(Engagement.project_id)
_listing = institutions.heading(Engagement.listing_id)
_own = bindparam("own", type_=Integer)

ROW = row_of(
    EngagementRow,
    Engagement,
    project_public_id=_project.public_id,
    project_code=_project.code,
    project_name=_project.name,
    listing_public_id=_listing.public_id,
    institution_public_id=_listing.institution_public_id,
    provider_name=_provider_name,
    client_name=_client_name,
    owes=type_coerce(_owes, words(rules.Side)),
    owes_organisation_id=_owes_id,
    light=_light,
    # While the clock stands no day is set, and nothing is due of work that was delivered.
    due_on=case((Engagement.state.in_(rules.RUNNING), Engagement.due_on), else_=None),
)
NAME = row_of(EngagementName, Engagement)
PARTY = row_of(EngagementParty, Engagement)

_my_turn = _owes_id == _own
# The engagements of a party; without a chosen state only open ones.
MINE = PagedList(
    ROW,
    or_(Engagement.client_id == _own, Engagement.provider_id == _own),
    {
        "": (case((_my_turn, 0), else_=1), *clocks.most_urgent(_light, Engagement.turn_due_on)),
        "due": (Engagement.turn_due_on.is_(None), Engagement.turn_due_on),
        "newest": (Engagement.id.desc(),),
        "number": (Engagement.number,),
    },
    (
        Facet(
            "turn",
            _("Whose turn"),
            {"mine": _my_turn, "other": _owes_id.is_distinct_from(_own)},
            words={"mine": _("My turn"), "other": _("The other side's turn")},
            single=True,
        ),
        Facet(
            "light",
            _("Light"),
            _light,
            words="light",
            values=("red", "yellow", "green", "paused"),
            single=True,
            counted=False,
        ),
        Facet(
            "state",
            _("State"),
            Engagement.state,
            words="engagement_state",
            values=tuple(rules.State),
            otherwise=_is_open,
        ),
        Facet("item", _("Item"), Engagement.item_code, words="item"),
    ),
    text=(Engagement.number, _project.name, _project.code, _client_name, _provider_name),
    summed={"amount": Engagement.amount_fen},
)
# What waits in engagements, whoever's turn it is.
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        Engagement,
        kind=literal("engagement"),
        what=case(
            *(
                (Engagement.state == state, f"engagement.{what}")
                for state, what in rules.AWAITED.items()
            )
        ),
        owes_organisation_id=_owes_id,
        light=_light,
        due_on=Engagement.turn_due_on,
        about_organisation_id=Engagement.provider_id,
        title=case((_CLIENT_OWES, _provider_name), else_=_client_name),
        figure=clocks.NO_NUMBER,
        since=func.coalesce(Engagement.contract_owed_since, Engagement.state_since),
    ),
    _is_open,
)
# Who acts for a side: for the institution its agents, for the client those of its kind.
_ACTING: tuple[tuple[Role, ColumnElement[bool]], ...] = (
    (Role.INSTITUTION_AGENT, and_(_PROVIDER_OWES, Engagement.provider_id == _own)),
    (
        Role.ENTERPRISE_AGENT,
        and_(
            _CLIENT_OWES,
            Engagement.client_id == _own,
            Engagement.client_kind == rules.ClientKind.ENTERPRISE,
        ),
    ),
    (
        Role.DEPARTMENT_OFFICER,
        and_(
            _CLIENT_OWES,
            Engagement.client_id == _own,
            Engagement.client_kind == rules.ClientKind.DEPARTMENT,
        ),
    ),
)
# What is still to be paid once the work is rated stands among the jobs about money.
_ONLY_MONEY_LEFT = and_(Engagement.state == rules.State.ACCEPTED, Engagement.rated_at.is_not(None))


def engagement(session: Session, key: int | str, today: date | None = None) -> EngagementRow:
    """One engagement; raises `NotFound`. Without a day it has no light."""
    return ROW.one(session, ROW.by(key), {"today": today})


def names(session: Session, ids: Collection[int]) -> dict[int, EngagementName]:
    """Number, item and address of these engagements: how other pages name them."""
    found = NAME.all(session, NAME.query().where(Engagement.id.in_(ids)))
    return {row.id: row for row in found}


def party(session: Session, key: int | str) -> EngagementParty:
    """Who has to do with an engagement; raises `NotFound`."""
    return PARTY.one(session, PARTY.by(key))


def of_project(
    session: Session, project_id: int, organisation_id: int | None, today: date
) -> tuple[EngagementRow, ...]:
    """The engagements of a project to which an organisation is a party, newest first."""
    query = ROW.query().where(MINE.base, Engagement.project_id == project_id)
    values = {"own": organisation_id, "today": today}
    return ROW.all(session, query.order_by(Engagement.id.desc()), values)


def latest_engagements(
    session: Session,
    organisation_id: int,
    *,
    states: Collection[rules.State] = (),
    below: str = "",
    limit: int,
    today: date,
) -> tuple[EngagementRow, ...]:
    """At most so many engagements of a party, the highest number first, below a number if given.

    Without states every state counts.
    """
    query = ROW.query().where(MINE.base)
    if states:
        query = query.where(Engagement.state.in_(states))
    if below:
        query = query.where(Engagement.number < below)
    values = {"own": organisation_id, "today": today}
    return ROW.all(session, query.order_by(Engagement.number.desc()).limit(limit), values)


@dataclass(frozen=True)
class EngagementCounts:
    """How many engagements a party has, how many are open, and how many of these are late."""

    every: int
    open: int
    late: int


def counts(session: Session, organisation_id: int, today: date) -> EngagementCounts:
    """The figures of a party's desk."""
    late = and_(_is_open, _light == "red")
    query = select(
        func.count(Engagement.id),
        *(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (_is_open, late)),
    )
    values = {"own": organisation_id, "today": today}
    return EngagementCounts(*session.execute(query.where(MINE.base), values).one())


def owed_by(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """What is the turn of the side that the actor acts for."""
    mine = or_(false(), *(owing for role, owing in _ACTING if actor.has(role)))
    values = {"own": actor.organisation_id, "today": today}
    return clocks.owed(session, WAITING, and_(mine, ~_ONLY_MONEY_LEFT), values)


def open_of_listing(session: Session, listing_id: int) -> Iterable[int]:
    """The engagements under way of a listing."""
    query = select(Engagement.id).where(Engagement.listing_id == listing_id, _is_open)
    return session.scalars(query.order_by(Engagement.id.desc())).all()


def open_of_project(session: Session, project_id: int) -> Iterable[int]:
    """The engagements under way for a project."""
    query = select(Engagement.id).where(Engagement.project_id == project_id, _is_open)
    return session.scalars(query.order_by(Engagement.id)).all()


def due_engagements(session: Session, now: datetime) -> Iterable[int]:
    """The engagements at which the tick has to look now."""
    query = select(Engagement.id).where(Engagement.attention_at <= now)
    return session.scalars(query.order_by(Engagement.attention_at)).all()


# The engagements with a day still to come.
DATED = select(Engagement.id).where(_is_open, Engagement.turn_due_on.is_not(None))
