"""The running product and the running platform: a code is added, comes, and follows its changes."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from marketplace.approvals import queries as approvals
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.kernel.actors import Capacity
from marketplace.projects.queries import reading
from marketplace.simulator import world
from tests.engagements import make_engagement, row_of
from tests.factories import make_agent
from tests.journeys.servers import Market, running_market
from tests.simulator import Simulator
from tests.verdicts import WHY, number_of, on_work

pytestmark = [pytest.mark.real_time, pytest.mark.slow]

OWNED = world.projects(date(2026, 11, 23))[0]
PATIENCE = 60.0
ORDERS = (("accepted", "returned"), ("returned", "accepted"))


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


def test_verdicts_come_over_http_twice_and_out_of_order_and_count_once(market, platform):
    platform.kill()
    platform.start()
    platform.turn(duplicate=1, reorder=1)
    with market.app.app_context():
        works = [make_engagement(State.ACCEPTED) for _ in range(2)]
        numbers = [number_of(db.session(), one) for one in works]
        db.session.remove()
    for number, verdicts in zip(numbers, ORDERS, strict=True):
        for said in verdicts:
            platform.judge(number, 1, said, reasons=WHY, score=3, comment="按要点核对。")
    platform.judge("WT-2026-999999", 1, "returned", reasons=WHY)

    def ends() -> list[tuple[State, list[str]]]:
        with market.app.app_context():
            session = db.session()
            found = [
                (row_of(session, one).state, [str(each.state) for each in on_work(session, one)])
                for one in works
            ]
            db.session.remove()
        return found

    until(
        lambda: (
            ends()
            == [
                (State.RETURNED, ["returned", "corrected"]),
                (State.ACCEPTED, ["accepted", "corrected"]),
            ]
        ),
        market,
    )
    with market.app.app_context():
        waiting = approvals.unmatched(db.session())
        db.session.remove()
    assert [one.number for one in waiting] == ["WT-2026-999999"]
    platform.turn(duplicate=0, reorder=0)
    until(lambda: any(one["type"].endswith(".given_back") for one in platform.milestones()), market)


def test_a_code_that_nobody_knows_is_refused_within_seconds(market, platform):
    platform.kill()
    platform.start()
    platform.turn(duplicate=0, reorder=0)
    with market.app.app_context():
        browser = market.browser(make_agent(Capacity.ENTERPRISE))
    page = browser.send("/my/projects/add", code="2106-220102-04-01-123455").location
    until(lambda: 'data-state="refused"' in browser.read(page).text, market)
