"""Small acts for the tests of the outbox: facts about a subject, and what became of them."""

from datetime import UTC, datetime

from sqlalchemy import select

from marketplace.infra.database import reading_session
from marketplace.infra.events import FileStored
from marketplace.infra.outbox.models import Delivery
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Actor, Role

OPERATOR = Actor(
    user_id=1, organisation_id=1, membership_id=1, roles=frozenset({Role.SYSTEM_ADMIN})
)


def act(actor: Actor = SYSTEM) -> UnitOfWork:
    """A unit of work, now."""
    return UnitOfWork(actor, datetime.now(UTC), request_id="request-of-the-test")


def happen(subject_id: int, times: int = 1) -> None:
    """Record so many facts about a subject, each in a transaction of its own."""
    for number in range(times):
        with act() as uow:
            uow.record(FileStored(subject_id, "test", None, "scan", "0" * 64, number + 1))


def deliveries(subscriber: str = "listener") -> list[Delivery]:
    """All deliveries of a subscriber in the order of their events."""
    with reading_session() as session:
        query = select(Delivery).where(Delivery.subscriber == subscriber)
        return list(session.scalars(query.order_by(Delivery.event_id)))


def states(subscriber: str = "listener") -> list[str]:
    """The states of all deliveries of a subscriber in the order of their events."""
    return [row.state for row in deliveries(subscriber)]
