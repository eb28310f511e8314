"""What the outbox takes when nearly all of it is done: claiming, and what readiness asks.

A few thousand deliveries wait among millions that are done, on a PostgreSQL of its own. Shown are
the median and the least of what it takes to claim a batch (which is given back each time), to ask
whether anything is due, and to count for `/readyz` and the operator.

    python -m benchmarks.deliveries [--done 5000000] [--pending 20000] [--times 20] [--sqlite]
"""

from __future__ import annotations

import argparse
import logging
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection, event, text

from benchmarks.lists import own_postgres, world
from marketplace.infra.database import db, reading_session, writing_session
from marketplace.infra.outbox import queue
from marketplace.infra.outbox.delivery import BATCH

SUBSCRIBERS = 5
# So many events in a row are about one subject.
OF_ONE_SUBJECT = 5
WORKER = "benchmark"
_EVENTS = """
INSERT INTO event (id, subject_kind, subject_id, sequence, kind, payload, occurred_at, request_id)
SELECT :before + n, 'benchmark', n / :each, n % :each + 1, 'engagement.settled', '{}', :now, ''
FROM {series}
"""
_DELIVERIES = """
INSERT INTO delivery (event_id, subscriber, subject_kind, subject_id, state, attempts,
    next_attempt_at, leased_by, done_at, last_error, settled_reason)
SELECT :before + n, 'subscriber ' || s, 'benchmark', n / :each,
    CASE WHEN n < :open THEN 'done' ELSE 'pending' END, 0, :now, '', NULL, '', ''
FROM {series}
"""
_SERIES = {
    "postgresql": "generate_series(1, :last) AS n",
    "sqlite": "(WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < :last)"
    " SELECT n FROM up)",
}
_EACH = {
    "postgresql": " CROSS JOIN generate_series(1, :subscribers) AS s",
    "sqlite": " CROSS JOIN (WITH RECURSIVE up(s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM up"
    " WHERE s < :subscribers) SELECT s FROM up)",
}


def fill(done: int, pending: int) -> None:
    """So many deliveries that are done, and after them so many that wait."""
    kind, first_open = db.engine.dialect.name, done // SUBSCRIBERS + 1
    asked: dict[str, Any] = {
        "last": first_open - 1 + pending // SUBSCRIBERS,
        "open": first_open,
        "each": OF_ONE_SUBJECT,
        "now": "2026-01-01 00:00:00",
    }
    series = _SERIES[kind]
    with db.engine.execution_options(writes=True).begin() as connection:
        asked["before"] = connection.scalar(text("SELECT coalesce(max(id), 0) FROM event"))
        connection.execute(text("DELETE FROM delivery"))
        connection.execute(text(_EVENTS.replace("{series}", series)), asked)
        connection.execute(
            text(_DELIVERIES.replace("{series}", series + _EACH[kind])),
            asked | {"subscribers": SUBSCRIBERS},
        )
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if kind == "postgresql" else "ANALYZE")


def claim() -> None:
    """Lease a batch, and give it back."""
    with writing_session() as session:
        found = queue.claim(session, worker=WORKER, lease_seconds=60, limit=BATCH)
        if len(found) != BATCH:
            raise SystemExit(f"{len(found)} deliveries instead of {BATCH}")
        session.rollback()


def is_due() -> None:
    """Whether a claim would find something."""
    with reading_session() as session:
        if not queue.anything_due(session):
            raise SystemExit("Nothing is due.")


def counts() -> None:
    """How the outbox stands."""
    with reading_session() as session:
        queue.outbox_state(session)


def cost(what: Callable[[], None], times: int) -> tuple[float, float]:
    """The median of what it takes and the least, in milliseconds, without the first time."""
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        what()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[1:]), min(took[1:])


def in_server(what: Callable[[], None]) -> float:
    """The milliseconds that PostgreSQL itself needs for the questions of this, at best of ten."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, words: str, values: Any, *_rest: object) -> None:
        if words.startswith("SELECT"):
            asked.append((words, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        what()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        return min(sum(_execution(connection, *one) for one in asked) for _ in range(10))


def _execution(connection: Connection, words: str, values: Any) -> float:
    explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {words}", values)
    took: float = explained.scalar_one()[0]["Execution Time"]
    return took


def main() -> None:
    """Fill, ask, and show what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--done", type=int, default=5_000_000)
    parser.add_argument("--pending", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with ExitStack() as stack:
        url = None if asked.sqlite else stack.enter_context(own_postgres())
        app = stack.enter_context(world(url))
        with app.app_context():
            fill(asked.done, asked.pending)
            for name, what in (("claim", claim), ("anything due", is_due), ("counts", counts)):
                usual, least = cost(what, asked.times)
                print(f"{name}: {usual:.1f} ms, at best {least:.1f} ms")
                if not asked.sqlite:
                    print(f"  of it the questions, in PostgreSQL: {in_server(what):.2f} ms")


if __name__ == "__main__":
    main()
