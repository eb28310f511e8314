"""The running product with something of every kind, and a program of every kind of client."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.kernel.actors import Actor, Capacity, Role
from tests.cases import make_association
from tests.engagements import make_engagement
from tests.factories import make_agent, make_member, make_organisation
from tests.journeys.servers import Market, running_market
from tests.journeys.trail import wait_until, wait_until_quiet
from tests.postgres import Cluster
from tests.programs import make_token
from tests.projects import make_project

DATABASES = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("contract-on-sqlite")),
    pytest.param(
        "postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("contract-on-postgres")]
    ),
]
# Counting requests is tested elsewhere; here thousands come from one client.
RATE = ""


@dataclass(frozen=True)
class Programs:
    """The running product and the tokens of its clients, by what each client is."""

    market: Market
    tokens: dict[str, str]


@pytest.fixture(scope="package", params=DATABASES)
def programs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Programs]:
    """The product with its processes, on SQLite and on PostgreSQL."""
    home = tmp_path_factory.mktemp(f"contract-{request.param}") / "home"
    url = cluster = None
    if request.param == "postgres":
        cluster = request.getfixturevalue("postgres_cluster")
        assert isinstance(cluster, Cluster)
        url = cluster.create_database()
    with running_market(request.param, home, url, MARKETPLACE_API_RATE=RATE) as market:
        with market.app.app_context():
            tokens = _fill()
            db.session.remove()
            wait_until_quiet(market)
            wait_until(lambda: _is_indexed(market), market.product.last_words)
        yield Programs(market, tokens)
    if cluster is not None and url is not None:
        cluster.drop_database(url)


def _fill() -> dict[str, str]:
    """Two admitted institutions, an enterprise with projects and an engagement, a department."""
    make_association("JL-Z01", "JL-Z03", "JL-Z05")
    enterprise = make_agent(Capacity.ENTERPRISE, name="示例投资有限公司")
    agent = make_engagement(State.CONTRACTED, client=enterprise).provider
    make_engagement()
    for _ in range(2):
        make_project(enterprise_id=enterprise.organisation_id)
    return {
        "no token": "",
        "enterprise": make_token(enterprise),
        "institution": make_token(agent),
        "department": make_token(_department()),
    }


def _is_indexed(market: Market) -> bool:
    """Whether the directory has everybody: two listings are in the market."""
    status, answer = market.product.readiness()
    return status == 200 and answer["checks"]["index"] == {"ok": True, "listings": 2, "waiting": 0}


def _department() -> Actor:
    organisation_id = make_organisation(Capacity.DEPARTMENT, name="示例审批局")
    return make_member(organisation_id, Role.ORGANISATION_ADMIN, Role.DEPARTMENT_OFFICER)
