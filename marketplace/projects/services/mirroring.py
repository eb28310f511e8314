"""A code is wanted, the approval platform answers, and what it says is written down."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.rows import in_common
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor, Capacity
from marketplace.kernel.errors import Refused
from marketplace.projects import events, policy, rules
from marketplace.projects.models import (
    Project,
    ProjectApproval,
    ProjectHandover,
    ProjectStand,
    WantedProject,
)
from marketplace.projects.queries.reading import in_region_of, standing_of
from marketplace.projects.queries.reading import project as project_row
from marketplace.projects.rules import (
    ApprovalRecord,
    ProjectRecord,
    ProjectState,
    StandRecord,
    WantedState,
)
from marketplace.projects.services.claims import free_unused


@dataclass(frozen=True)
class WantedRef:
    """The wanted code, or, where the project is here already, its public id."""

    public_id: str
    project_public_id: str = ""


def want_project(uow: UnitOfWork, *, code: str) -> WantedRef:
    """Have the project of a code looked up for the actor's organisation.

    Wanting it again while it waits changes nothing; a project that is here already is handed to
    its enterprise at once. Refuses a wrong shape, a code of another province, the project of
    another enterprise or another region, and more than a day's worth of waiting codes.
    """
    organisation_id = uow.actor.organisation_id or 0
    own = _waiting(uow, organisation_id)
    policy.may_want(uow.actor).require()
    wanted = rules.read_code(code).text
    known = _lock_project(uow, wanted)
    if known is not None:
        return _hand_over(uow, known)
    for row in own:
        if row.code == wanted:
            return WantedRef(row.public_id)
    if len(own) >= rules.MOST_WAITING:
        raise Refused("project.too_many_waiting", field="code", most=rules.MOST_WAITING)
    return WantedRef(_add(uow, wanted, organisation_id))


def _add(uow: UnitOfWork, code: str, organisation_id: int) -> str:
    """Note the wish; refused where a colleague wanted the same at the same instant."""
    row = WantedProject(
        code=code,
        organisation_id=organisation_id,
        wanted_by=uow.actor.user_id,
        wanted_at=uow.now,
    )
    try:
        uow.add(row)
    except IntegrityError:
        raise Refused("project.wanted_already", field="code") from None
    uow.record(events.ProjectWanted.of(row))
    return row.public_id


def _waiting(uow: UnitOfWork, organisation_id: int) -> list[WantedProject]:
    query = select(WantedProject).where(
        WantedProject.organisation_id == organisation_id,
        WantedProject.state == WantedState.WAITING,
    )
    return list(uow.session.scalars(query.with_for_update()))


def _lock_project(uow: UnitOfWork, code: str) -> Project | None:
    query = select(Project).where(Project.code == code).with_for_update()
    return uow.session.scalars(query).one_or_none()


def _hand_over(uow: UnitOfWork, known: Project) -> WantedRef:
    """A mirrored project goes to whoever its record names, and to the department of its region."""
    if policy.wants_as(uow.actor) is Capacity.DEPARTMENT:
        row = project_row(uow.session, known.id)
        if not policy.may_see(uow.actor, standing_of(uow.session, uow.actor, row)):
            raise Refused("project.other_region", field="code")
        return WantedRef("", known.public_id)
    if known.enterprise_credit_code != _credit_code(uow):
        raise Refused("project.other_enterprise", field="code")
    if known.state is ProjectState.EXCLUDED:
        raise Refused("project.excluded", field="code")
    take_up(uow, known, uow.actor.organisation_id or 0)
    return WantedRef("", known.public_id)


def _credit_code(uow: UnitOfWork) -> str:
    return accounts.organisation(uow.session, uow.actor.organisation_id or 0).credit_code


def take_up(uow: UnitOfWork, project: Project, enterprise_id: int | None) -> None:
    """Give the project to its enterprise, once it is registered."""
    if enterprise_id is None or project.enterprise_id == enterprise_id:
        return
    project.enterprise_id = enterprise_id
    uow.record(events.ProjectTakenUp.of(project))


def lock_waiting(uow: UnitOfWork, code: str) -> list[WantedProject]:
    """Everybody who waits for a code, the first who asked first."""
    query = (
        select(WantedProject)
        .where(WantedProject.code == code, WantedProject.state == WantedState.WAITING)
        .order_by(WantedProject.id)
        .with_for_update()
    )
    return list(uow.session.scalars(query))


def answer_waiting(uow: UnitOfWork, rows: list[WantedProject], project: Project) -> None:
    """Tell everybody who waits that the record is here, or whom it belongs to."""
    for row in rows:
        reason = _misfit(uow.session, row, project)
        if reason:
            _refuse(uow, row, reason)
            continue
        _settle(row, WantedState.RECORDED, uow.now)
        row.project_id = project.id
        uow.record(events.ProjectArrived.of(row))


def _misfit(session: Session, row: WantedProject, project: Project) -> str:
    """Why the record is not for this organisation, or an empty text."""
    if row.organisation_id is None:
        return ""
    asker = accounts.organisation(session, row.organisation_id)
    if Capacity.ENTERPRISE in asker.capacities:
        fits = asker.credit_code == project.enterprise_credit_code
        return "" if fits else "project.other_enterprise"
    actor = Actor(organisation_id=asker.id, capacities=asker.capacities)
    inside = in_region_of(session, actor, project.region_code)
    return "" if inside else "project.other_region"


def refuse_waiting(uow: UnitOfWork, rows: list[WantedProject], reason: str) -> None:
    """Tell everybody who waits why there will be no record."""
    for row in rows:
        _refuse(uow, row, reason)


def _refuse(uow: UnitOfWork, row: WantedProject, reason: str) -> None:
    _settle(row, WantedState.REFUSED, uow.now)
    row.reason = reason
    uow.record(events.ProjectRefused.of(row, refusal_code=reason))


def _settle(row: WantedProject, target: WantedState, at: datetime) -> None:
    row.state = rules.settle_wanted(row.state, target)
    row.settled_at = at


def refuse_wanted(uow: UnitOfWork, *, code: str, reason: str) -> int:
    """Answer everybody who waits for a code with a refusal; return how many there were.

    The platform calls it when the approval platform knows no such project, or sends a record that
    makes no sense.
    """
    rows = lock_waiting(uow, code)
    policy.may_mirror(uow.actor).require()
    refuse_waiting(uow, rows, reason)
    return len(rows)


def refresh_project(uow: UnitOfWork, *, code: str, revision: int) -> bool:
    """Have a mirrored project looked up again, because the platform told of a newer revision.

    Until that or a later one is here, nobody knows what the project needs. False where the project
    is not mirrored here or waits to be looked up again already.
    """
    known = _lock_project(uow, code)
    policy.may_mirror(uow.actor).require()
    if known is None:
        return False
    known.announced_revision = max(known.announced_revision, revision)
    uow.flush()
    waiting = uow.session.scalars(
        select(func.count(WantedProject.id)).where(
            WantedProject.code == code,
            WantedProject.state == WantedState.WAITING,
            WantedProject.organisation_id.is_(None),
        )
    ).one()
    if waiting:
        return False
    row = uow.add(WantedProject(code=code, wanted_at=uow.now))
    uow.record(events.ProjectWanted.of(row))
    return True


def delay_wanted(uow: UnitOfWork, *, code: str) -> None:
    """Note once, for those who wait, that the approval platform cannot be asked at present."""
    rows = lock_waiting(uow, code)
    policy.may_mirror(uow.actor).require()
    for row in rows:
        if row.delayed_at is None:
            row.delayed_at = uow.now
            uow.record(events.ProjectDelayed.of(row))


def record_project(uow: UnitOfWork, *, record: ProjectRecord) -> int | None:
    """Mirror the record and answer everybody who waits for its code; return the project's key.

    Foreign-invested and classified projects and those of other provinces are refused: None where
    somebody waited and was told, otherwise `Refused`. An older record than the one mirrored
    changes nothing, so records may arrive in any order. One enterprise owns the project: the one
    the record names; other enterprises that wait are referred to it. Where it names another than
    before, what the one before held and nobody works on falls free in this act.
    """
    waiting = lock_waiting(uow, record.code)
    policy.may_mirror(uow.actor).require()
    project = _lock(uow, record.code)
    reason = rules.exclusion(record)
    if project is None and reason:
        if not waiting:
            raise Refused(reason, field="code")
        refuse_waiting(uow, waiting, reason)
        return None
    if project is None:
        project = _first(uow, record)
    else:
        _follow(uow, project, record)
    if reason:
        refuse_waiting(uow, waiting, reason)
        return None
    take_up(uow, project, _enterprise(uow, project.enterprise_credit_code))
    answer_waiting(uow, waiting, project)
    return project.id


def _lock(uow: UnitOfWork, code: str) -> Project | None:
    query = select(Project).where(Project.code == code).with_for_update()
    return uow.session.scalars(query).one_or_none()


def _enterprise(uow: UnitOfWork, credit_code: str) -> int | None:
    """The registered enterprise of a credit code."""
    found = accounts.find_organisation(uow.session, credit_code)
    return found.id if found and Capacity.ENTERPRISE in found.capacities else None


def _first(uow: UnitOfWork, record: ProjectRecord) -> Project:
    project = Project(
        code=record.code,
        state=rules.state_of(record),
        enterprise_id=_enterprise(uow, record.enterprise_credit_code),
    )
    _write(uow, project, record)
    uow.add(project)
    uow.record(events.ProjectRecorded.of(project))
    _tell_unknown_region(uow, project, record)
    return project


def _follow(uow: UnitOfWork, project: Project, record: ProjectRecord) -> None:
    """Take over a newer record; one that is not newer says nothing new."""
    if record.revision <= project.revision:
        return
    project.state = rules.move_project(project.state, rules.state_of(record))
    if record.enterprise_credit_code != project.enterprise_credit_code:
        _hand_on(uow, project, record.revision)
    was = project.region_code
    _write(uow, project, record)
    uow.flush()
    uow.record(events.ProjectChanged.of(project, state=project.state.value))
    if project.region_code != was:
        _tell_unknown_region(uow, project, record)


def _hand_on(uow: UnitOfWork, project: Project, revision: int) -> None:
    """Another enterprise is named: whose it was stays known, and what it did not use falls free."""
    was, project.enterprise_id = project.enterprise_id, None
    if was is not None:
        handed = ProjectHandover(
            project_id=project.id, revision=revision, from_id=was, handed_at=uow.now
        )
        uow.add(handed)
    free_unused(uow, project)
    uow.record(events.ProjectHandedOver.of(project, from_id=was, revision=revision))


def _write(uow: UnitOfWork, project: Project, record: ProjectRecord) -> None:
    project.name = record.name
    project.enterprise_name = record.enterprise_name
    project.enterprise_credit_code = record.enterprise_credit_code
    project.region_code = _region(uow, record.region_code)
    project.kind = record.kind
    project.stage_code = record.stage_code
    project.investment_fen = record.investment_fen
    project.revision = record.revision
    project.changed_at = record.changed_at
    project.fetched_at = uow.now
    known = {row.code: row for row in project.approvals}
    project.approvals = [
        _approval(known.get(one.code), one, place) for place, one in enumerate(record.approvals)
    ]
    project.tells_stands = record.stands is not None
    project.stands = [_stand(one, place) for place, one in enumerate(record.stands or ())]


def _region(uow: UnitOfWork, code: str) -> str:
    """The region of our table that a project counts for, so that its department sees it."""
    return catalogue.regions(uow.session).counts_for(code) or code


def _tell_unknown_region(uow: UnitOfWork, project: Project, record: ProjectRecord) -> None:
    if catalogue.regions(uow.session).get(record.region_code) is None:
        uow.record(events.ProjectRegionUnknown.of(project, given_code=record.region_code))


def _approval(row: ProjectApproval | None, one: ApprovalRecord, position: int) -> ProjectApproval:
    row = row or ProjectApproval(code=one.code)
    row.position = position
    row.name = one.name
    row.stage_code = one.stage_code
    row.department = one.department
    row.status = one.status
    row.accepted_on = one.accepted_on
    row.decided_on = one.decided_on
    row.due_on = one.due_on
    row.limit_value = one.limit_value
    row.limit_unit = one.limit_unit
    return row


def _stand(one: StandRecord, position: int) -> ProjectStand:
    return ProjectStand(position=position, **in_common(one, ProjectStand))
