"""Acts at the same instant, each in a process of its own, on SQLite and on PostgreSQL.

The processes are forked from one that has read the application already: starting Python and
reading it anew takes a hundred times longer than what is tested.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from flask import Flask

from marketplace.app import create_app
from marketplace.infra.database import db, reading_session
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.settings import Settings
from tests.actors import actor_of
from tests.conftest import make_settings
from tests.factories import seed_catalogue
from tests.postgres import Cluster

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
WAIT_SECONDS = 60.0
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.racing_ground"])


@dataclass(frozen=True)
class Call:
    """What somebody does: `act(uow, *about)`, where the act is a function of a module."""

    actor: Actor
    act: Callable[..., object]
    about: tuple[int, ...] = ()


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, home: Path) -> Iterator[Flask]:
    """The application with the catalogue, on each database."""
    settings = make_settings(home)
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        url = cluster.copy_of("racing", lambda url: fill(home, url))
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
    """Let each actor act in a process of its own at the same moment.

    Returns for each call "done" or the code of the refusal.
    """
    settings = app.extensions["settings"]
    instant = now or datetime.now(SHANGHAI)
    db.session.remove()
    begin = _processes.Barrier(len(calls))
    listening = []
    for call in calls:
        ours, theirs = _processes.Pipe(duplex=False)
        _processes.Process(target=_run, args=(theirs, begin, settings, instant, call)).start()
        theirs.close()
        listening.append(ours)
    return [_heard(pipe) for pipe in listening]


def _heard(pipe: Connection) -> str:
    with pipe:
        if not pipe.poll(WAIT_SECONDS):
            raise AssertionError("a process said nothing")
        return str(pipe.recv())


def _run(
    pipe: Connection, begin: Barrier, settings: Settings, instant: datetime, call: Call
) -> None:
    app = create_app(settings)
    with app.app_context():
        actor = _as_now(call.actor)
        begin.wait(WAIT_SECONDS)
        try:
            with UnitOfWork(actor, instant) as uow:
                call.act(uow, *call.about)
            pipe.send("done")
        except Refused as refusal:
            pipe.send(refusal.code)
        db.session.remove()
        db.engine.dispose()


def _as_now(actor: Actor) -> Actor:
    """The actor as their membership is now: an admission may have confirmed it meanwhile."""
    if actor.membership_id is None:
        return SYSTEM
    with reading_session() as session:
        return actor_of(session, actor.membership_id)
