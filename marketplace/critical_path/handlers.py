"""The days of the plan follow the record of the project, its enterprise and the calendar."""

from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.critical_path import queries, services
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects.handlers import follows_project


def _watch(uow: UnitOfWork, project: int) -> None:
    services.watch_project(uow, project=project)


HANDLERS = (
    follows_project("plan-days", _watch),
    follows_calendar(
        "plan-day-calendar",
        Dated(queries.DATED, lambda uow, key: services.follow_calendar(uow, project=key)),
    ),
)
