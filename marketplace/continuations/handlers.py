"""What happens to work when the record of its project changes."""

from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.continuations import queries, services
from marketplace.engagements.events import EngagementTakenOn
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects.handlers import follows_record


def follow_award(uow: UnitOfWork, record: EventRecord) -> None:
    """An award that holds when its project is not active any more is asked about at once."""
    if record.payload.get("competition_id") is not None:
        services.follow_project(uow, record.payload["project_id"])


HANDLERS = (
    follows_record("continuations", services.follow_project),
    Handler("continuations-of-awards", follow_award, (EngagementTakenOn,)),
    follows_calendar(
        "continuation-due-days",
        Dated(queries.DATED, lambda uow, key: services.move_day(uow, continuation=key)),
    ),
)
