"""What contracts do when engagements go on: texts lapse, contracts end. And who reads annexes."""

from sqlalchemy.orm import Session

from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.contracts import services
from marketplace.contracts.queries import reading
from marketplace.engagements.events import ENDS, DeliveryAccepted
from marketplace.engagements.handlers import may_read_contract
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor


def follow(uow: UnitOfWork, record: EventRecord) -> None:
    """What nobody confirmed lapses; the contract ends with its engagement."""
    over = record.kind != DeliveryAccepted.KIND
    services.follow_engagement(uow, engagement=record.subject_id, over=over)


def may_read_paper(actor: Actor, session: Session, version_id: int) -> bool:
    """Whoever may see the engagement reads the annexes of its contract."""
    owner = reading.engagement_of_version(session, version_id)
    return owner is not None and may_read_contract(actor, session, owner)


HANDLERS = (
    Handler("contracts", follow, (DeliveryAccepted, *ENDS)),
    follows_calendar(
        "amendment-due-days",
        Dated(reading.DATED, lambda uow, key: services.move_day(uow, version=key)),
    ),
)
