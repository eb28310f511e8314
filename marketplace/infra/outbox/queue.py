"""The queue of deliveries: what is due, who has leased it, how it ended.

A lease belongs to a named worker until an instant of real time. A worker that is killed leaves
its leases behind; once they have run out another worker takes the deliveries over. Whatever a
worker writes about a delivery is guarded by its lease, so that of two only one can end it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased, selectinload

from marketplace.infra.clock import real_now
from marketplace.infra.columns import spelled
from marketplace.infra.database import UtcDateTime
from marketplace.infra.outbox.listening import START, Progress, long_handlers
from marketplace.infra.outbox.models import OPEN_STATES, Delivery, DeliveryState, EventRecord

ERROR_LENGTH = 500
_LEASED = update(Delivery.__table__).where(  # type: ignore[arg-type]
    Delivery.id == bindparam("of"),
    Delivery.state == DeliveryState.PENDING,
    Delivery.leased_by == bindparam("worker"),
)
_LEASE = (
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(Delivery.id.in_(bindparam("ids", expanding=True)))
    .values(leased_by=bindparam("by"), lease_until=bindparam("until", type_=UtcDateTime()))
)
_SINCE = select(
    func.max(Delivery.id), func.count().filter(Delivery.subscriber.in_(bindparam("only")))
).where(Delivery.id > bindparam("since"))


# Which deliveries are counted and shown to nobody: the number of letters about what is under seal
# would tell how many take part. A feature that keeps secrets fills it.
UNTOLD: dict[str, Callable[[], ColumnElement[bool]]] = {}


class LeaseLost(Exception):
    """The lease ran out and another worker has the delivery: this attempt must not count."""


@dataclass(frozen=True)
class Claim:
    """A delivery leased to a worker, with its event, which belongs to no session."""

    delivery_id: int
    event: EventRecord
    subscriber: str
    attempts: int
    worker: str
    lease_until: datetime
    progress: Progress = START


@dataclass(frozen=True)
class OutboxState:
    """How the outbox stands: waiting, parked, and how long the oldest due one has waited."""

    pending: int
    parked: int
    lag_seconds: float


def _unblocked() -> ColumnElement[bool]:
    """No earlier delivery about the same subject to the same subscriber is still open.

    Asked of each delivery in turn, so that the first batch ends the search: as NOT EXISTS
    PostgreSQL joins all that wait with all that wait first.
    """
    earlier = aliased(Delivery)
    return (
        select(earlier.id)
        .where(
            earlier.subscriber == Delivery.subscriber,
            earlier.subject_kind == Delivery.subject_kind,
            earlier.subject_id == Delivery.subject_id,
            earlier.event_id < Delivery.event_id,
            earlier.state.in_([spelled(state) for state in OPEN_STATES]),
        )
        .limit(1)
        .scalar_subquery()
        .is_(None)
    )


@cache
def _due(*, narrowed: bool) -> Select[Delivery]:
    """The deliveries that are due at `now`, oldest event first; `narrowed` to those of `only`."""
    now = bindparam("now", type_=UtcDateTime())
    query = select(Delivery).where(
        Delivery.state == spelled(DeliveryState.PENDING),
        Delivery.next_attempt_at <= now,
        or_(Delivery.lease_until.is_(None), Delivery.lease_until <= now),
        _unblocked(),
    )
    if narrowed:
        query = query.where(Delivery.subscriber.in_(bindparam("only")))
    return query.order_by(Delivery.event_id, Delivery.id)


@cache
def _first_due(*, narrowed: bool) -> Select[int]:
    return _due(narrowed=narrowed).with_only_columns(Delivery.id).order_by(None).limit(1)


@cache
def _to_claim(*, narrowed: bool) -> Select[Delivery]:
    query = _due(narrowed=narrowed).with_for_update(skip_locked=True, of=Delivery)
    return query.limit(bindparam("most")).options(selectinload(Delivery.event))


def anything_due(session: Session, only: Collection[str] = ()) -> bool:
    """Whether a claim would find something; asked first, because claiming takes a write lock."""
    asked = {"now": real_now(), "only": list(only)}
    return session.scalar(_first_due(narrowed=bool(only)), asked) is not None


def made_since(session: Session, since: int, only: Collection[str]) -> tuple[int, bool]:
    """The newest delivery's id, and whether any after the one of id `since` is for these."""
    newest, count = session.execute(_SINCE, {"since": since, "only": list(only)}).one()
    return newest or since, count > 0


def claim(
    session: Session, *, worker: str, lease_seconds: float, limit: int, only: Collection[str] = ()
) -> list[Claim]:
    """Lease up to `limit` due deliveries, oldest event first; the caller commits at once.

    `only` narrows to the subscribers of these names.
    """
    now = real_now()
    asked = {"now": now, "only": list(only), "most": limit}
    rows = session.scalars(_to_claim(narrowed=bool(only)), asked).all()
    until = now + timedelta(seconds=lease_seconds)
    if rows:
        session.execute(_LEASE, {"ids": [row.id for row in rows], "by": worker, "until": until})
    # Events never change, so what was read here still holds when they are delivered.
    for event in {row.event for row in rows}:
        session.expunge(event)
    return [
        Claim(row.id, row.event, row.subscriber, row.attempts, worker, until, _came(row.progress))
        for row in rows
    ]


def _came(stored: dict[str, Any] | None) -> Progress:
    if not stored:
        return START
    return Progress(tuple(stored["place"]), stored["done"], stored["total"])


def _write(session: Session, claimed: Claim, **values: Any) -> None:
    mine = {"of": claimed.delivery_id, "worker": claimed.worker}
    result = cast("CursorResult[Any]", session.execute(_LEASED, mine | values))
    if result.rowcount != 1:
        raise LeaseLost


def renew(session: Session, claimed: Claim, *, lease_seconds: float) -> None:
    """Lease for the full time again before a slow step; raises `LeaseLost`."""
    _write(session, claimed, lease_until=real_now() + timedelta(seconds=lease_seconds))


def finish(session: Session, claimed: Claim) -> None:
    """Mark as delivered, in the transaction of what the delivery brought about."""
    _write(
        session,
        claimed,
        state=DeliveryState.DONE,
        done_at=real_now(),
        attempts=claimed.attempts + 1,
        leased_by="",
        lease_until=None,
        last_error="",
    )


def advance(session: Session, claimed: Claim, progress: Progress) -> None:
    """Note how far long work came, in the transaction of its step; what is left is due at once.

    The lease is given back, so that other deliveries have their turn in between.
    """
    stored = {"place": list(progress.place), "done": progress.done, "total": progress.total}
    _write(session, claimed, progress=stored)
    if progress.over:
        finish(session, claimed)
        return
    _write(
        session,
        claimed,
        next_attempt_at=real_now(),
        attempts=0,
        leased_by="",
        lease_until=None,
        last_error="",
    )


def fail(
    session: Session, claimed: Claim, *, error: str, again_in: float | None, counts: bool = True
) -> None:
    """Note a failed attempt: due again after `again_in` seconds, or parked when None.

    Without `counts` it is put off, and the number of attempts stays.
    """
    now = real_now()
    _write(
        session,
        claimed,
        state=DeliveryState.PARKED if again_in is None else DeliveryState.PENDING,
        next_attempt_at=now if again_in is None else now + timedelta(seconds=again_in),
        attempts=claimed.attempts + counts,
        leased_by="",
        lease_until=None,
        last_error=error[:ERROR_LENGTH],
    )


def give_up(session: Session, claimed: Claim, *, reason: str) -> None:
    """End a delivery that can never succeed; it holds nothing up, and its reason stays."""
    _write(
        session,
        claimed,
        state=DeliveryState.SKIPPED,
        done_at=real_now(),
        attempts=claimed.attempts + 1,
        leased_by="",
        lease_until=None,
        last_error=reason[:ERROR_LENGTH],
        settled_reason=reason[:ERROR_LENGTH],
    )


def release(session: Session, worker: str) -> None:
    """Give back everything the worker still holds, when it stops in good order."""
    session.execute(
        update(Delivery)
        .where(Delivery.leased_by == worker, Delivery.state == spelled(DeliveryState.PENDING))
        .values(leased_by="", lease_until=None)
    )


def standing(*states: DeliveryState) -> tuple[ColumnElement[bool], ...]:
    """The conditions for deliveries in these states, found without looking at those done."""
    among = Delivery.state.in_([spelled(state) for state in states])
    if DeliveryState.DONE in states:
        return (among,)
    return among, Delivery.state != spelled(DeliveryState.DONE)


def progress_of(session: Session, event_id: int, kind: str) -> Progress | None:
    """How far the long work for an event came, all its handlers together; None without any."""
    rows = session.execute(
        select(Delivery.state, Delivery.progress).where(
            Delivery.event_id == event_id, Delivery.subscriber.in_(long_handlers(kind))
        )
    ).all()
    if not rows:
        return None
    came = [_came(row.progress) for row in rows]
    return Progress(
        done=sum(one.done for one in came),
        total=sum(one.total for one in came),
        over=not any(row.state in OPEN_STATES for row in rows),
    )


def told() -> tuple[ColumnElement[bool], ...]:
    """The conditions for deliveries, joined with their events, that may be counted and shown."""
    return tuple(~untold() for untold in UNTOLD.values())


def outbox_state(session: Session) -> OutboxState:
    """Counts for `/readyz` and the operator. Lag counts only what nothing parked holds up."""
    now = real_now()
    counted = (
        select(Delivery.state, func.count())
        .join(EventRecord)
        .where(*standing(*OPEN_STATES), *told())
    )
    counts = {row[0]: row[1] for row in session.execute(counted.group_by(Delivery.state))}
    oldest = session.scalar(
        select(Delivery.next_attempt_at)
        .where(
            *standing(DeliveryState.PENDING),
            Delivery.next_attempt_at <= now,
            _unblocked(),
        )
        .order_by(Delivery.next_attempt_at)
        .limit(1)
    )
    lag = (now - oldest).total_seconds() if oldest else 0.0
    return OutboxState(
        pending=counts.get(DeliveryState.PENDING, 0),
        parked=counts.get(DeliveryState.PARKED, 0),
        lag_seconds=round(max(lag, 0.0), 3),
    )
