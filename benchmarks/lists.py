"""The lists of an organisation with few and with many engagements: milliseconds and statements.

The first engagements are brought to their states by the services; the others are copies of these,
put straight into the table. Asked are the second page of the list, of open work and of everything,
the desk, and the workbook of open work and of everything.

    python -m benchmarks.lists [--postgres] [--few 200] [--many 5000] [--times 15]
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import time_machine
from flask import Flask

from marketplace.app import create_app
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from tests.conftest import NOON, make_settings
from tests.engagements import World, make_engagement, make_enterprise, multiply
from tests.factories import open_session_for, seed_catalogue
from tests.postgres import Cluster, find_binaries, owner_url
from tests.statements import statements
from tests.visitor import Visitor

# So much work is under way at once, however long the history.
OPEN = (State.REQUESTED, State.CONTRACTED, State.IN_PROGRESS, State.PAUSED, State.DELIVERED)
OPEN_AT_ONCE = 60
_EVERY = "&".join(f"state={state}" for state in State)
PAGES = {
    "list, open work, page 2": "/engagements?page=2",
    "list, everything, page 2": f"/engagements?{_EVERY}&page=2",
    "list, everything, words": f"/engagements?{_EVERY}&q=WT-",
    "desk": "/desk",
    "workbook, open work": "/engagements/export.xlsx",
    "workbook, everything": f"/engagements/export.xlsx?{_EVERY}",
}


@dataclass(frozen=True)
class Cost:
    """What one page took: the median of several askings, and its statements."""

    milliseconds: float
    statements: int


def cost(browser: Visitor, path: str, times: int) -> Cost:
    """The cost of a page, once the process has its reference tables in memory."""
    took, counted = [], []
    for _ in range(times + 1):
        with statements() as sent:
            began = time.perf_counter()
            answer = browser.get(path)
            took.append((time.perf_counter() - began) * 1000)
        counted.append(len(sent))
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
    # Now and then the session notes that it was used: that is not the page's.
    return Cost(statistics.median(took[1:]), min(counted[1:]))


def grow(worlds: list[World], closed: World, most: int) -> None:
    """An organisation with so many engagements, most of them done long ago."""
    for world in worlds:
        multiply(world, OPEN_AT_ONCE // len(worlds) - 1)
    multiply(closed, most - OPEN_AT_ONCE - 1)


def measure(app: Flask, most: int, times: int) -> dict[str, Cost]:
    """What the pages of an organisation of its own with so many engagements cost."""
    with app.app_context():
        client = make_enterprise()
        worlds = [make_engagement(state, client=client) for state in OPEN]
        grow(worlds, make_engagement(State.CLOSED, client=client), most)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        browser: Visitor = app.test_client()
        open_session_for(browser, client)
        found = {name: cost(browser, path, times) for name, path in PAGES.items()}
        db.session.remove()
    return found


@contextmanager
def world(url: str | None) -> Iterator[Flask]:
    """The application on an empty database with the shipped catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        changes = {"database_url": url} if url else {}
        app = create_app(make_settings(Path(folder) / "home", **changes))
        app.test_client_class = Visitor
        with app.app_context():
            db.create_all()
            seed_catalogue()
            db.session.remove()
        yield app
        with app.app_context():
            db.engine.dispose()


@contextmanager
def own_postgres() -> Iterator[str]:
    """The address of a new database on a PostgreSQL of its own; without one installed it ends."""
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("No PostgreSQL is installed here.")
    with Cluster(binaries) as cluster:
        yield owner_url(cluster.create_database())


def show(few: dict[str, Cost], many: dict[str, Cost]) -> None:
    """One line for each page."""
    print("| page | few, ms | many, ms | times | statements |\n|---|---|---|---|---|")
    for name in PAGES:
        one, other = few[name], many[name]
        times = other.milliseconds / one.milliseconds
        print(
            f"| {name} | {one.milliseconds:.0f} | {other.milliseconds:.0f} | {times:.1f}"
            f" | {one.statements} and {other.statements} |"
        )


def main() -> None:
    """Ask, and show what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=5000)
    parser.add_argument("--times", type=int, default=15)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with ExitStack() as stack:
        url = stack.enter_context(own_postgres()) if asked.postgres else None
        stack.enter_context(time_machine.travel(NOON, tick=True))
        app = stack.enter_context(world(url))
        show(measure(app, asked.few, asked.times), measure(app, asked.many, asked.times))


if __name__ == "__main__":
    main()
