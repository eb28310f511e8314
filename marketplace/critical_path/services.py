"""The worker looks at the plan's days and tells the enterprise once before they are used up."""

from datetime import date

from sqlalchemy import select

from marketplace.clocks.queries import yellow_days
from marketplace.critical_path.events import PlanDaysNearlyUsed
from marketplace.critical_path.models import PlanWarning, PlanWatch
from marketplace.critical_path.queries import CriticalPath, critical_path, told_at
from marketplace.critical_path.rules.schedule import Why
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects


def watch_project(uow: UnitOfWork, *, project: int) -> None:
    """Look at a project again at the next opportunity: its record or its enterprise changed."""
    row = _lock(uow, project)
    if row is None:
        uow.session.add(PlanWatch(project_id=project, look_on=local_date(uow.now)))
    else:
        row.look_on = local_date(uow.now)


def look_at_days(uow: UnitOfWork, *, project: int) -> bool:
    """Tell the enterprise if the last of the plan's days is near, once for these days.

    It is near when its light would be yellow. Days that stand or lie idle only put it off, so
    nobody needs to look again before the earliest day on which it can be. Returns whether anything
    was told.
    """
    row = _lock(uow, project)
    today = local_date(uow.now)
    if row is None or row.look_on is None or row.look_on > today:
        return False
    path = critical_path(uow.session, projects.project(uow.session, project), today)
    near = _near_from(uow, path)
    told = near is not None and near <= today and _tell(uow, path)
    ahead = near is not None and near > today
    row.look_on = near if ahead else None
    return told


def follow_calendar(uow: UnitOfWork, *, project: int) -> None:
    """The working days changed: look again at the next opportunity."""
    row = _lock(uow, project)
    if row is not None and row.look_on is not None:
        row.look_on = min(row.look_on, local_date(uow.now))


def _lock(uow: UnitOfWork, project: int) -> PlanWatch | None:
    query = select(PlanWatch).where(PlanWatch.project_id == project).with_for_update()
    return uow.session.scalars(query).one_or_none()


def _near_from(uow: UnitOfWork, path: CriticalPath) -> date | None:
    """The earliest day on which the light of the plan's last day is yellow; None if there is none.

    Nothing is told of what is over, nor while its enterprise is not registered here.
    """
    day = path.count.full or path.count.falls
    if day is None or path.count.over or path.project.enterprise_id is None:
        return None
    return path.calendar.add_workdays(day, -yellow_days(uow.session, path.today))


def _tell(uow: UnitOfWork, path: CriticalPath) -> bool:
    count, enterprise, day = path.count, path.project.enterprise_id, path.count.full
    falls = day or count.falls
    if enterprise is None or falls is None or path.first is None:
        return False
    if told_at(uow.session, path.project.id, enterprise, count.plan.days) is not None:
        return False
    uow.add(
        PlanWarning(
            project_id=path.project.id,
            enterprise_id=enterprise,
            plan_days=count.plan.days,
            falls_on=falls,
            told_at=uow.now,
        )
    )
    first = path.first
    uow.record(
        PlanDaysNearlyUsed(
            subject_id=path.project.id,
            enterprise_id=enterprise,
            plan_days=count.plan.days,
            used_days=count.used,
            falls_on=falls,
            why=first.why.value,
            owner=first.owner.value,
            approval_code=first.code,
            item_code=first.about[0] if first.why is Why.ITEM else "",
        )
    )
    return True
