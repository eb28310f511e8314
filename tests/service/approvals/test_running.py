"""The running product and the running platform: a code is added, comes, and follows its changes."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from marketplace.infra.database import db
from marketplace.kernel.actors import Capacity
from marketplace.projects.queries import reading
from marketplace.simulator import world
from tests.factories import make_agent
from tests.journeys.servers import Market, running_market
from tests.simulator import Simulator

pytestmark = [pytest.mark.real_time, pytest.mark.slow]

OWNED = world.projects(date(2026, 11, 23))[0]
PATIENCE = 60.0


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A platform that is not running yet."""
    simulator = Simulator(tmp_path_factory.mktemp("platform") / "home")
    yield simulator
    simulator.kill()


@pytest.fixture(scope="module")
def market(platform: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Web processes and a worker that know the platform's address."""
    home: Path = tmp_path_factory.mktemp("market") / "home"
    with running_market("sqlite", home, None, **platform.environ()) as running:
        platform.tells(running.product.url)
        yield running


def until(holds: Callable[[], bool], market: Market) -> float:
    """Seconds until it holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < PATIENCE, market.product.last_words()
        time.sleep(0.1)
    return time.monotonic() - began


def revision(market: Market) -> int:
    with market.app.app_context():
        found = reading.find_project(db.session(), OWNED.code)
        db.session.remove()
    return found.revision if found else 0


def test_a_code_waits_for_a_platform_that_is_down_comes_and_follows_its_changes(market, platform):
    platform.kill()
    with market.app.app_context():
        owner = make_agent(
            Capacity.ENTERPRISE,
            name=OWNED.enterprise.name,
            code=OWNED.enterprise.credit_code,
        )
        browser = market.browser(owner)
    page = browser.send("/my/projects/add", code=OWNED.code).location
    assert page.startswith("/my/projects/wanted/")
    until(lambda: 'data-state="late"' in browser.read(page).text, market)

    platform.start()
    until(lambda: browser.read(page).status == 302, market)
    shown = browser.read(browser.read(page).location)
    assert OWNED.name in shown.text
    assert OWNED.code in shown.text

    platform.advance(OWNED.code)
    until(lambda: revision(market) == world.REVISION + 1, market)

    platform.turn(duplicate=1, reorder=1)
    for _step in range(3):
        platform.advance(OWNED.code)
    until(lambda: revision(market) == world.REVISION + 4, market)


def test_a_code_that_nobody_knows_is_refused_within_seconds(market, platform):
    platform.kill()
    platform.start()
    platform.turn(duplicate=0, reorder=0)
    with market.app.app_context():
        browser = market.browser(make_agent(Capacity.ENTERPRISE))
    page = browser.send("/my/projects/add", code="2106-220102-04-01-123455").location
    until(lambda: 'data-state="refused"' in browser.read(page).text, market)
