"""Acts at the same instant, by real processes, on SQLite and on PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.app import create_app
from marketplace.engagements import queries, services
from marketplace.engagements.models import Engagement, SettledDay
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.times import SHANGHAI, end_of_day
from marketplace.projects import queries as projects
from marketplace.settings import ROOT
from tests.conftest import make_settings
from tests.engagements import (
    ITEM,
    World,
    kinds,
    make_engagement,
    make_enterprise,
    make_world,
    project_of,
    row_of,
    work,
)
from tests.factories import seed_catalogue
from tests.postgres import Cluster

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
pytestmark = pytest.mark.slow
Call = tuple[Actor, str, tuple[int, ...]]


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, home: Path) -> Iterator[Flask]:
    """The application with the catalogue, on each database."""
    settings = make_settings(home)
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        url = cluster.copy_of("engagements", lambda url: fill(home, url))
        settings = replace(settings, database_url=url)
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if request.param == "postgres":
        cluster.drop_database(settings.database_url)


def fill(home: Path, url: str) -> None:
    """The schema and the catalogue."""
    app = create_app(replace(make_settings(home), database_url=url))
    with app.app_context():
        db.create_all()
        seed_catalogue()
        db.session.remove()
        db.engine.dispose()


def at_once(app: Flask, calls: list[Call], now: datetime | None = None) -> list[str]:
    """Let each actor act in a process of its own at the same moment; what came of each."""
    settings = app.extensions["settings"]
    instant = (now or datetime.now(SHANGHAI)).isoformat()
    db.session.remove()
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.service.engagements.engagement_process"),
                *(str(settings.home), settings.database_url, instant),
                *(str(actor.membership_id or 0), act, *map(str, about)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for actor, act, about in calls
    ]
    for process in processes:
        assert process.stdout.readline().strip() == "ready"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0].strip() for process in processes]


def event_ids(session, kind: str) -> list[int]:
    """The events of a kind, in the order in which they were committed."""
    session.rollback()
    query = select(EventRecord.id).where(EventRecord.kind == kind).order_by(EventRecord.id)
    return list(session.scalars(query))


def about(world: World) -> tuple[int, ...]:
    return (world.engagement_id,)


def test_an_answer_and_a_cancellation_at_once_leave_one_of_the_two(app, session):
    world = make_engagement()

    taken, cancelled = at_once(
        app, [(world.provider, "take_on", about(world)), (world.client, "cancel", about(world))]
    )

    # Taken on first, it may still be cancelled; cancelled first, it cannot be taken on.
    assert (taken, cancelled) in {("done", "done"), ("engagement.ended", "done")}
    row = row_of(session, world)
    assert row.state is State.CANCELLED
    assert projects.claim_of(session, world.project_id, ITEM) is None
    assert ("taken_on" in kinds(session, world)) == (taken == "done")


def test_of_an_acceptance_a_return_and_a_termination_at_once_the_steps_stay_in_the_table(
    app, session
):
    world = make_engagement(State.DELIVERED)

    accepted, returned, terminated = at_once(
        app,
        [
            (world.client, "accept", about(world)),
            (world.client, "give_back", about(world)),
            (world.provider, "terminate", about(world)),
        ],
    )

    row = row_of(session, world)
    told = kinds(session, world)
    assert told.count("accepted") + told.count("terminated") == 1
    if accepted == "done":
        assert row.state is State.ACCEPTED
        assert {returned, terminated} <= {"engagement.accepted"}
    else:
        assert row.state is State.TERMINATED
        assert terminated == "done"
        assert accepted in {"engagement.ended", "engagement.nothing_delivered"}


def test_the_tick_and_an_answer_at_once_leave_one_of_the_two(app, session):
    world = make_engagement()
    ends = end_of_day(row_of(session, world).turn_due_on)

    settled, taken = at_once(
        app,
        [(SYSTEM, "settle", about(world)), (world.provider, "take_on", about(world))],
        ends,
    )

    assert settled == "done"
    expected = State.TAKEN_ON if taken == "done" else State.LAPSED
    assert row_of(session, world).state is expected


@pytest.mark.parametrize("leaves", ["suspend", "withdraw"])
def test_no_pick_comes_after_the_listing_has_left_the_market(app, session, leaves):
    world = make_world()
    clients = [make_enterprise() for _ in range(5)]
    picks: list[Call] = [(one, "pick", (project_of(one), world.listing_id)) for one in clients]
    leaver = SYSTEM if leaves == "suspend" else world.provider
    end: Call = (leaver, leaves, (world.listing_id,))

    answers = at_once(app, [*picks[:3], end, *picks[3:]])

    done = event_ids(session, "engagement.requested")
    gone = event_ids(session, "listing.suspended" if leaves == "suspend" else "listing.withdrawn")
    assert len(gone) == 1
    assert all(picked < gone[0] for picked in done)
    assert answers.count("listing.not_admitted") == len(clients) - len(done)


def test_an_item_is_picked_once_however_many_institutions_are_asked(app, session):
    world = make_world()
    others = [make_world(client=world.client) for _ in range(3)]
    listings = [world.listing_id, *(one.listing_id for one in others)]

    answers = at_once(app, [(world.client, "pick", (world.project_id, key)) for key in listings])

    assert sorted(answers) == ["done", *["project.item_claimed"] * 3]
    assert session.query(Engagement).filter_by(project_id=world.project_id).count() == 1


def test_two_moves_to_each_others_institution_do_not_wait_for_each_other_for_ever(app, session):
    one, other = make_engagement(State.IN_PROGRESS), make_engagement(State.IN_PROGRESS)

    answers = at_once(
        app,
        [
            (one.client, "move", (one.engagement_id, other.listing_id)),
            (other.client, "move", (other.engagement_id, one.listing_id)),
        ],
    )

    assert answers == ["done", "done"]
    assert row_of(session, one).state is State.TERMINATED
    assert row_of(session, other).successor_id is not None


def test_days_settled_at_once_with_a_calendar_import_are_settled_once_and_never_recounted(
    app, session
):
    world = make_engagement(State.IN_PROGRESS)
    before, today = date(2027, 1, 5), date(2027, 1, 7)
    work(SYSTEM, lambda uow: services.settle_days(uow, through=before))
    used = queries.page(session, world.public_id, before).clock.used

    answers = at_once(
        app,
        [*[(SYSTEM, "settle_days", ())] * 3, (SYSTEM, "announce", (2027,))],
        datetime(2027, 1, 7, 2, tzinfo=SHANGHAI),
    )

    assert answers == ["done"] * 4
    session.rollback()
    settled = session.scalars(select(SettledDay.day).order_by(SettledDay.day)).all()
    assert settled == [settled[0] + timedelta(days=n) for n in range(len(settled))]
    assert settled[-1] == today
    # The announcement frees the 4th and 5th as well, but these had come and were counted.
    assert queries.page(session, world.public_id, before).clock.used == used
    assert queries.page(session, world.public_id, today).clock.used in {used, used + 2}
