"""Two thousand milestones reach a platform that loses half its answers and restarts twice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.approvals import queries as approvals
from marketplace.approvals.services.calling import Link, use_link
from marketplace.engagements import events
from marketplace.engagements import services as engagements
from marketplace.infra import unit_of_work
from marketplace.infra.clock import real_now
from marketplace.infra.database import db, unsynced
from marketplace.infra.outbox import delivery, queue
from marketplace.infra.outbox.delivery import deliver_due
from marketplace.infra.outbox.models import Delivery, DeliveryState, EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.settings import Settings, read_settings
from tests.engagements import ITEM, World, make_world
from tests.factories import system_work
from tests.projects import make_project
from tests.simulator import Simulator

pytestmark = [pytest.mark.real_time, pytest.mark.slow]

ENGAGEMENTS, EACH = 200, 10
ATTEMPTS = 20
RESTARTS_AT = (600, 1300)


class Hurry:
    """The queue's clock, which goes on to the next due instant where nothing is due."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        patch.setattr(queue, "real_now", self.now)
        patch.setattr(delivery, "real_now", self.now)

    def now(self) -> datetime:
        """Real time and what was skipped."""
        return real_now() + self.ahead

    def skip(self) -> bool:
        """On to the next attempt; False where nothing waits any more."""
        session = db.session()
        pending = select(func.min(Delivery.next_attempt_at)).where(
            Delivery.state == DeliveryState.PENDING, queue._unblocked()
        )
        due = session.scalar(pending)
        session.rollback()
        if due is None:
            return False
        self.ahead += max(due - self.now(), timedelta(0))
        return True


@pytest.fixture
def only_milestones(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens but the approval platform."""
    names = {
        kind: heard & {approvals.SUBSCRIBER} for kind, heard in unit_of_work._subscribers.items()
    }
    monkeypatch.setattr(unit_of_work, "_subscribers", names)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    """A simulator of its own, because it is pulled out from under the others."""
    with Simulator(tmp_path / "platform", seed=7) as running:
        yield running


def shortened(settings: Settings) -> Settings:
    """The delays of production, a thousandth of each, and twenty attempts."""
    planned = read_settings({"MARKETPLACE_ENV": "test", "MARKETPLACE_HOME": str(settings.home)})
    delays = tuple(delay / 1000 for delay in planned.retry_delays)
    return replace(settings, retry_delays=delays, retry_attempts=ATTEMPTS)


def request_all() -> list[tuple[World, int]]:
    """Every engagement is picked by one enterprise, each for a project of its own."""
    world = make_world()
    codes = [make_project(world.client.organisation_id) for _ in range(ENGAGEMENTS)]
    found = []
    for project_id in codes:
        with UnitOfWork(world.client, real_now()) as uow:
            ref = engagements.request_engagement(
                uow, project_id=project_id, item_code=ITEM, listing_id=world.listing_id
            )
        found.append((world, ref.id))
    return found


def go_on(world: World, engagement_id: int) -> None:
    """What happens to one engagement after its request, up to acceptance."""
    day = date(2026, 12, 18)
    facts = (
        engagement_id,
        world.client.organisation_id,
        world.provider.organisation_id,
        world.project_id,
        ITEM,
        world.listing_id,
    )
    later = (
        events.EngagementTakenOn(*facts, contract_by=day),
        events.EngagementContracted(*facts, amount_fen=1_200_000, signed_on=day, materials_by=day),
        events.WorkStarted(*facts, due_on=day),
        events.WorkPaused(*facts, pause_id=1),
        events.WorkResumed(*facts, pause_id=1, due_on=day),
        events.WorkDelivered(*facts, version=1, answer_by=day),
        events.DeliveryReturned(*facts, version=1, due_on=day),
        events.WorkDelivered(*facts, version=2, answer_by=day),
        events.DeliveryAccepted(*facts, version=2, within_limit=True, returns=1),
    )
    assert len(later) == EACH - 1
    with system_work() as uow:
        for event in later:
            uow.record(event)


def count(state: DeliveryState) -> int:
    session = db.session()
    found = session.scalars(select(func.count(Delivery.id)).where(Delivery.state == state)).one()
    session.rollback()
    return found


def deliver(settings: Settings, simulator: Simulator, clock: Hurry) -> None:
    """As the worker does, while the platform is pulled out from under it twice."""
    restarts = list(RESTARTS_AT)
    while True:
        if deliver_due(settings, "worker", limit=ENGAGEMENTS) == 0 and not clock.skip():
            return
        if restarts and count(DeliveryState.DONE) >= restarts[0]:
            restarts.pop(0)
            simulator.kill()
            for _round in range(3):
                deliver_due(settings, "worker", limit=ENGAGEMENTS)
                clock.skip()
            simulator.start()


def test_every_milestone_arrives_in_order_and_twice_only_under_the_same_id(
    app, simulator, only_milestones, monkeypatch
):
    settings = shortened(simulator.settings(app.extensions["settings"]))
    use_link(Link(settings))
    simulator.turn(fail=0.5)
    with unsynced(db.engine):
        for world, engagement_id in request_all():
            go_on(world, engagement_id)
        deliver(settings, simulator, Hurry(monkeypatch))

    assert count(DeliveryState.PARKED) == 0
    assert count(DeliveryState.DONE) == ENGAGEMENTS * EACH
    arrived = simulator.milestones()
    assert len(arrived) == len({one["webhook_id"] for one in arrived}) == ENGAGEMENTS * EACH
    assert not any(one["altered"] for one in arrived), "the same id always has the same body"
    assert any(one["times"] > 1 for one in arrived), "answers were lost after the work was done"

    orders = defaultdict(list)
    for one in arrived:
        orders[one["subject"]].append(int(one["sequence"]))
    assert len(orders) == ENGAGEMENTS
    recorded = db.session().scalars(
        select(EventRecord.sequence).where(EventRecord.subject_kind == "engagement")
    )
    assert len(list(recorded)) == ENGAGEMENTS * EACH
    assert all(order == sorted(order) and len(order) == EACH for order in orders.values())
