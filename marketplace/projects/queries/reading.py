"""Projects one by one and in lists, what they need, who holds it, what codes are looked up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, false, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries.departments import OpenWork
from marketplace.catalogue import queries as catalogue
from marketplace.infra.rows import row_of, through
from marketplace.kernel import project_code
from marketplace.kernel.actors import Actor, Capacity
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.kernel.errors import NotFound
from marketplace.projects.models import (
    ItemClaim,
    Project,
    ProjectApproval,
    ProjectHandover,
    ProjectStand,
    WantedProject,
)
from marketplace.projects.policy import ProjectStanding, may_see
from marketplace.projects.queries.rows import (
    ApprovalRow,
    ClaimRow,
    ProjectRow,
    StandRow,
    WantedRow,
)
from marketplace.projects.rules import Claimant, ProjectState, WantedState

PROJECT = row_of(ProjectRow, Project)
APPROVAL = row_of(ApprovalRow, ProjectApproval)
STAND = row_of(StandRow, ProjectStand)
CLAIM = row_of(ClaimRow, ItemClaim)
WANTED = row_of(
    WantedRow,
    WantedProject,
    project_public_id=func.coalesce(through(WantedProject.project_id, Project.public_id), ""),
)
_HELD = CLAIM.query().where(ItemClaim.released_at.is_(None))


def project(session: Session, key: int | str) -> ProjectRow:
    """One project by its integer key or public id; raises `NotFound`."""
    return PROJECT.one(session, PROJECT.by(key))


def is_active(session: Session, project_id: int) -> bool:
    """Whether the record of a project says so now; raises `NotFound`."""
    return project(session, project_id).state is ProjectState.ACTIVE


def seen_project(
    session: Session, actor: Actor, key: int | str
) -> tuple[ProjectRow, ProjectStanding]:
    """A project and how it stands to the actor; to those who may not see it, it does not exist.

    Raises `NotFound`.
    """
    row = project(session, key)
    found = standing_of(session, actor, row)
    if not may_see(actor, found):
        raise NotFound
    return row, found


def projects(session: Session, ids: Iterable[int]) -> dict[int, ProjectRow]:
    """Projects by key; unknown keys are left out."""
    found = PROJECT.all(session, PROJECT.query().where(Project.id.in_(set(ids))))
    return {row.id: row for row in found}


def project_name(key: Any) -> ColumnElement[str]:
    """The name of the project that a column of another table points to."""
    return through(key, Project.name)


def project_enterprise(key: Any) -> ColumnElement[int | None]:
    """The enterprise of the project that a column of another table points to, as it is now."""
    return through(key, Project.enterprise_id)


class Heading(NamedTuple):
    """What other records show of a project, as expressions for their own queries."""

    public_id: ColumnElement[str]
    code: ColumnElement[str]
    name: ColumnElement[str]
    state: ColumnElement[ProjectState]


def heading(key: Any) -> Heading:
    """The heading of the project that a column of another table points to."""
    return Heading(
        through(key, Project.public_id),
        through(key, Project.code),
        through(key, Project.name),
        through(key, Project.state),
    )


def find_project(session: Session, code: str) -> ProjectRow | None:
    """The mirrored project of a code, if there is one."""
    query = PROJECT.query().where(Project.code == project_code.normalise(code))
    return next(iter(PROJECT.all(session, query)), None)


def of_enterprise(actor: Actor) -> ColumnElement[bool]:
    """What narrows a list of projects to those an enterprise's agent sees: none before the letter.

    `policy.may_see` says the same of one project.
    """
    if actor.provisional or actor.organisation_id is None:
        return false()
    return Project.enterprise_id == actor.organisation_id


def projects_of(session: Session, actor: Actor) -> tuple[ProjectRow, ...]:
    """The projects of the agent's enterprise, those under way first, the latest change first."""
    query = (
        PROJECT.query()
        .where(of_enterprise(actor))
        .order_by(Project.state != ProjectState.ACTIVE, Project.changed_at.desc(), Project.id)
    )
    return PROJECT.all(session, query)


def in_regions(codes: Collection[str]) -> ColumnElement[bool]:
    """What narrows a list of projects to these regions."""
    return Project.region_code.in_(codes)


def projects_by_code(
    session: Session,
    *,
    enterprise_id: int | None,
    regions: Collection[str],
    above: str = "",
    limit: int,
) -> tuple[ProjectRow, ...]:
    """At most so many projects of an enterprise (None: of none) or of these regions, by code.

    Excluded ones show only to their enterprise. `above` leaves out codes up to that one.
    """
    theirs = and_(Project.region_code.in_(regions), Project.state != ProjectState.EXCLUDED)
    own = Project.enterprise_id == enterprise_id
    query = PROJECT.query().where(theirs if enterprise_id is None else or_(own, theirs))
    if above:
        query = query.where(Project.code > above)
    return PROJECT.all(session, query.order_by(Project.code).limit(limit))


_WATCHERS = frozenset({Capacity.DEPARTMENT, Capacity.SUPERVISOR})


def standing(session: Session, actor: Actor, key: int | str) -> ProjectStanding:
    """How a project stands to the actor; raises `NotFound`."""
    return standing_of(session, actor, project(session, key))


def standing_of(session: Session, actor: Actor, row: ProjectRow) -> ProjectStanding:
    """The same for a project that was read already."""
    return ProjectStanding(
        row.id,
        row.enterprise_id,
        row.state,
        of_region=in_region_of(session, actor, row.region_code),
        was_theirs=_was_theirs(session, actor, row.id),
    )


def _was_theirs(session: Session, actor: Actor, project_id: int) -> bool:
    """Whether the actor's organisation was the project's enterprise before another was named."""
    if not actor.is_a(Capacity.ENTERPRISE):
        return False
    query = select(ProjectHandover.id).where(
        ProjectHandover.project_id == project_id,
        ProjectHandover.from_id == actor.organisation_id,
    )
    return session.scalar(query.limit(1)) is not None


def in_region_of(session: Session, actor: Actor, region_code: str) -> bool:
    """Whether the actor works for a department or supervisor whose region contains this one."""
    if actor.organisation_id is None or not actor.capacities & _WATCHERS:
        return False
    own = accounts.organisation(session, actor.organisation_id).region_code
    return catalogue.regions(session).contains(own, region_code)


def approvals_of(session: Session, project_id: int) -> tuple[ApprovalRow, ...]:
    """The approval items of a project in the platform's order."""
    query = (
        APPROVAL.query()
        .where(ProjectApproval.project_id == project_id)
        .order_by(ProjectApproval.position, ProjectApproval.id)
    )
    return APPROVAL.all(session, query)


def announced_of(session: Session, project_ids: Iterable[int]) -> frozenset[int]:
    """Those of which the platform has told a change that was not fetched yet."""
    query = select(Project.id).where(
        Project.id.in_(list(project_ids)), Project.announced_revision > Project.revision
    )
    return frozenset(session.scalars(query))


def stands_of(session: Session, project_id: int) -> tuple[StandRow, ...]:
    """When clocks of the project's approval items stood, in the platform's order."""
    query = STAND.query().where(ProjectStand.project_id == project_id)
    return STAND.all(session, query.order_by(ProjectStand.position))


def claims_of(session: Session, project_id: int) -> tuple[ClaimRow, ...]:
    """The claims held on a project's items."""
    query = _HELD.where(ItemClaim.project_id == project_id)
    return CLAIM.all(session, query.order_by(ItemClaim.item_code))


def claims_on(session: Session, project_ids: Iterable[int], item_code: str) -> dict[int, ClaimRow]:
    """The claims held on one item of many projects, by the project's id."""
    query = _HELD.where(
        ItemClaim.project_id.in_(list(project_ids)), ItemClaim.item_code == item_code
    )
    return {row.project_id: row for row in CLAIM.all(session, query)}


def claim_of(session: Session, project_id: int, item_code: str) -> ClaimRow | None:
    """The claim held on an item of a project, if any."""
    return claims_on(session, [project_id], item_code).get(project_id)


def may_claim(session: Session, held: ClaimRow | None) -> Decision:
    """Nobody else commissions what is held; the refusal names the organisation that holds it."""
    if held is None:
        return ALLOWED
    holders = accounts.organisations(session, [held.organisation_id or 0])
    names = [row.name for row in holders.values()]
    said = {
        "holder": names[0] if names else held.record_kind,
        "claimant": f"claimant.{held.claimed_by}",
    }
    return Decision("project.item_taken", said)


def claim_by(session: Session, record_kind: str, record_id: int) -> ClaimRow | None:
    """The claim that a record holds, if any."""
    query = _HELD.where(ItemClaim.record_kind == record_kind, ItemClaim.record_id == record_id)
    return next(iter(CLAIM.all(session, query)), None)


@dataclass(frozen=True)
class ProjectCounts:
    """How many projects an enterprise has, and how many codes it waits for or was refused."""

    every: int
    active: int
    wanted: int
    waiting: int


def counts_of(session: Session, organisation_id: int) -> ProjectCounts:
    """The projects and wanted codes of an organisation in figures."""
    mine = Project.enterprise_id == organisation_id
    asked = WantedProject.organisation_id == organisation_id

    def many(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).where(*conditions).scalar_subquery()

    found = session.execute(
        select(
            many(mine),
            many(mine, Project.state == ProjectState.ACTIVE),
            many(asked, WantedProject.state != WantedState.RECORDED),
            many(asked, WantedProject.state == WantedState.WAITING),
        )
    ).one()
    return ProjectCounts(*found)


SHOWN = 20


def wanted(session: Session, key: int | str) -> WantedRow:
    """One wanted code by its integer key or public id; raises `NotFound`."""
    return WANTED.one(session, WANTED.by(key))


def wanted_by_organisation(session: Session, organisation_id: int) -> tuple[WantedRow, ...]:
    """An organisation's codes that wait or were refused, the latest first."""
    query = (
        WANTED.query()
        .where(
            WantedProject.organisation_id == organisation_id,
            WantedProject.state != WantedState.RECORDED,
        )
        .order_by(WantedProject.wanted_at.desc(), WantedProject.id.desc())
        .limit(SHOWN)
    )
    return WANTED.all(session, query)


def waiting_codes(session: Session, limit: int) -> tuple[str, ...]:
    """The codes that wait, the oldest first; those of organisations before refreshes."""
    query = (
        select(WantedProject.code)
        .where(WantedProject.state == WantedState.WAITING)
        .group_by(WantedProject.code)
        .order_by(
            func.max(WantedProject.organisation_id).is_(None), func.min(WantedProject.wanted_at)
        )
        .limit(limit)
    )
    return tuple(session.scalars(query))


def known_revisions(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Of these codes the ones mirrored here, with the revision each has."""
    query = select(Project.code, Project.revision).where(Project.code.in_(codes))
    return {row[0]: row[1] for row in session.execute(query)}


def open_for(session: Session, department_id: int) -> tuple[OpenWork, ...]:
    """The items that a department holds, by the project it holds them for."""
    query = (
        select(ItemClaim.item_code, project_name(ItemClaim.project_id))
        .where(ItemClaim.organisation_id == department_id, ItemClaim.released_at.is_(None))
        .where(ItemClaim.claimed_by == Claimant.DEPARTMENT)
        .order_by(ItemClaim.id)
    )
    return tuple(OpenWork("claim", *row) for row in session.execute(query))
