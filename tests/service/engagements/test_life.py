"""The life of an engagement, step by step, as the people in it live it."""

import pytest

from marketplace.engagements.queries import lists, page
from marketplace.engagements.rules import OPEN, Side, State
from marketplace.engagements.services import doing
from marketplace.projects import queries as projects
from tests.conftest import TODAY
from tests.engagements import (
    AMOUNT,
    ITEM,
    accept,
    deliver,
    give_back,
    kinds,
    make_engagement,
    on,
    pause,
    rate,
    resume,
    row_of,
)

REACHABLE = [state for state in State if state is not State.LAPSED]


@pytest.mark.parametrize("state", REACHABLE)
def test_an_engagement_comes_into_every_state_and_says_so(app, session, state):
    world = make_engagement(state)

    assert row_of(session, world).state is state
    found = lists.engagement(session, world.public_id, TODAY)
    assert found.number.startswith("WT-2026-")
    assert (found.owes is None) == (state not in OPEN)


def test_the_whole_way_from_request_to_the_end(app, session):
    world = make_engagement(State.IN_PROGRESS)
    pause(world)
    resume(world)
    deliver(world)
    give_back(world)
    deliver(world)
    accept(world)
    rate(world)

    assert kinds(session, world) == [
        "requested",
        "taken_on",
        "contract_put_forward",
        "contracted",
        "started",
        "paused",
        "resumed",
        "delivered",
        "returned",
        "delivered",
        "accepted",
        "rated",
        "closed",
    ]
    row = row_of(session, world)
    assert (row.returns, row.within_limit, row.amount_fen) == (1, True, AMOUNT)
    assert [one.version for one in row.deliveries] == [1, 2]
    assert page.page(session, world.public_id, TODAY).end_words == ""


@pytest.mark.parametrize("state", [State.DECLINED, State.CANCELLED, State.TERMINATED])
def test_the_reasons_of_the_end_are_those_of_its_last_act(app, session, state):
    world = make_engagement(state)

    words = {"declined": "人手不足。", "cancelled": "项目推迟。", "terminated": "项目终止。"}
    assert page.page(session, world.public_id, TODAY).end_words == words[state]


def test_a_pause_goes_back_to_the_state_it_came_from(app, session):
    world = make_engagement(State.RETURNED)
    pause(world, world.client)

    assert row_of(session, world).paused_by is Side.CLIENT
    on(world, world.client, doing.resume_work, words="数据已到。")

    row = row_of(session, world)
    assert (row.state, row.resumes_to, row.paused_by) == (State.RETURNED, None, None)


@pytest.mark.parametrize(
    "state", [State.DECLINED, State.CANCELLED, State.TERMINATED, State.REQUESTED, State.CLOSED]
)
def test_the_item_is_claimed_until_the_engagement_is_given_up(app, session, state):
    world = make_engagement(state)

    held = projects.claim_of(session, world.project_id, ITEM)
    given_up = state in {State.DECLINED, State.CANCELLED, State.TERMINATED}
    assert (held is None) == given_up
