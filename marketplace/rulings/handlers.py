"""What rulings do when engagements go on: what is over is dropped."""

from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.engagements.events import ENDS, EngagementContracted
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.rulings import queries, services


def drop(uow: UnitOfWork, record: EventRecord) -> None:
    """The contract was concluded, or the work ended: there is nothing to rule any more."""
    services.drop_ruling(uow, engagement=record.subject_id)


HANDLERS = (
    Handler("rulings", drop, (EngagementContracted, *ENDS)),
    follows_calendar(
        "ruling-due-days",
        Dated(queries.DATED, lambda uow, key: services.move_days(uow, ruling=key)),
    ),
)
