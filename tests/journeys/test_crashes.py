"""Processes killed in the middle of their work: nothing acknowledged is lost or done twice.

The seed of the moments and victims is printed; KILL_SEED=... repeats them.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from marketplace.infra.database import reading_session
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.vetting.models import Case
from tests.dossiers import complete_dossier, make_agent
from tests.journeys import trail
from tests.journeys.servers import Browser, Market, Sent, new_key

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
APPLICANTS = 8
VICTIMS = ["web process", "worker", "web process", "worker", "web server"]
PAUSE = (0.3, 1.2)
PATIENCE = 60.0


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    words = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(word) for word in words]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def find(market: Market, victim: str) -> list[int]:
    """The processes that may be killed as this victim, at this instant."""
    assert market.product.process is not None
    programs = children(market.product.process.pid)
    if victim == "worker":
        return [pid for pid in programs if command(pid).rstrip().endswith("worker")]
    servers = [pid for pid in programs if "gunicorn" in command(pid)]
    if victim == "web server":
        return servers
    return [pid for server in servers for pid in children(server)]


def kill_one(market: Market, victim: str, chance: random.Random) -> None:
    """Kill one of them with no chance to say goodbye; one that is just starting is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found = find(market, victim)
            os.kill(chance.choice(found), signal.SIGKILL)
        except (IndexError, ProcessLookupError, FileNotFoundError):
            assert time.monotonic() < deadline, f"no {victim} to kill"
            time.sleep(0.05)
        else:
            return


@dataclass
class Applicant:
    """Somebody who applies, withdraws and applies again, and insists on an answer."""

    browser: Browser
    listing_id: int
    path: str
    applied: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    def go_on(self, stopped: Callable[[], bool]) -> None:
        while not stopped():
            self.applied.append(self.insist(self.path).location.rsplit("/", 1)[-1])
            case = self.applied[-1]
            self.insist(f"/my/applications/{case}/withdraw", reason="另行安排")
            self.withdrawn.append(case)
            self.insist("/my/institution/listings/new", item="JL-Z01")

    def insist(self, path: str, **fields: str) -> Sent:
        """Send one form, again and again while nobody answers."""
        key, deadline = new_key(), time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.browser.send(path, key=key, **fields)
            except httpx2.TransportError:
                assert time.monotonic() < deadline, "nobody answers"
                time.sleep(0.1)
            else:
                assert answer.status == 303, (path, answer.status, answer.text[-3000:])
                return answer


def applicant(market: Market, agent: Actor) -> Applicant:
    listing_id = complete_dossier(agent)
    with reading_session() as session:
        public_id = institutions.listing(session, listing_id).public_id
    return Applicant(market.browser(agent), listing_id, f"/my/applications/check/{public_id}")


def kill_while_they_apply(market: Market, applicants: list[Applicant], seed: int) -> None:
    chance = random.Random(seed)
    victims = chance.sample(VICTIMS, len(VICTIMS))
    stop = threading.Event()
    with ThreadPoolExecutor(len(applicants)) as pool:
        waiting = [pool.submit(one.go_on, stop.is_set) for one in applicants]
        try:
            for victim in victims:
                pause = chance.uniform(*PAUSE)
                time.sleep(pause)
                print(f"{market.name}: {victim} killed after {pause:.3f} s")  # noqa: T201
                kill_one(market, victim, chance)
            time.sleep(chance.uniform(*PAUSE))
        finally:
            stop.set()
        for each in waiting:
            each.result()


def test_what_was_acknowledged_outlives_kill_9_and_is_done_and_told_once(market, association):
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(2**32))
    print(f"KILL_SEED={seed}")  # noqa: T201
    applicants = [applicant(market, make_agent(provisional=True)) for _ in range(APPLICANTS)]

    kill_while_they_apply(market, applicants, seed)
    trail.wait_until_quiet(market)

    for one in applicants:
        with reading_session() as session:
            query = select(Case).where(Case.listing_id == one.listing_id).order_by(Case.id)
            cases = session.scalars(query).all()
        assert one.applied
        assert [case.public_id for case in cases] == one.applied
        assert [case.public_id for case in cases if case.ending] == one.withdrawn
    with reading_session() as session:
        assert trail.gaps(session) == []
        assert trail.illegal_lives(session) == []
        assert trail.uneven_counts(session) == []
        assert set(trail.letters_of(market)) == trail.letters_owed(session, market)
        assert trail.untold(session, "vetting_case.opened", association.examiner.user_id) == []
        assert trail.untold(session, "vetting_case.withdrawn", association.examiner.user_id) == []
