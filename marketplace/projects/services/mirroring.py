"""Writing down what the approval platform says about a project."""

from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import Refused
from marketplace.projects import policy, rules
from marketplace.projects.events import ProjectChanged, ProjectRecorded
from marketplace.projects.models import Project, ProjectApproval
from marketplace.projects.rules import ApprovalRecord, ProjectRecord
from marketplace.projects.services.wanting import (
    answer_waiting,
    lock_waiting,
    refuse_waiting,
    take_up,
)


def record_project(uow: UnitOfWork, *, record: ProjectRecord) -> int | None:
    """Mirror the record and answer everybody who waits for its code; return the project's key.

    Foreign-invested and classified projects and those of other provinces are refused: None where
    somebody waited and was told, otherwise `Refused`. An older record than the one mirrored
    changes nothing, so records may arrive in any order. One enterprise owns the project: the one
    the record names; other enterprises that wait are referred to it.
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
    uow.record(
        ProjectRecorded(
            project.id,
            record.code,
            record.region_code,
            record.stage_code,
            project.enterprise_id,
        )
    )
    return project


def _follow(uow: UnitOfWork, project: Project, record: ProjectRecord) -> None:
    """Take over a newer record; one that is not newer says nothing new."""
    if record.revision <= project.revision:
        return
    project.state = rules.move_project(project.state, rules.state_of(record))
    if record.enterprise_credit_code != project.enterprise_credit_code:
        project.enterprise_id = None
    _write(uow, project, record)
    uow.flush()
    uow.record(ProjectChanged(project.id, record.stage_code, project.state.value, record.revision))


def _write(uow: UnitOfWork, project: Project, record: ProjectRecord) -> None:
    project.name = record.name
    project.enterprise_name = record.enterprise_name
    project.enterprise_credit_code = record.enterprise_credit_code
    project.region_code = record.region_code
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
