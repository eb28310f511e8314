"""What requests do when projects change: those that lost their sense end, days follow the calendar.

A competition tells of itself in its own act (`services.answer_by_notice`).
"""

from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.commission_requests import queries, services
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects.events import ItemClaimed
from marketplace.projects.handlers import follows_record


def follow(uow: UnitOfWork, project: int) -> None:
    """Look at the requests of a project that changed, or of which somebody commissions an item."""
    for key in queries.asked_of_project(uow.session, project):
        services.follow_project(uow, request=key)


HANDLERS = (
    follows_record("commission-requests", follow, ItemClaimed),
    follows_calendar(
        "commission-request-due-days",
        Dated(queries.DATED, lambda uow, key: services.move_day(uow, request=key)),
    ),
)
