"""Work that is too long for one transaction, with few and with many: on a PostgreSQL of its own.

A year's assessment (listings taken in, facts frozen, scores reckoned, grades written), due days
that follow an imported calendar, and the index written anew. Most of what is worked on is copied in
the database from one of its kind, which the services have made. Shown are, for both sizes, how many
transactions there were, what all of them took and the longest, and how much the process computed
itself, which on a busy machine says more.

    python -m benchmarks.long_work year [--few 500] [--many 2000]
    python -m benchmarks.long_work calendar [--few 1000] [--many 5000]
    python -m benchmarks.long_work index [--few 7000] [--many 70000]
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from benchmarks.lists import own_postgres, world
from marketplace.assessments.services import assessing, enrolling, finishing, freezing, scoring
from marketplace.catalogue.events import CalendarImported
from marketplace.discovery import services as index
from marketplace.infra.database import db
from marketplace.infra.outbox.listening import START, Progress, long_handlers, step_of
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.ratings.models import ClientRating
from tests import assessments as steps_of
from tests.calendars import announce_day_off
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act, admitted_listing, make_agent
from tests.engagements import (
    State,
    World,
    accept,
    contract,
    deliver,
    make_engagement,
    multiply,
    project_of,
    rate,
    request,
    start,
    take_on,
)
from tests.multiplied import multiply_in_server

NEXT_YEAR = NOON + timedelta(days=60)
LATER = NEXT_YEAR + timedelta(days=30)
WORKS = 10

Step = Callable[[UnitOfWork, Progress], Progress]


@dataclass(frozen=True)
class Took:
    """How many transactions, the seconds of all and of the longest, and those of the process."""

    steps: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    computing: float = 0.0

    def and_one(self, seconds: float, computing: float) -> Took:
        """With one transaction more."""
        return Took(
            self.steps + 1,
            self.seconds + seconds,
            max(self.longest, seconds),
            self.computing + computing,
        )


def work_off(step: Step, at: object = NOON) -> Took:
    """Go on with long work until it is over."""
    took, came = Took(), START
    while not came.over:
        began, computed = time.perf_counter(), time.process_time()
        came = act(SYSTEM, lambda uow, so_far=came: step(uow, so_far), at=at)
        took = took.and_one(time.perf_counter() - began, time.process_time() - computed)
    return took


def _work(first: World) -> None:
    """One more work of the same listing, accepted and rated."""
    more = request(replace(first, project_id=project_of(first.client)))
    for step in (take_on, contract, start, deliver, accept, rate):
        step(more)


def year(listings: int) -> dict[str, Took]:
    """The assessment of a year of so many listings, each with ten works that were rated."""
    house, first = make_association(), make_engagement(State.CLOSED)
    for _ in range(WORKS - 1):
        _work(first)
    multiply_in_server(first.provider.organisation_id, listings - 1)
    _analyse()
    said = {"association_id": house.organisation_id, "year": TODAY.year}
    cycle = act(house.examiner, lambda uow: enrolling.open_cycle(uow, **said)).id

    def begin(who: object, service: Callable[..., object], at: object) -> None:
        act(who, lambda uow: service(uow, cycle=cycle), at=at)

    def all_of(step: Callable[[UnitOfWork, int, Progress], Progress], at: object) -> Took:
        return work_off(lambda uow, came: step(uow, cycle, came), at)

    found = {"listings taken in": all_of(steps_of.take_in, NOON)}
    begin(house.examiner, freezing.cut_off, NEXT_YEAR)
    found["facts frozen"] = all_of(steps_of.freeze_facts, NEXT_YEAR)
    begin(house.examiner, scoring.score_cycle, NEXT_YEAR)
    found["scores reckoned"] = all_of(steps_of.reckon_scores, NEXT_YEAR)
    begin(house.examiner, assessing.publish_preliminary, NEXT_YEAR)
    settle_due(now=LATER, raise_errors=True)
    begin(house.approver, finishing.make_final, LATER)
    found["grades written"] = all_of(steps_of.write_grades, LATER)
    ratings = db.session().scalar(select(func.count(ClientRating.id)))
    print(f"{listings} listings, {ratings} ratings")
    return found


def calendar(engagements: int) -> dict[str, Took]:
    """The due days of so many engagements after a day off was announced."""
    multiply(make_engagement(State.REQUESTED), engagements - 1)
    _analyse()
    announce_day_off(db.session(), TODAY)
    kind = CalendarImported.KIND
    query = select(EventRecord).where(EventRecord.kind == kind).order_by(EventRecord.id.desc())
    record = db.session().scalars(query.limit(1)).one()
    db.session.expunge(record)
    db.session.rollback()
    found = {}
    for name in long_handlers(kind):
        step = step_of(name, kind)
        assert step is not None
        found[name] = work_off(lambda uow, came, step=step: step(uow, record, came))
    return {name: took for name, took in found.items() if took.steps > 1}


def write_index(listings: int) -> dict[str, Took]:
    """The index of so many listings, written anew."""
    agent = make_agent()
    admitted_listing(agent)
    multiply_in_server(agent.organisation_id, listings - 1)
    _analyse()
    began, computed = time.perf_counter(), time.process_time()
    count = index.rebuild()
    if count != listings:
        raise SystemExit(f"{count} listings instead of {listings}")
    took = Took().and_one(time.perf_counter() - began, time.process_time() - computed)
    return {"the index written anew": took}


WORK = {"year": (year, 500, 2000), "calendar": (calendar, 1000, 5000)}
WORK["index"] = (write_index, 7000, 70000)


def _analyse() -> None:
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


@contextmanager
def _market() -> Iterator[Flask]:
    """The application on a database of its own."""
    with (
        own_postgres() as url,
        time_machine.travel(NOON, tick=True),
        world(url) as app,
        app.app_context(),
    ):
        yield app
        db.session.remove()


def main() -> None:
    """Work, and show what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("work", choices=list(WORK))
    parser.add_argument("--few", type=int)
    parser.add_argument("--many", type=int)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    run, *sizes = WORK[asked.work]
    found = []
    for size in (asked.few or sizes[0], asked.many or sizes[1]):
        with _market():
            found.append(run(size))
    print("| what | transactions | all, s | longest, s | computing, s | times |")
    print("|---|---|---|---|---|---|")
    for name, one in found[0].items():
        many = found[1][name]
        print(
            f"| {name} | {one.steps} and {many.steps} | {one.seconds:.1f} and {many.seconds:.1f}"
            f" | {one.longest:.2f} and {many.longest:.2f}"
            f" | {one.computing:.1f} and {many.computing:.1f}"
            f" | {many.computing / one.computing:.1f} |"
        )


if __name__ == "__main__":
    main()
