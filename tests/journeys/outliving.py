"""Clients that write on while the product is killed, and how long it takes to serve them again."""

import time
from collections import defaultdict
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import func, select

from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session
from marketplace.infra.outbox.models import Delivery, DeliveryState, WorkerBeat
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.vetting.models import Case
from tests.dossiers import complete_dossier, make_agent
from tests.journeys.killing import PATIENCE, Stopped, insist, kill_while, think
from tests.journeys.servers import Browser, Market

VICTIMS = ("web server", "worker", "supervisor")
# With the supervisor goes the worker, too.
TAKES_THE_WORKER = VICTIMS[1:]
MOST_WAITING = 300


@dataclass
class Applicant:
    """Somebody who applies, withdraws and applies again, and insists on an answer."""

    browser: Browser
    listing_id: int
    path: str
    applied: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    def go_on(self, stopped: Callable[[], bool]) -> None:
        """Write until told to stop."""
        while not stopped():
            self.write()
            think()

    def write(self) -> None:
        """Three acknowledged writes; they end as they began."""
        self.apply()
        self.take_back()

    def take_back(self) -> None:
        """Two acknowledged writes: the application is withdrawn, and the listing begun anew."""
        case = self.applied[-1]
        insist(self.browser, f"/my/applications/{case}/withdraw", reason="另行安排")
        self.withdrawn.append(case)
        insist(self.browser, "/my/institution/listings/new", item="JL-Z01")

    def apply(self) -> str:
        """One acknowledged write."""
        self.applied.append(insist(self.browser, self.path).location.rsplit("/", 1)[-1])
        return self.applied[-1]

    def kept(self) -> tuple[list[str], list[str]]:
        """What the database has of it: what was applied for, and what of it was withdrawn."""
        with reading_session() as session:
            query = select(Case).where(Case.listing_id == self.listing_id).order_by(Case.id)
            cases = session.scalars(query).all()
        return (
            [case.public_id for case in cases],
            [case.public_id for case in cases if case.ending],
        )


def applicant(market: Market, agent: Actor) -> Applicant:
    """A browser with everything that an application needs."""
    listing_id = complete_dossier(agent)
    with reading_session() as session:
        public_id = institutions.listing(session, listing_id).public_id
    return Applicant(market.browser(agent), listing_id, f"/my/applications/check/{public_id}")


@dataclass
class Outlived:
    """What came of it: the clients, and by victim the seconds until it served again.

    `answered` is when a write begun after the kill was acknowledged; `beating` when a worker that
    was not there before said that it is alive, where the kill took the one before away;
    `delivered` when a delivery had ended since, by that worker.
    """

    clients: list[Applicant]
    answered: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    beating: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    delivered: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged; each withdrawn application is begun anew."""
        return sum(len(one.applied) + 2 * len(one.withdrawn) for one in self.clients)


def outlive(market: Market, clients: int, each: int) -> Outlived:
    """Kill each kind of process so many times while clients write."""
    found = Outlived([applicant(market, make_agent(provisional=True)) for _ in range(clients)])
    probe = applicant(market, make_agent(provisional=True))
    found.clients.append(probe)

    def measure(victim: str, at: datetime) -> None:
        known = set(beats())
        with ThreadPoolExecutor(1) as beside:
            writing = beside.submit(lambda: (probe.apply(), real_now())[1])
            since = at
            if victim in TAKES_THE_WORKER:
                since = wait_for(market, partial(new_beat, known, at))
                found.beating[victim].append((since - at).total_seconds())
            done = wait_for(market, partial(first_delivery, since))
            found.delivered[victim].append((done - at).total_seconds())
            found.answered[victim].append((writing.result() - at).total_seconds())
        probe.take_back()

    kill_while(
        market,
        [partial(keep_writing, market, one) for one in found.clients[:-1]],
        VICTIMS * each,
        measure,
    )
    return found


def keep_writing(market: Market, one: Applicant, stopped: Stopped) -> None:
    """Write until told to stop, but not much faster than the worker delivers."""
    while not stopped():
        one.write()
        think()
        while waiting(market) > MOST_WAITING and not stopped():
            think()


def waiting(market: Market) -> int:
    """How many deliveries wait; asked in a thread of its own."""
    query = select(func.count(Delivery.id)).where(Delivery.state == DeliveryState.PENDING)
    with market.app.app_context(), reading_session() as session:
        return session.scalars(query).one()


def beats() -> dict[str, datetime]:
    """When each worker was last alive."""
    with reading_session() as session:
        return {row.worker: row.beaten_at for row in session.scalars(select(WorkerBeat))}


def new_beat(known: Container[str], since: datetime) -> datetime | None:
    """When a worker that nobody knew then said that it is alive."""
    return min(
        (at for name, at in beats().items() if name not in known and at > since), default=None
    )


def first_delivery(since: datetime) -> datetime | None:
    """When the first delivery ended that had not when the kill came."""
    with reading_session() as session:
        return session.scalar(select(func.min(Delivery.done_at)).where(Delivery.done_at > since))


def wait_for(market: Market, instant: Callable[[], datetime | None]) -> datetime:
    """Wait until it is known when something came about."""
    deadline = time.monotonic() + PATIENCE
    while (found := instant()) is None:
        assert time.monotonic() < deadline, market.product.last_words()
        time.sleep(0.05)
    return found
