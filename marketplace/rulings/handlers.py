"""What rulings do when engagements go on: an overdue award is asked about, what is over dropped."""

from marketplace.engagements.events import ENDS, EngagementContracted, EngagementOverdue
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.rulings import services


def ask(uow: UnitOfWork, record: EventRecord) -> None:
    """The day for a contract has passed; whether it is that of an award is asked under the lock."""
    if record.payload["what"] == "contract":
        services.ask_for_ruling(uow, engagement=record.subject_id)


def drop(uow: UnitOfWork, record: EventRecord) -> None:
    """The contract was concluded, or the work ended: there is nothing to rule any more."""
    services.drop_ruling(uow, engagement=record.subject_id)


HANDLERS = (
    Handler("rulings", ask, (EngagementOverdue,)),
    Handler("rulings-dropped", drop, (EngagementContracted, *ENDS)),
)
