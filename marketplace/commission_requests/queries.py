"""Reading requests to departments: one, the lists of both sides, what waits, whom to ask."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, and_, bindparam, case, literal, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import HistoryEntry, OrganisationRow, organisation_name
from marketplace.accounts.queries.departments import OpenWork, former_names
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow, version_name
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.commission_requests.models import CommissionRequest
from marketplace.commission_requests.policy import Standing
from marketplace.commission_requests.rules import DAYS, LIVE, Overtaking, RequestState
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.characters import same_name
from marketplace.projects import queries as projects
from marketplace.projects.queries import ApprovalRow, ProjectRow
from marketplace.projects.rules import PENDING, Needed

_WAITS_FOR = {
    RequestState.ASKED: "commission_request.answer",
    RequestState.TAKEN_UP: "commission_request.notice",
}


@dataclass(frozen=True)
class RequestRow:
    """A request to a department; `name` is the item's, as it was when it was asked for.

    `owner_id` is the enterprise of the project now.
    """

    id: int
    public_id: str
    number: str
    state: RequestState
    enterprise_id: int
    enterprise_name: str
    owner_id: int | None
    project_id: int
    project_name: str
    region_code: str
    item_code: str
    name: str
    name_en: str
    department_name: str
    addressee_id: int
    addressee_name: str
    with_operator: bool
    asked_at: datetime
    due_on: date | None
    light: str
    reason: str
    cause: Overtaking | None
    competition_id: int | None


@dataclass(frozen=True)
class RequestPage:
    """Everything the page of a request shows; `needed` is how the project stands to it now."""

    row: RequestRow
    standing: Standing
    project: ProjectRow
    words: str
    asked_by_name: str
    needed: Needed
    history: tuple[HistoryEntry, ...]


_item = version_name(CommissionRequest.item_version_id)
_light = case(
    *(
        (CommissionRequest.state == state, clocks.light_of(CommissionRequest.due_on, key))
        for state, key in DAYS.items()
    ),
    else_="none",
)
_project_name = projects.project_name(CommissionRequest.project_id)
_owner = projects.project_enterprise(CommissionRequest.project_id)
ROW = row_of(
    RequestRow,
    CommissionRequest,
    enterprise_name=organisation_name(CommissionRequest.enterprise_id),
    owner_id=_owner,
    project_name=_project_name,
    name=_item.name,
    name_en=_item.name_en,
    addressee_name=organisation_name(CommissionRequest.addressee_id),
    light=_light,
)
_STANDING = row_of(Standing, CommissionRequest, owner_id=LATER, trail=LATER)
_own = bindparam("own", type_=Integer)
_ORDER = {"": clocks.most_urgent(_light, CommissionRequest.due_on)}
# What is still on its way first, then the latest.
SENT = PagedList(
    ROW,
    or_(CommissionRequest.enterprise_id == _own, _owner == _own),
    {"": (CommissionRequest.ended_at.is_not(None),)},
)
# What is owed first, the most urgent before the others.
RECEIVED = PagedList(ROW, CommissionRequest.addressee_id == _own, _ORDER)
# What departments, and the operator, owe.
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        CommissionRequest,
        kind=literal("commission_request"),
        what=case(
            (CommissionRequest.with_operator, "commission_request.address"),
            *((CommissionRequest.state == state, what) for state, what in _WAITS_FOR.items()),
        ),
        owes_organisation_id=CommissionRequest.addressee_id,
        light=_light,
        about_organisation_id=clocks.NO_NUMBER,
        title=_project_name,
        since=CommissionRequest.state_since,
        figure=clocks.NO_NUMBER,
    ),
    CommissionRequest.state.in_(tuple(DAYS)),
)
# The requests with a day by which something is due.
DATED = select(CommissionRequest.id).where(CommissionRequest.due_on.is_not(None))


def request_row(session: Session, key: int | str, today: date) -> RequestRow:
    """One request by its integer key or public id; raises `NotFound`."""
    return ROW.one(session, ROW.by(key), clocks.light_days(session, today))


def request_page(session: Session, key: int | str, today: date) -> RequestPage:
    """One request with all its page shows; raises `NotFound`. Who may see it the caller asks."""
    row = request_row(session, key, today)
    kept = session.scalars(select(CommissionRequest).where(CommissionRequest.id == row.id)).one()
    return RequestPage(
        row=row,
        standing=standing_of(session, kept),
        project=projects.project(session, row.project_id),
        words=kept.body,
        asked_by_name=accounts.person(session, kept.asked_by).name,
        needed=projects.need_on(session, row.project_id, row.item_code, today),
        history=accounts.history(session, "commission_request", row.id),
    )


def standing_of(session: Session, row: CommissionRequest) -> Standing:
    """What the policies ask of a request."""
    trail = accounts.trail(session, {"commission_request": (row.id,)})
    owner_id = projects.project(session, row.project_id).enterprise_id
    return _STANDING.of(row, owner_id=owner_id, trail=trail)


def sides_of(row: RequestRow) -> Standing:
    """Who sees a request that was read already; who acted in it is not asked."""
    return Standing(row.state, row.enterprise_id, row.owner_id, row.addressee_id, row.with_operator)


def live_of_project(session: Session, project_id: int, today: date) -> tuple[RequestRow, ...]:
    """The requests for items of a project that have not ended, the latest first."""
    query = (
        ROW.query()
        .where(CommissionRequest.project_id == project_id, CommissionRequest.state.in_(LIVE))
        .order_by(CommissionRequest.id.desc())
    )
    return ROW.all(session, query, clocks.light_days(session, today))


def owed_by(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """What an officer of a department, or the operator, has to answer and to publish."""
    mine = and_(
        CommissionRequest.addressee_id == actor.organisation_id,
        CommissionRequest.with_operator == actor.has(Role.SYSTEM_ADMIN),
    )
    return clocks.owed(session, WAITING, mine, clocks.light_days(session, today))


def asked_of_project(session: Session, project_id: int) -> tuple[int, ...]:
    """The requests for items of a project that nobody has taken up."""
    query = select(CommissionRequest.id).where(
        CommissionRequest.project_id == project_id, CommissionRequest.state == RequestState.ASKED
    )
    return tuple(session.scalars(query.order_by(CommissionRequest.id)))


# ------------------------------------------------------------------ whom to ask


def approval_in_charge(
    session: Session, project_id: int, item: ItemRow, today: date
) -> ApprovalRow | None:
    """The approval item of the project that calls for an item: one still open before others."""
    linked = {one.code for one in item.called_by(today)}
    calling = [one for one in projects.approvals_of(session, project_id) if one.code in linked]
    return min(calling, key=lambda one: one.status not in PENDING, default=None)


def departments_for(session: Session, region_code: str) -> tuple[OrganisationRow, ...]:
    """The departments that may commission for projects of a region, the nearest first."""
    regions = catalogue.regions(session).upwards(region_code)
    found = [
        one
        for one in accounts.organisations_with(session, Capacity.DEPARTMENT)
        if one.region_code in regions
    ]
    return tuple(sorted(found, key=lambda one: (regions.index(one.region_code), one.name)))


def department_named(session: Session, name: str, region_code: str) -> OrganisationRow | None:
    """The department that the approval platform calls so, if it may commission in the region.

    The platform may go on using a name of before; one that has the name now comes first.
    """
    within = departments_for(session, region_code)
    former = former_names(session)
    called = [one for one in within if same_name(one.name, name)]
    called += [one for one in within if any(same_name(was, name) for was in former.get(one.id, ()))]
    return called[0] if called else None


def open_for(session: Session, department_id: int) -> tuple[OpenWork, ...]:
    """The requests that a department has to answer or to follow with a notice."""
    query = (
        select(CommissionRequest.number, _project_name)
        .where(CommissionRequest.addressee_id == department_id)
        .where(CommissionRequest.state.in_(LIVE), ~CommissionRequest.with_operator)
        .order_by(CommissionRequest.id)
    )
    return tuple(OpenWork("request", *row) for row in session.execute(query))
