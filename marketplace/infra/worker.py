"""The worker: delivers events, runs the pumps, settles what falls due, and says it is alive.

Several may run side by side. A turn never raises: a broken settler, pump or database is logged
and tried again, because a worker that has died settles nothing at all.
"""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import FrameType

from sqlalchemy import delete

from marketplace.infra import ticks
from marketplace.infra.clock import business_now, offset, real_now
from marketplace.infra.database import reading_session, writing_session
from marketplace.infra.logs import get_logger
from marketplace.infra.outbox.delivery import deliver_due, worker_name
from marketplace.infra.outbox.models import WorkerBeat
from marketplace.infra.restoring import look_at_home
from marketplace.infra.room import is_full
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.settings import Settings

BEAT_SECONDS = 5.0
TICK_SECONDS = 60.0
FORGET_BEATS = timedelta(days=1)
PAUSE_AFTER_TROUBLE = 1.0
PAUSE_WITHOUT_ROOM = 10.0

log = get_logger(__name__)


def settle_due(
    now: datetime | None = None,
    *,
    raise_errors: bool = False,
    leave_out: Collection[str] = (),
) -> dict[str, int]:
    """Settle everything that is due at `now` (by default the business instant), however much.

    Otherwise as `settle_some`, whose ticks it repeats.
    """
    settled: Counter[str] = Counter()
    while True:
        some = settle_some(now, raise_errors=raise_errors, leave_out=leave_out)
        settled.update(some)
        if not ticks.is_more(some):
            return dict(settled)


def settle_some(
    now: datetime | None = None,
    *,
    raise_errors: bool = False,
    leave_out: Collection[str] = (),
    before_each: Callable[[], object] = lambda: None,
) -> dict[str, int]:
    """Run every settler once at `now` (by default the business instant); what each settled.

    A settler that raises is logged and left out, unless `raise_errors`; so are those of the names
    in `leave_out`. `before_each` is called before each unit of work.
    """
    if now is None:
        with reading_session() as session:
            now = business_now(session)
    instant = now

    def opens() -> UnitOfWork:
        before_each()
        return UnitOfWork(SYSTEM, instant)

    settled: dict[str, int] = {}
    for name, settle in ticks.SETTLERS.items():
        if name in leave_out:
            continue
        try:
            settled[name] = settle(opens, instant)
        except Exception as error:
            if raise_errors:
                raise
            log.exception("tick.settler_failed", settler=name, exc_info=error)
    return settled


def run_pumps(before_each: Callable[[], object] = lambda: None) -> int:
    """Run every pump once; return how much they did together."""
    total = 0
    for name, pump in ticks.PUMPS.items():
        before_each()
        try:
            total += pump()
        except Exception as error:
            log.exception("worker.pump_failed", pump=name, exc_info=error)
    return total


class Worker:
    """One worker process; `context` opens the application context of a turn."""

    def __init__(
        self, settings: Settings, context: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self.name = worker_name()
        self._settings = settings
        self._context = context
        self._stop = threading.Event()
        self._beaten = self._ticked = float("-inf")
        self._offset: timedelta | None = None
        self._held = False

    def stop_on_signals(self) -> None:
        """Finish the delivery in hand and end, on SIGTERM and SIGINT."""

        def note(_signal: int, _frame: FrameType | None) -> None:
            self._stop.set()

        signal.signal(signal.SIGTERM, note)
        signal.signal(signal.SIGINT, note)

    def stop(self) -> None:
        """End after the delivery in hand."""
        self._stop.set()

    def run(self) -> None:
        """Take turns until told to stop."""
        log.info("worker.started", worker=self.name)
        while not self._stop.is_set():
            pause = self._guarded_turn()
            if pause:
                self._stop.wait(pause)
        log.info("worker.stopped", worker=self.name)

    def _guarded_turn(self) -> float:
        """Take a turn; return how long to sleep after it."""
        try:
            with self._context():
                return 0.0 if self.turn() else self._settings.poll_seconds
        except Exception as error:
            if is_full(error):
                log.warning("worker.no_room", worker=self.name)
                return PAUSE_WITHOUT_ROOM
            log.exception("worker.turn_failed", worker=self.name, exc_info=error)
            return PAUSE_AFTER_TROUBLE

    def turn(self) -> int:
        """Beat, deliver, pump, settle; return how much there was to do. A held one only beats."""
        if self._beat():
            return 0
        done = deliver_due(
            self._settings, self.name, stopping=self._is_stopping, before_effects=self._pump
        )
        if self._is_stopping():
            return done
        done += self._pump()
        return done + self._tick()

    def _pump(self) -> int:
        return run_pumps(before_each=self._beat)

    def _is_stopping(self) -> bool:
        """Between two deliveries: say that the worker is alive, ask whether it may go on."""
        return self._beat() or self._stop.is_set()

    def _beat(self) -> bool:
        """Say that the worker is alive; return whether it is held."""
        if time.monotonic() - self._beaten < BEAT_SECONDS:
            return self._held
        now, was_held = real_now(), self._held
        with writing_session() as session, session.begin():
            session.merge(WorkerBeat(worker=self.name, beaten_at=now))
            session.execute(delete(WorkerBeat).where(WorkerBeat.beaten_at < now - FORGET_BEATS))
            self._held = look_at_home(session, self._settings.home)
        self._beaten = time.monotonic()
        if self._held and not was_held:
            log.warning("worker.held", worker=self.name)
        return self._held

    def _tick(self) -> int:
        """Settle every real minute and at each move of the clock."""
        with reading_session() as session:
            ahead = offset(session)
        if ahead == self._offset and time.monotonic() - self._ticked < TICK_SECONDS:
            return 0
        self._offset, self._ticked = ahead, time.monotonic()
        settled = settle_some(before_each=self._beat)
        if ticks.is_more(settled):
            self._ticked = float("-inf")
        if any(settled.values()):
            log.info("tick.settled", **{name: count for name, count in settled.items() if count})
        return sum(settled.values())
