"""The same statements on PostgreSQL: what is found by hand, and the list of clients."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.app import create_app
from marketplace.client_records.queries import records
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.kernel.times import SHANGHAI
from tests.competitions import make_competition
from tests.conftest import make_settings
from tests.postgres import Cluster
from tests.racing import fill
from tests.service.client_records.test_by_hand import LIVES, WORKS, figures_agree, some_works

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def postgres_app(postgres_cluster: Cluster, home: Path) -> Iterator[Flask]:
    """The application on a PostgreSQL database of its own."""
    url = postgres_cluster.copy_of("racing", lambda url: fill(home, url))
    app = create_app(make_settings(home, database_url=url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    postgres_cluster.drop_database(url)


@given(lives=st.tuples(*[LIVES] * WORKS))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_clients_did_is_counted_as_by_hand(works, lives):
    figures_agree(works, lives)


@pytest.fixture
def works(postgres_app: Flask) -> tuple[list[int], list[int]]:
    return some_works()


def test_every_client_is_listed_and_has_its_figures(postgres_app):
    some_works()
    make_competition()
    session = db.session()

    found = records.CLIENTS.read(session, Asked(text="测试", sort="works"))

    assert found.total >= 1
    now = datetime.now(SHANGHAI)
    every = records.CLIENTS.read(session, Asked()).rows
    told = [records.record_of(session, one, now) for one in every]
    assert {one.kind for one in every} == {"enterprise", "department"}
    assert sum(one.commissioned for one in told) == 1
