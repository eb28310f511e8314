"""Delivering what was committed: at least once, in order per subscriber and subject.

A handler changes rows, so it runs in a unit of work whose commit also ends the delivery; long work
is done in steps, each of which commits together with how far it came. An
effect reaches outside the database, so it runs with a reading session and no lock held, and the
delivery is ended after it. What fails is tried again later; what keeps failing is parked and
stops its own subject only.
"""

import os
import random
import secrets
import socket
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import TypeAlias

from sqlalchemy.exc import IntegrityError, OperationalError

from marketplace.infra.clock import business_now, real_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.logs import get_logger, places
from marketplace.infra.outbox import queue
from marketplace.infra.outbox.listening import (
    Advances,
    Affects,
    GivenUp,
    Handles,
    effect_of,
    handler_of,
    step_of,
)
from marketplace.infra.outbox.queue import Claim, LeaseLost
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from marketplace.settings import Settings

# What is done for a delivery in the transaction that says how it stands.
Inside: TypeAlias = Callable[[UnitOfWork], None]

BATCH = 50
# Two writers met (a sequence number, a deadlock): tried again at once before it counts.
COLLISIONS = (IntegrityError, OperationalError)
COLLISION_TRIES = 3
JITTER = 0.2
# What must be left of a lease so that it is not renewed first: before a slow partner nearly all.
FRESH, ENOUGH = 0.9, 0.5

log = get_logger(__name__)


class Later(Exception):
    """An effect chooses when it is tried again: after `seconds`.

    With `counts=False` the attempt is not one: nothing was asked of the partner, which is known
    to be out of order. With `never=True` the delivery is parked at once.
    """

    def __init__(
        self, why: str, *, seconds: float = 0.0, counts: bool = True, never: bool = False
    ) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.counts = counts
        self.never = never


class NobodyListens(Exception):
    """The subscriber is not registered here; kept, because a newer worker may know it."""


def worker_name() -> str:
    """A name no other worker has or had: host, process, a random part."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}"


def deliver_due(
    settings: Settings,
    worker: str,
    *,
    limit: int = BATCH,
    stopping: Callable[[], bool] = lambda: False,
    raise_errors: bool = False,
    before_effects: Callable[[], object] = lambda: None,
    as_told: bool = False,
) -> int:
    """Claim and deliver one batch; return how many were claimed.

    `stopping` is asked between deliveries; what is left then is given back. With `raise_errors`
    (tests, loading the demo world) the first failure is raised after it has been recorded.
    Effects come last, after `before_effects`, so that a slow partner keeps nothing else waiting.
    With `as_told` (the demo world) each is delivered as of the instant of what it tells.
    """
    claims = sorted(_claim(settings, worker, limit), key=_reaches_outside)
    for place, claimed in enumerate(claims):
        if place and _reaches_outside(claimed) > _reaches_outside(claims[place - 1]):
            before_effects()
        if stopping():
            _release(worker)
            break
        error = _deliver(settings, claimed, claimed.event.occurred_at if as_told else None)
        if error is not None and raise_errors:
            _release(worker)
            raise error
    return len(claims)


def deliver_all(settings: Settings, *, raise_errors: bool = False, as_told: bool = False) -> int:
    """Deliver until nothing is due now; return how many deliveries were attempted."""
    worker, total = worker_name(), 0
    while count := deliver_due(settings, worker, raise_errors=raise_errors, as_told=as_told):
        total += count
    return total


def deliver_as_of(settings: Settings, at: datetime, only: Collection[str], since: int) -> int:
    """Deliver what is due to some handlers as if it were `at`: for a world told in the past.

    Looks only where a delivery was made after the one of id `since`; returns the newest id.
    """
    worker = worker_name()
    with reading_session() as session:
        newest, wanted = queue.made_since(session, since, only)
    while wanted and (claims := _claim(settings, worker, BATCH, only)):
        for claimed in claims:
            error = _deliver(settings, claimed, at)
            if error is not None:
                _release(worker)
                raise error
    return newest


def _claim(settings: Settings, worker: str, limit: int, only: Collection[str] = ()) -> list[Claim]:
    with reading_session() as session:
        if not queue.anything_due(session, only):
            return []
    with writing_session() as session, session.begin():
        return queue.claim(
            session, worker=worker, lease_seconds=settings.lease_seconds, limit=limit, only=only
        )


def _reaches_outside(claimed: Claim) -> bool:
    return _inside(claimed) is None


def _release(worker: str) -> None:
    with writing_session() as session, session.begin():
        queue.release(session, worker)


def _deliver(settings: Settings, claimed: Claim, at: datetime | None = None) -> Exception | None:
    """Deliver one; return the error that was recorded on it, if any."""
    line = {
        "delivery_id": claimed.delivery_id,
        "event_id": claimed.event.id,
        "subscriber": claimed.subscriber,
        "attempt": claimed.attempts + 1,
    }
    try:
        _attempt(settings, claimed, at)
    except LeaseLost:
        log.warning("outbox.lease_lost", **line)
    except Exception as error:  # noqa: BLE001 - whatever fails is recorded on the delivery
        _note_failure(settings, claimed, error, line)
        return error
    else:
        log.debug("outbox.delivered", **line)
    return None


def _attempt(settings: Settings, claimed: Claim, at: datetime | None) -> None:
    inside = _inside(claimed)
    if inside is not None:
        _run_inside(settings, claimed, inside, at)
        return
    effect = effect_of(claimed.subscriber, claimed.event.kind)
    if effect is None:
        raise NobodyListens
    _run_effect(settings, claimed, effect)


def _inside(claimed: Claim) -> Inside | None:
    """What a delivery does in our own database, and then says of itself; None for an effect."""
    asked = (claimed.subscriber, claimed.event.kind)
    handler, step = handler_of(*asked), step_of(*asked)
    if step is not None:
        return partial(_advance, step, claimed)
    return None if handler is None else partial(_handle, handler, claimed)


def _handle(handler: Handles, claimed: Claim, uow: UnitOfWork) -> None:
    handler(uow, claimed.event)
    queue.finish(uow.session, claimed)


def _advance(step: Advances, claimed: Claim, uow: UnitOfWork) -> None:
    queue.advance(uow.session, claimed, step(uow, claimed.event, claimed.progress))


def _run_inside(settings: Settings, claimed: Claim, inside: Inside, at: datetime | None) -> None:
    for remaining in reversed(range(COLLISION_TRIES)):
        try:
            _inside_once(settings, claimed, inside, at)
        except COLLISIONS:
            if not remaining:
                raise
        else:
            return


def _inside_once(settings: Settings, claimed: Claim, inside: Inside, at: datetime | None) -> None:
    with UnitOfWork(SYSTEM, real_now()) as uow:
        uow.now = at or business_now(uow.session)
        if _runs_down(settings, claimed, ENOUGH):
            queue.renew(uow.session, claimed, lease_seconds=settings.lease_seconds)
        uow.request_id = claimed.event.request_id
        inside(uow)


def _runs_down(settings: Settings, claimed: Claim, share: float) -> bool:
    """Whether less than this share of the lease is left."""
    left = (claimed.lease_until - real_now()).total_seconds()
    return left < settings.lease_seconds * share


def _run_effect(settings: Settings, claimed: Claim, effect: Affects) -> None:
    if _runs_down(settings, claimed, FRESH):
        with writing_session() as session, session.begin():
            queue.renew(session, claimed, lease_seconds=settings.lease_seconds)
    with reading_session() as session:
        effect(session, claimed.event)
    with writing_session() as session, session.begin():
        queue.finish(session, claimed)


def describe(error: Exception) -> str:
    """What the operator reads about a failure: type, code and place, never a person's text."""
    if isinstance(error, Later | GivenUp):
        return str(error)
    code = f" {error.code}" if isinstance(error, Refused) else ""
    where = places(error)
    return f"{type(error).__name__}{code} at {where[-1]}" if where else type(error).__name__


def delay_before(delays: tuple[float, ...], attempts: int, most: int = 0) -> float | None:
    """Seconds to wait after so many failed attempts, with jitter; None when it is to be parked.

    `most` attempts are made (0: one more than there are delays); the last delay is repeated.
    """
    if attempts >= (most or len(delays) + 1):
        return None
    return delays[min(attempts, len(delays)) - 1] * (1 + random.uniform(0, JITTER))


def _again_in(settings: Settings, claimed: Claim, error: Exception) -> float | None:
    """When to try again after this failure; None when it is to be parked."""
    planned = delay_before(settings.retry_delays, claimed.attempts + 1, settings.retry_attempts)
    if not isinstance(error, Later):
        return planned
    if error.never:
        return None
    if not error.counts:
        return error.seconds
    return planned if planned is None else max(planned, error.seconds)


def _note_failure(
    settings: Settings, claimed: Claim, error: Exception, line: dict[str, object]
) -> None:
    if isinstance(error, GivenUp):
        with writing_session() as session, session.begin():
            queue.give_up(session, claimed, reason=describe(error))
        log.warning("outbox.given_up", **line, why=str(error))
        return
    again_in = _again_in(settings, claimed, error)
    counts = not isinstance(error, Later) or error.counts
    try:
        with writing_session() as session, session.begin():
            queue.fail(session, claimed, error=describe(error), again_in=again_in, counts=counts)
    except LeaseLost:
        log.warning("outbox.lease_lost", **line)
        return
    event = "outbox.parked" if again_in is None else "outbox.failed"
    if isinstance(error, Later) and again_in is not None:
        log.warning(event, **line, again_in=again_in, why=str(error))
        return
    log.error(event, **line, again_in=again_in, exc_info=error)
