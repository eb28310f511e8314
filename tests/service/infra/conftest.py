"""The platform on SQLite and on PostgreSQL, with subscribers of the test's own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.infra.database import db
from marketplace.settings import Settings
from tests.conftest import make_settings
from tests.platform_app import own_subscribers, platform
from tests.postgres import Cluster

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings with a home of their own, on each database."""
    plain = make_settings(tmp_path / "home")
    if request.param == "sqlite":
        yield plain
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")

    def fill(url: str) -> None:
        with platform(replace(plain, database_url=url)):
            pass

    url = cluster.copy_of("platform", fill)
    yield replace(plain, database_url=url)
    cluster.drop_database(url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The platform on a fresh database, inside an application context."""
    with own_subscribers(), platform(settings) as app:
        yield app


@pytest.fixture
def session(app: Flask) -> Session:
    """A reading session."""
    return db.session()
