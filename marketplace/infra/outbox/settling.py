"""What the operator decides about a parked delivery: try again, or give it up, with a reason.

A letter that was refused for good is not parked, because it holds nothing up; it is sent again,
too.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.infra.clock import real_now
from marketplace.infra.events import DeliveryReplayed, DeliverySkipped
from marketplace.infra.outbox.models import Delivery, DeliveryState, EventRecord
from marketplace.infra.outbox.queue import standing, told
from marketplace.infra.rows import row_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.kernel.errors import Refused


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery as the operator sees it."""

    id: int
    event_id: int
    event_kind: str
    subject_kind: str
    subject_id: int
    subscriber: str
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    last_error: str
    settled_reason: str


_DELIVERY = row_of(DeliveryRow, Delivery, event_kind=EventRecord.kind)


def may_settle_deliveries(actor: Actor) -> Decision:
    """The operator's system administrator, or the platform itself (the command line)."""
    if not (actor.is_system or actor.has(Role.SYSTEM_ADMIN)):
        return Decision("delivery.not_yours")
    return ALLOWED


def replay_delivery(uow: UnitOfWork, *, delivery_id: int, reason: str) -> None:
    """Make a parked delivery, or a letter that was given up, due at once with all its attempts.

    Refuses what is neither, an empty reason and anybody but the operator.
    """
    row = _locked(uow, delivery_id, reason)
    if not row.may_be_replayed:
        raise Refused("delivery.not_parked")
    row.state, row.done_at = DeliveryState.PENDING, None
    row.attempts = 0
    row.next_attempt_at = real_now()
    row.settled_reason = reason.strip()
    uow.record(DeliveryReplayed(row.id, row.event_id, row.subscriber))


def skip_delivery(uow: UnitOfWork, *, delivery_id: int, reason: str) -> None:
    """Give a parked delivery up; the later ones of its subject go on.

    Refuses what is not parked, an empty reason and anybody but the operator.
    """
    row = _locked(uow, delivery_id, reason)
    if row.state != DeliveryState.PARKED:
        raise Refused("delivery.not_parked")
    row.state = DeliveryState.SKIPPED
    row.done_at = real_now()
    row.settled_reason = reason.strip()
    uow.record(DeliverySkipped(row.id, row.event_id, row.subscriber))


def _locked(uow: UnitOfWork, delivery_id: int, reason: str) -> Delivery:
    row = uow.lock(Delivery, delivery_id)
    may_settle_deliveries(uow.actor).require()
    if not 3 <= len(reason.strip()) <= 500:
        raise Refused("delivery.reason_needed", field="reason")
    return row


def deliveries_in(
    session: Session, state: DeliveryState, *, limit: int = 200
) -> tuple[DeliveryRow, ...]:
    """The deliveries in a state, oldest event first."""
    query = (
        _DELIVERY.query()
        .join(EventRecord, EventRecord.id == Delivery.event_id)
        .where(*standing(state), *told())
        .order_by(Delivery.event_id, Delivery.id)
    )
    return _DELIVERY.all(session, query.limit(limit))
