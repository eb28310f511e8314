"""A ruling about an overdue contract against the contract itself, over HTTP at once."""

from functools import partial

import pytest

from marketplace.competitions import queries as competitions
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.engagements.services import ending
from marketplace.infra.database import db, reading_session
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.times import end_of_day
from marketplace.rulings import queries, services
from marketplace.rulings.rules import RulingState
from tests.competitions import PRICES
from tests.engagements import World, put_forward, shown_hash, work
from tests.factories import make_member, make_organisation
from tests.journeys import trail
from tests.journeys.servers import at_once
from tests.journeys.test_competition_races import statuses
from tests.journeys.test_engagement_races import awarded, do, is_claimed
from tests.market import PLAIN_ITEM

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
WORLDS = 4
WORDS = "文本仍在审签。"


def let_lie(world: World) -> str:
    """The winner put the terms forward, the department's days passed, both were heard."""
    put_forward(world.provider, world.engagement_id, PRICES[2])

    with reading_session() as session:
        ends = end_of_day(session.get_one(Engagement, world.engagement_id).turn_due_on)
    key = world.engagement_id
    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=key), ends)
    work(SYSTEM, lambda uow: services.ask_for_ruling(uow, engagement=key))
    found = queries.open_of(db.session(), key)
    for actor in (world.client, world.provider):
        work(actor, lambda uow: services.speak(uow, ruling=found, words=WORDS))
    return queries.ruling(db.session(), found).public_id


def test_a_confirmation_and_four_rulings_at_once_leave_one_outcome(market):
    office = make_organisation(Capacity.SUPERVISOR, region_code="220000")
    supervisor = make_member(office, Role.SUPERVISOR)
    worlds = awarded(market, WORLDS)
    matters = [let_lie(world) for world in worlds]
    calls = []
    for world, ruling in zip(worlds, matters, strict=True):
        sent = {"content_hash": shown_hash(world.engagement_id)}
        client, rules = market.browser(world.client), market.browser(supervisor)
        fails = f"/rulings/{ruling}/competition-fails"
        calls += [partial(do, client, world, "contract/confirm", **sent)] * 4
        calls += [partial(rules.send, fails, reason="双方均已听取意见。")] * 4
    every = at_once(calls)

    trail.wait_until_quiet(market)
    for number, world in enumerate(worlds):
        answers = every[8 * number : 8 * number + 8]
        assert statuses(answers) == {303: 1, 409: 7}
        signed = any(one.status == 303 for one in answers[:4])
        with reading_session() as session:
            row = session.get_one(Engagement, world.engagement_id)
            competition = competitions.competition(session, row.competition_id)
            matter = queries.ruling(session, matters[number])
        if signed:
            assert (row.state, competition.state) == (State.CONTRACTED, CompetitionState.CONCLUDED)
            assert matter.state is RulingState.DROPPED
        else:
            assert (row.state, competition.state) == (State.CANCELLED, CompetitionState.FAILED)
            assert matter.state is RulingState.RULED
        assert is_claimed(world, PLAIN_ITEM) is signed
