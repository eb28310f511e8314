"""All that each act on a contract leaves behind, and who may do what when."""

import pytest

from marketplace.contracts import services
from marketplace.contracts.queries.reading import versions_of
from marketplace.engagements.rules import State
from marketplace.engagements.services import ending
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from tests.dossiers import act
from tests.engagements import (
    AMOUNT,
    confirm,
    make_engagement,
    make_enterprise,
    on,
    paper,
    put_forward,
    shown_hash,
    terms_for,
)


def acts(world, digest):
    """Every act on a contract."""
    key, terms = world.engagement_id, terms_for(world.engagement_id)
    return {
        "put forward": lambda uow: services.put_forward(uow, engagement=key, terms=terms),
        "confirm": lambda uow: services.confirm(uow, engagement=key, content_hash=digest),
        "ask for a change": lambda uow: services.ask_for_change(uow, engagement=key, reason="一"),
        "take back": lambda uow: services.take_back(uow, engagement=key, reason="一"),
    }


def live_version(key):
    found = versions_of(db.session(), key)[0]
    db.session.rollback()
    return found


def waits(world):
    put_forward(world.client, world.engagement_id)


def is_to_change(world):
    put_forward(world.client, world.engagement_id)
    on(world, world.provider, services.ask_for_change, reason="请修改。")


BEFORE = {"nothing": lambda _world: None, "put forward": waits, "to change": is_to_change}


@pytest.mark.parametrize("state", [State.REQUESTED, State.TAKEN_ON, State.IN_PROGRESS])
@pytest.mark.parametrize("before", BEFORE)
def test_who_may_do_what_with_a_contract(story, state, before):
    if state is State.REQUESTED and before != "nothing":
        return
    world, stranger = make_engagement(state), make_enterprise()
    BEFORE[before](world)
    digest = "" if before == "nothing" else shown_hash(world.engagement_id)
    everybody = {"the client": world.client, "the provider": world.provider, "stranger": stranger}
    with story(f"contracts/may/{state}/{before}", **everybody) as told:
        told.may(acts(world, digest), *everybody.values())


def test_a_contract_comes_about_is_amended_and_ends(story):
    world = make_engagement(State.TAKEN_ON)
    client, provider, key = world.client, world.provider, world.engagement_id
    with story("contracts/from the first text to the end", client=client, provider=provider):
        terms = terms_for(key)
        on(world, client, services.put_forward, terms=terms, papers=[paper()])
        on(world, provider, services.ask_for_change, reason=" 请把资料清单补全 ")
        put_forward(provider, key, AMOUNT + 100)
        on(world, provider, services.take_back, reason=" 金额有误 ")
        put_forward(provider, key)
        confirm(client, key)
        put_forward(client, key, AMOUNT + 500)
        confirm(provider, key)
        put_forward(client, key, AMOUNT + 900)
        on(world, client, ending.terminate_engagement, reason="项目终止。")
        ended = services.follow_engagement
        act(SYSTEM, lambda uow: ended(uow, engagement=key, over=True))
        assert not act(SYSTEM, lambda uow: ended(uow, engagement=key, over=True))


def test_an_amendment_that_nobody_confirms_lapses(story):
    world = make_engagement(State.IN_PROGRESS)
    client, provider, key = world.client, world.provider, world.engagement_id
    with story("contracts/an amendment lapses", client=client, provider=provider) as told:
        put_forward(client, key, AMOUNT + 100)
        waits = live_version(key)
        over = end_of_day(waits.due_on)
        told.may(acts(world, waits.content_hash), client, provider, at=over)
        act(SYSTEM, lambda uow: services.lapse_amendment(uow, version=waits.id), at=over)
