"""Killing the product's processes while people work, and people who insist on an answer."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx2

from marketplace.infra.clock import real_now
from tests.journeys.servers import Browser, Market, Sent, new_key
from tests.product import children

PAUSE = (0.3, 1.2)
THOUGHT = 0.2
PATIENCE = 180.0
Stopped = Callable[[], bool]


def find(market: Market, victim: str) -> list[int]:
    """The processes that may be killed as this victim, at this instant."""
    assert market.product.process is not None
    kept = market.product.kept()
    if victim == "supervisor":
        # Not while it sets up: what is killed is the product at work.
        return [market.product.process.pid] if kept else []
    if victim == "worker":
        return [kept["worker"]]
    return [kept["web"]] if victim == "web server" else children(kept["web"])


def kill_one(market: Market, victim: str, chance: random.Random) -> datetime:
    """Kill one of them with no chance to say goodbye; return when. One just starting is waited for.

    Nobody but the machine looks after the supervisor: it is started again at once, as by its init.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found = find(market, victim)
            os.kill(chance.choice(found), signal.SIGKILL)
        except (IndexError, KeyError, ProcessLookupError, FileNotFoundError):
            assert time.monotonic() < deadline, f"no {victim} to kill"
            time.sleep(0.05)
        else:
            killed = real_now()
            break
    if victim == "supervisor":
        assert market.product.process is not None
        market.product.process.wait()
        market.product.start()
    return killed


def kill_while(
    market: Market,
    workers: Sequence[Callable[[Stopped], None]],
    victims: Sequence[str],
    after: Callable[[str, datetime], None] = lambda _victim, _at: None,
) -> None:
    """Kill the victims in a random order at random moments, while the workers go on.

    `after` is called right after each kill, with its instant. The seed is printed; KILL_SEED=...
    repeats it.
    """
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(2**32))
    print(f"KILL_SEED={seed}")  # noqa: T201
    chance = random.Random(seed)
    stop = threading.Event()
    with ThreadPoolExecutor(len(workers)) as pool:
        waiting = [pool.submit(go_on, stop.is_set) for go_on in workers]
        try:
            for victim in chance.sample(victims, len(victims)):
                pause = chance.uniform(*PAUSE)
                time.sleep(pause)
                print(f"{market.name}: {victim} killed after {pause:.3f} s")  # noqa: T201
                after(victim, kill_one(market, victim, chance))
            time.sleep(chance.uniform(*PAUSE))
        finally:
            stop.set()
        for each in waiting:
            each.result()


def think() -> None:
    """What somebody does before they go on with what never ends, so that the worker keeps up."""
    time.sleep(THOUGHT)


def insist_on_reading(browser: Browser, path: str) -> str:
    """Read one page, again and again while nobody answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return browser.read(path).text
        except httpx2.TransportError:
            assert time.monotonic() < deadline, "nobody answers"
            time.sleep(0.1)


def insist(
    browser: Browser, path: str, papers: dict[str, tuple[str, bytes]] | None = None, **fields: str
) -> Sent:
    """Send one form, again and again while nobody answers; it must be done."""
    key, deadline = new_key(), time.monotonic() + PATIENCE
    while True:
        try:
            answer = browser.send(path, key=key, papers=papers, **fields)
        except httpx2.TransportError:
            assert time.monotonic() < deadline, "nobody answers"
            time.sleep(0.1)
        else:
            assert answer.status == 303, (path, answer.status, answer.text[-3000:])
            return answer
