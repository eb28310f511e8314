"""Fixtures every test may use: an application on a fresh database, a session, a unit of work."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.accounts.services import proofs
from marketplace.app import create_app
from marketplace.approvals.services.calling import Link, use_link
from marketplace.infra import blobs, crypto, mail, room, security_log
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.times import SHANGHAI
from marketplace.settings import Settings, read_settings
from tests.postgres import empty_postgres_url, postgres_cluster
from tests.visitor import Visitor

__all__ = ["empty_postgres_url", "postgres_cluster"]

# A working Monday; MARKETPLACE_TEST_TODAY moves the calendar tests to other days.
TODAY = date.fromisoformat(os.environ.get("MARKETPLACE_TEST_TODAY", "2026-11-23"))
NOON = datetime.combine(TODAY, time(12), SHANGHAI)


@pytest.fixture(autouse=True)
def _fixed_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every in-process test runs on TODAY; time goes on from noon."""
    if request.node.get_closest_marker("real_time"):
        yield
        return
    with time_machine.travel(NOON, tick=True):
        yield


def make_settings(home: Path, **changes: object) -> Settings:
    """Settings of the test environment with its files under `home`."""
    environ = {"MARKETPLACE_ENV": "test", "MARKETPLACE_HOME": str(home)}
    return replace(read_settings(environ), retry_delays=(0.005, 0.3, 1.8), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def template_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a database that holds the schema and the catalogue; copied for each test."""
    from tests.factories import seed_catalogue

    home = tmp_path_factory.mktemp("template")
    app = create_app(make_settings(home))
    with time_machine.travel(NOON, tick=True), app.app_context():
        db.create_all()
        seed_catalogue()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return home


@pytest.fixture(scope="session")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests of this process have their home, one after the other."""
    return tmp_path_factory.mktemp("one") / "home"


@pytest.fixture
def home(template_home: Path, one_home: Path) -> Path:
    """A fresh home for one test: nothing of the test before is left."""
    shutil.rmtree(one_home, ignore_errors=True)
    one_home.mkdir()
    for name in ("marketplace.db", "secret"):
        shutil.copy(template_home / name, one_home / name)
    return one_home


@pytest.fixture(scope="session")
def one_app(template_home: Path, one_home: Path) -> Flask:
    """The application, built once: hundreds of routes take longer than most tests."""
    shutil.copytree(template_home, one_home, dirs_exist_ok=True)
    app = create_app(make_settings(one_home))
    app.testing = True
    app.test_client_class = Visitor
    return app


@pytest.fixture
def app(one_app: Flask, home: Path) -> Iterator[Flask]:
    """The application on a fresh SQLite database, inside an application context."""
    settings = make_settings(home)
    one_app.extensions["settings"] = settings
    # What the process keeps outside the application may be that of another test's.
    crypto.load_keys(settings.data_keys, settings.hash_key)
    blobs.use_home(settings.home)
    mail.use_settings(settings)
    room.use_settings(settings)
    security_log.use_settings(settings)
    proofs.use_settings(secret_key=settings.secret_key, base_url=settings.base_url)
    use_link(Link(settings))
    with one_app.app_context():
        yield one_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A reading session; closed, for it may have outlived the removal of its own registry."""
    session = db.session()
    yield session
    session.close()


@pytest.fixture
def uow(app: Flask) -> Callable[..., UnitOfWork]:
    """Opens units of work: `with uow(actor) as work:`."""

    def opens(actor: Actor = SYSTEM, now: datetime | None = None) -> UnitOfWork:
        db.session.rollback()
        return UnitOfWork(actor, now or datetime.now(SHANGHAI))

    return opens


@pytest.fixture
def story(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., AbstractContextManager[object]]]:
    """Compares all that acts leave behind with a kept story (tests/stories.py); time stands still,
    on the one day on which stories take place.
    """
    from tests.leaving import everybody_reached
    from tests.stories import DAY, count_anew, told

    if DAY != TODAY:
        pytest.skip("stories take place on one day")
    count_anew(monkeypatch)
    with time_machine.travel(NOON, tick=False) as clock, everybody_reached():
        yield partial(told, clock.shift)


@pytest.fixture
def reached(app: Flask) -> Iterator[set[str]]:
    """The kinds of events told so far, each tried where somebody has left (tests/leaving.py)."""
    from tests.leaving import everybody_reached

    with everybody_reached() as kinds:
        yield kinds


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests and groups first, so that the processes of a run end at the same time."""
    items.sort(key=_lateness)


def _lateness(item: pytest.Item) -> int:
    group = item.get_closest_marker("xdist_group")
    if group:
        return 0 if group.args == ("browser",) else 1
    return 1 if item.get_closest_marker("slow") else 2


def pytest_collection_finish() -> None:
    """Thousands of tests are kept to the end: looking through them for garbage takes a fifth of
    the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Documents are not part of a test's name: some are random, and all are long."""
    return "document" if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def demo_home(template_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the complete demo world; made once, copied for each test that uses it."""
    from tests.demo_world import make_demo_home

    return make_demo_home(template_home, tmp_path_factory.mktemp("demo") / "home")
