"""Making the demo world: acts by the real services at past instants, then their deliveries.

Each act is a unit of work of its own and moves the stored position in its own transaction, so a
load that was interrupted goes on where it stood. Between the acts the settlers of the worker run
day by day, as they would have. Nothing lies in the future.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, update

from marketplace.approvals.services.calling import Link, link, use_link
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.services import seeding
from marketplace.demo.almanac import Almanac
from marketplace.demo.models import DemoWorld
from marketplace.demo.queries import world
from marketplace.demo.script import whole_script
from marketplace.demo.stage import Act, Stage
from marketplace.infra.clock import business_now
from marketplace.infra.database import db, reading_session, unsynced
from marketplace.infra.outbox.delivery import deliver_all, deliver_as_of
from marketplace.infra.tasks import run_task
from marketplace.infra.unit_of_work import UnitOfWork, system_work
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import local_date, start_of_day
from marketplace.settings import Settings

# The catalogue is older than everything else in the world, on whatever day that is told.
_FIRST_DAY = timedelta(days=730)
_TICK_AT = timedelta(minutes=1)
# Noted with every act, so built once.
_MOVE_POSITION = (
    update(DemoWorld)
    .values(position=bindparam("place"))
    .execution_options(synchronize_session=False)
)
# What these do is part of the story, so it happens when it happened; the others tell of it.
_CONSEQUENCES = (
    "account-letters",
    "assessment-cut-off",
    "assessment-grades",
    "assessment-opening",
    "assessment-scores",
    "contracts",
    "engagement-awards",
    "engagement-choices",
    "engagement-owners",
    "engagement-payments",
    "engagement-projects",
    "removal-by-complaints",
    "rulings",
    "verdicts",
    "vetting-left-listings",
)
# These look at real time, or at what nobody leaves behind here.
_HOUSEKEEPING = frozenset(
    {
        "account_offers",
        "account_sessions",
        "api_tokens",
        "file_orphans",
        "idempotency_keys",
        "rate_counts",
    }
)


def load(settings: Settings) -> str:
    """Make the world where it is not complete, and say what was done."""
    started = time.monotonic()
    told_at, position, complete = _begin()
    if complete:
        return "The demo world is complete."
    with unsynced(db.engine), _collecting_rarely(), _unlinked(settings):
        acts = _script(told_at)
        _perform(settings, acts, position)
        settle_due(now=told_at, raise_errors=True)
        # What is published and told of the past carries the time at which it happened.
        deliver_all(settings, raise_errors=True, as_told=True)
        run_task("reindex")
        _complete()
    seconds = time.monotonic() - started
    return f"The demo world is complete: {len(acts)} acts in {seconds:.1f} s."


def _begin() -> tuple[datetime, int, bool]:
    """Where the load stands; a first one brings the catalogue and fixes the day."""
    with reading_session() as session:
        known, now = world(session), business_now(session)
    if known is not None:
        return known.told_at, known.position, known.completed_at is not None
    with UnitOfWork(SYSTEM, now - _FIRST_DAY) as uow:
        seeding.seed_catalogue(uow)
        uow.session.add(DemoWorld(id=1, told_at=now, position=0))
    return now, 0, False


def _script(told_at: datetime) -> tuple[Act, ...]:
    with reading_session() as session:
        almanac = Almanac(catalogue.calendar(session), told_at)
        items = tuple(catalogue.by_code(session).values())
        return whole_script(almanac, catalogue.regions(session), items)


def _perform(settings: Settings, acts: tuple[Act, ...], position: int) -> None:
    stage, follow, settled = Stage(), _Following(settings), None
    for place, act in enumerate(acts[position:], position + 1):
        settled = _settle_until(follow, local_date(act.at), settled)
        with UnitOfWork(stage.actor(act.by), act.at) as uow:
            act.do(stage, uow)
            uow.session.execute(_MOVE_POSITION, {"place": place})
        follow.up(act.at)


class _Following:
    """Lets happen what follows from what was done, as of the instant at which it was done."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._since = 0

    def up(self, at: datetime) -> None:
        """Deliver what was recorded since the last time and is part of the story."""
        self._since = deliver_as_of(self._settings, at, _CONSEQUENCES, self._since)


def _settle_until(follow: _Following, day: date, settled: date | None) -> date:
    """Run the settlers in the first minute of each day since the last act, and of this one."""
    while settled is not None and settled < day:
        settled += timedelta(days=1)
        now = start_of_day(settled) + _TICK_AT
        if any(settle_due(now=now, raise_errors=True, leave_out=_HOUSEKEEPING).values()):
            follow.up(now)
    return day


def _complete() -> None:
    with system_work() as uow:
        uow.session.execute(update(DemoWorld).values(completed_at=uow.now))


@contextmanager
def _unlinked(settings: Settings) -> Iterator[None]:
    """Tell no approval platform what is made up here."""
    known = link()
    use_link(Link(replace(settings, approvals_url="")))
    try:
        yield
    finally:
        use_link(known)


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Look for garbage seldom: tens of thousands of short-lived rows leave next to none."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
