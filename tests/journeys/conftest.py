"""One running market per database, shared by all journeys on it."""

from collections.abc import Iterator

import pytest

from marketplace.infra.database import db
from tests.cases import Association, make_association
from tests.journeys.servers import Market, running_market
from tests.postgres import Cluster

DATABASES = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("market-on-sqlite")),
    pytest.param(
        "postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("market-on-postgres")]
    ),
]


@pytest.fixture(scope="package", params=DATABASES)
def market(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Market]:
    """The product with its processes, on SQLite and on PostgreSQL."""
    home = tmp_path_factory.mktemp(f"market-{request.param}") / "home"
    if request.param == "sqlite":
        with running_market("sqlite", home, None) as running:
            yield running
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    url = cluster.create_database()
    with running_market("postgres", home, url) as running:
        yield running
    cluster.drop_database(url)


@pytest.fixture(scope="package")
def association(market: Market) -> Association:
    """The association that all applications of the market go to."""
    with market.app.app_context():
        return make_association("JL-Z01", "JL-Z02", "JL-Z05")


@pytest.fixture(autouse=True)
def _look_inside(market: Market) -> Iterator[None]:
    """A test sees the market's database as the product does."""
    with market.app.app_context():
        yield
        db.session.remove()
