"""What verdicts do when work goes on."""

from marketplace.engagements.events import ACCEPTANCES
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.verdicts import services


def await_verdict(uow: UnitOfWork, record: EventRecord) -> None:
    """The client accepted a version: the approving department judges it next."""
    services.await_verdict(
        uow, engagement=record.subject_id, version=int(record.payload["version"])
    )


HANDLERS = (Handler("verdicts", await_verdict, ACCEPTANCES),)
