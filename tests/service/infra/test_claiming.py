"""Deliveries that are done, however many, are not looked through for those that are not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from benchmarks import deliveries as benchmark
from marketplace.approvals import queries as approvals
from marketplace.infra.database import db
from marketplace.infra.outbox import queue, settling
from marketplace.infra.outbox.models import DeliveryState
from tests.statements import statements_with_values

pytestmark = pytest.mark.usefixtures("app")
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
_ELSEWHERE = (
    r"Seq Scan on delivery|SCAN delivery(?!\w* USING (COVERING )?INDEX ix_)|autoindex_delivery"
)


def of_parked(session: Session) -> None:
    settling.deliveries_in(session, DeliveryState.PARKED)


@pytest.mark.parametrize(
    "ask",
    [
        queue.anything_due,
        lambda session: queue.claim(session, worker="w", lease_seconds=60, limit=50),
        queue.outbox_state,
        of_parked,
        approvals.channel,
    ],
    ids=["due", "claim", "state", "parked", "channel"],
)
def test_only_the_indexes_of_what_is_not_done_are_used(ask: Callable[[Session], Any]) -> None:
    benchmark.fill(5000, 50)
    writing = db.engine.execution_options(writes=True)
    with Session(writing) as session, statements_with_values() as sent:
        ask(session)
    asked = [
        (text, values)
        for text, values in sent
        if text.startswith("SELECT") and "FROM delivery" in text
    ]
    assert asked
    with db.engine.connect() as connection:
        for text, values in asked:
            explained = EXPLAIN[connection.dialect.name] + text
            plan = "\n".join(map(str, connection.exec_driver_sql(explained, values)))
            assert re.search(r"ix_delivery_(pending|open|not_done)", plan), plan
            assert not re.search(_ELSEWHERE, plan), plan


def test_a_claim_takes_the_first_of_each_subject_and_subscriber() -> None:
    benchmark.fill(100, 50)
    with Session(db.engine.execution_options(writes=True)) as session, session.begin():
        claims = queue.claim(session, worker="w", lease_seconds=60, limit=50)
        assert [queue.claim(session, worker="other", lease_seconds=60, limit=50)] == [[]]
    subjects = {(each.subscriber, each.event.subject_id) for each in claims}
    assert len(subjects) == len(claims) == 3 * benchmark.SUBSCRIBERS
