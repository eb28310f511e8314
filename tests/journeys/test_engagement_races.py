"""Engagements under concurrency, over HTTP against four web processes and the worker."""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select

from marketplace.budgets import queries as budgets
from marketplace.competitions import queries as competitions
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.infra.database import reading_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import queries as institutions
from marketplace.projects import queries as projects
from tests.competitions import CEILING, PRICES, make_department
from tests.dossiers import admitted_listing
from tests.engagements import (
    ITEM,
    World,
    make_engagement,
    make_enterprise,
    make_provider,
    project_of,
    put_forward,
    shown_hash,
)
from tests.journeys import dealings, trail
from tests.journeys.past import of_long_ago
from tests.journeys.servers import Browser, Market, Sent, at_once
from tests.journeys.test_competition_races import statuses
from tests.journeys.test_removal_races import pick
from tests.market import PLAIN_ITEM, offer

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
AT_ONCE = 32
WORLDS = 4
PICKS = 31


def do(browser: Browser, world: World, act: str, **fields: str) -> Sent:
    return browser.send(f"/engagements/{world.public_id}/{act}", **fields)


def four_times(market: Market, worlds: list[World], one: tuple, other: tuple) -> list[list[Sent]]:
    """In each world two people act against each other, four times each, all at once."""
    calls = []
    for world in worlds:
        for who, act, fields in (one, other):
            browser = market.browser(getattr(world, who))
            calls += [partial(do, browser, world, act, **fields)] * 4
    answers = at_once(calls)
    return [answers[8 * number : 8 * number + 8] for number in range(len(worlds))]


def state_of(world: World) -> State:
    with reading_session() as session:
        return session.get_one(Engagement, world.engagement_id).state


def told(world: World) -> Counter[str]:
    """How often each thing happened to the engagement."""
    with reading_session() as session:
        query = select(EventRecord.kind).where(
            EventRecord.subject_kind == "engagement",
            EventRecord.subject_id == world.engagement_id,
        )
        return Counter(kind.removeprefix("engagement.") for kind in session.scalars(query))


def is_claimed(world: World, item: str = ITEM) -> bool:
    with reading_session() as session:
        return projects.claim_of(session, world.project_id, item) is not None


def test_an_acceptance_and_a_termination_at_once_leave_one_of_the_two(market):
    worlds = [make_engagement(State.DELIVERED) for _ in range(WORLDS)]

    answers = four_times(
        market,
        worlds,
        ("client", "accept", {}),
        ("provider", "terminate", {"reason": "无法继续。"}),
    )

    for world, sent in zip(worlds, answers, strict=True):
        assert statuses(sent) == {303: 1, 409: 7}
        accepted = any(one.status == 303 for one in sent[:4])
        assert state_of(world) is (State.ACCEPTED if accepted else State.TERMINATED)
        assert told(world)["accepted"] + told(world)["terminated"] == 1
        assert is_claimed(world) is accepted


def test_an_answer_and_a_cancellation_at_once_end_cancelled_once(market):
    worlds = [make_engagement() for _ in range(WORLDS)]

    answers = four_times(
        market,
        worlds,
        ("provider", "take-on", {}),
        ("client", "cancel", {"reason": "项目推迟。"}),
    )

    for world, sent in zip(worlds, answers, strict=True):
        taken = statuses(sent[:4]).get(303, 0)
        assert statuses(sent[4:]) == {303: 1, 409: 3}
        assert state_of(world) is State.CANCELLED
        assert (told(world)["taken_on"], told(world)["cancelled"]) == (taken, 1)
        assert taken <= 1
        assert not is_claimed(world)


def awarded(market: Market, count: int) -> list[World]:
    """Engagements that the worker began with an award; no contract is recorded yet."""
    bidders = [offer() for _ in range(3)]
    made = [
        of_long_ago(CompetitionState.AWARDED, department=make_department(), offers=bidders)
        for _ in range(count)
    ]
    trail.wait_until_quiet(market)
    worlds = []
    for one in made:
        with reading_session() as session:
            query = select(Engagement).where(Engagement.competition_id == one.competition_id)
            row = session.scalars(query).one()
        agent = next(each.agent for each in bidders if each.listing_id == row.listing_id)
        officer = one.department.officer
        worlds.append(World(officer, agent, row.listing_id, row.project_id, row.id, row.public_id))
    return worlds


def test_a_contract_and_the_winner_stepping_back_at_once_leave_one_of_the_two(market):
    worlds = awarded(market, WORLDS)
    for world in worlds:
        put_forward(world.provider, world.engagement_id, PRICES[2])
    calls = []
    for world in worlds:
        sent = {"content_hash": shown_hash(world.engagement_id)}
        client, provider = market.browser(world.client), market.browser(world.provider)
        calls += [partial(do, client, world, "contract/confirm", **sent)] * 4
        calls += [partial(do, provider, world, "cancel", reason="人手不足。")] * 4
    every = at_once(calls)
    answers = [every[8 * number : 8 * number + 8] for number in range(len(worlds))]

    for world, sent in zip(worlds, answers, strict=True):
        assert statuses(sent) == {303: 1, 409: 7}
        signed_first = any(one.status == 303 for one in sent[:4])
        with reading_session() as session:
            row = session.get_one(Engagement, world.engagement_id)
            competition = competitions.competition(session, row.competition_id)
            held = (
                budgets.hold_of(session, "engagement", row.id)
                if signed_first
                else budgets.hold_of(session, "competition", competition.id)
            )
        if signed_first:
            assert (row.state, competition.state) == (State.CONTRACTED, CompetitionState.CONCLUDED)
            assert (held.reserved_fen, held.committed_fen) == (0, PRICES[2])
        else:
            # The award goes to the next in order; its money stays reserved.
            assert row.state is State.CANCELLED
            assert competition.state is CompetitionState.AWARD_PUBLISHED
            assert (held.reserved_fen, held.committed_fen) == (CEILING, 0)
        assert is_claimed(world, PLAIN_ITEM)


def test_nothing_is_picked_after_the_institution_stepped_aside(market):
    agent = make_provider()
    listing_id = admitted_listing(agent)
    with reading_session() as session:
        listing = institutions.listing(session, listing_id).public_id
    calls = []
    for _number in range(PICKS):
        client = make_enterprise()
        project_id = project_of(client)
        with reading_session() as session:
            project = projects.project(session, project_id).public_id
        calls.append(partial(pick, market.browser(client), project, listing))
    path = f"/my/institution/listings/{listing}/pause"
    calls.insert(PICKS // 2, partial(market.browser(agent).send, path, reason="内部调整。"))

    answers = at_once(calls)

    assert answers.pop(PICKS // 2).status == 303
    done = statuses(answers).get(303, 0)
    assert {one.status for one in answers} <= {303, 409, 422}
    with reading_session() as session:
        rows = session.scalars(select(Engagement).where(Engagement.listing_id == listing_id)).all()
        assert list(dealings.picked_while_away(session)) == []
    assert len(rows) == done
    assert all(row.state is State.REQUESTED for row in rows)
