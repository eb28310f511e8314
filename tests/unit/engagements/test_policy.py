"""Who may do what in an engagement: every act, every state, both sides."""

from dataclasses import replace

import pytest

from marketplace.engagements import policy
from marketplace.engagements.policy import ChoiceStanding, Standing
from marketplace.engagements.rules import AGREEABLE, ENDED, ClientKind, Origin, Side, State, Way
from marketplace.engagements.views.acts import ACTS
from marketplace.kernel.actors import ANONYMOUS, Capacity, Role
from tests.actors import acting

CLIENT = acting(
    1, 10, capacities=frozenset({Capacity.ENTERPRISE}), roles=frozenset({Role.ENTERPRISE_AGENT})
)
PROVIDER = acting(
    2, 20, capacities=frozenset({Capacity.INSTITUTION}), roles=frozenset({Role.INSTITUTION_AGENT})
)
OFFICER = acting(
    3, 30, capacities=frozenset({Capacity.DEPARTMENT}), roles=frozenset({Role.DEPARTMENT_OFFICER})
)
BUDGET = replace(OFFICER, user_id=4, roles=frozenset({Role.BUDGET_OFFICER}))
EXAMINER = acting(5, 40, roles=frozenset({Role.ASSOCIATION_EXAMINER}))
SUPERVISOR = acting(6, 50, roles=frozenset({Role.SUPERVISOR}))
STRANGER = replace(CLIENT, organisation_id=11)
NEWCOMER = replace(PROVIDER, provisional=True)

PICKED = Standing(State.REQUESTED, Origin.PICK, 10, ClientKind.ENTERPRISE, 20, association_id=40)
AWARDED = Standing(State.TAKEN_ON, Origin.AWARD, 30, ClientKind.DEPARTMENT, 20, association_id=40)

# For each act: the states in which the client may, and in which the institution may.
WHEN: dict[str, tuple[set[State], set[State]]] = {
    "may_take_on": (set(), {State.REQUESTED}),
    "may_decline": (set(), {State.REQUESTED}),
    "may_cancel": ({State.REQUESTED, State.TAKEN_ON}, {State.TAKEN_ON}),
    "may_contract": (set(AGREEABLE), set(AGREEABLE)),
    "may_start": ({State.CONTRACTED}, set()),
    "may_pause": ({State.IN_PROGRESS, State.RETURNED}, {State.IN_PROGRESS, State.RETURNED}),
    "may_resume": ({State.PAUSED}, {State.PAUSED}),
    "may_deliver": (set(), {State.IN_PROGRESS, State.RETURNED}),
    "may_judge": ({State.DELIVERED}, set()),
    "may_terminate": (
        {State.CONTRACTED, State.IN_PROGRESS, State.PAUSED, State.DELIVERED, State.RETURNED},
        {State.CONTRACTED, State.IN_PROGRESS, State.PAUSED, State.DELIVERED, State.RETURNED},
    ),
    "may_move": (
        {State.CONTRACTED, State.IN_PROGRESS, State.PAUSED, State.DELIVERED, State.RETURNED},
        set(),
    ),
}


def test_every_act_of_the_page_stands_in_the_table():
    of_contracts = {"may_contract"}
    assert {act.may.__name__ for act in ACTS.values()} == set(WHEN) - of_contracts


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(WHEN))
def test_each_side_does_its_part_in_its_time_and_nobody_else_does(act, state):
    standing = replace(PICKED, state=state, paused_by=Side.PROVIDER)
    may = getattr(policy, act)
    client, provider = WHEN[act]

    assert may(CLIENT, standing).allowed == (state in client)
    assert may(PROVIDER, standing).allowed == (state in provider)
    for outsider in (STRANGER, OFFICER, EXAMINER, SUPERVISOR, NEWCOMER, ANONYMOUS):
        assert not may(outsider, standing).allowed


@pytest.mark.parametrize(
    ("act", "actor", "changes", "reason"),
    [
        ("may_take_on", CLIENT, {}, "engagement.only_provider"),
        ("may_take_on", NEWCOMER, {}, "account.provisional"),
        ("may_take_on", PROVIDER, {"state": State.TAKEN_ON}, "engagement.answered"),
        ("may_take_on", PROVIDER, {"state": State.LAPSED}, "engagement.ended"),
        ("may_cancel", PROVIDER, {}, "engagement.decline_instead"),
        ("may_cancel", STRANGER, {}, "engagement.only_parties"),
        ("may_cancel", CLIENT, {"state": State.PAUSED}, "engagement.contract_stands"),
        ("may_contract", CLIENT, {}, "engagement.not_taken_on"),
        ("may_contract", CLIENT, {"state": State.DELIVERED}, "engagement.with_client"),
        ("may_contract", PROVIDER, {"state": State.ACCEPTED}, "engagement.work_accepted"),
        ("may_contract", CLIENT, {"state": State.CLOSED}, "engagement.ended"),
        ("may_start", CLIENT, {}, "engagement.no_contract"),
        ("may_start", CLIENT, {"state": State.PAUSED}, "engagement.clock_runs"),
        ("may_pause", CLIENT, {"state": State.CONTRACTED}, "engagement.not_started"),
        ("may_pause", CLIENT, {"state": State.DELIVERED}, "engagement.with_client"),
        ("may_pause", CLIENT, {"state": State.ACCEPTED}, "engagement.work_accepted"),
        ("may_resume", CLIENT, {"state": State.RETURNED}, "engagement.not_paused"),
        ("may_deliver", PROVIDER, {"state": State.PAUSED}, "engagement.clock_stands"),
        ("may_judge", CLIENT, {"state": State.PAUSED}, "engagement.nothing_delivered"),
        ("may_judge", CLIENT, {"state": State.ACCEPTED}, "engagement.work_accepted"),
        ("may_terminate", CLIENT, {}, "engagement.cancel_instead"),
        ("may_terminate", CLIENT, {"state": State.ACCEPTED}, "engagement.work_accepted"),
        ("may_move", PROVIDER, {"state": State.PAUSED}, "engagement.only_client"),
    ],
)
def test_a_refusal_says_why(act, actor, changes, reason):
    assert getattr(policy, act)(actor, replace(PICKED, **changes)).reason == reason


def test_a_pause_by_the_client_is_ended_by_the_client_only():
    standing = replace(PICKED, state=State.PAUSED, paused_by=Side.CLIENT)

    assert policy.may_resume(CLIENT, standing).allowed
    assert policy.may_resume(PROVIDER, standing).reason == "engagement.paused_by_client"


def test_a_department_is_bound_by_its_award_and_the_winner_may_step_back():
    assert policy.may_cancel(OFFICER, AWARDED).reason == "engagement.award_stands"
    assert policy.may_cancel(PROVIDER, AWARDED).allowed
    assert (
        policy.may_move(OFFICER, replace(AWARDED, state=State.RETURNED)).reason
        == "engagement.compete_again"
    )


def test_the_parties_see_it_and_so_do_those_who_watch_over_it():
    for actor in (CLIENT, PROVIDER, EXAMINER, SUPERVISOR):
        assert policy.may_see(actor, PICKED)
    for actor in (OFFICER, BUDGET, PROVIDER):
        assert policy.may_see(actor, AWARDED)
    for actor in (STRANGER, OFFICER, ANONYMOUS, replace(EXAMINER, organisation_id=41)):
        assert not policy.may_see(actor, PICKED)


def test_those_who_only_read_belong_to_no_side():
    for actor in (BUDGET, EXAMINER, SUPERVISOR, STRANGER):
        assert policy.side_of(actor, AWARDED) is None
    assert policy.side_of(OFFICER, AWARDED) is Side.CLIENT
    assert policy.side_of(CLIENT, PICKED) is Side.CLIENT
    assert policy.side_of(PROVIDER, PICKED) is Side.PROVIDER


def test_only_confirmed_agents_of_enterprises_pick():
    assert policy.may_request(CLIENT).allowed
    assert policy.may_request(OFFICER).reason == "account.not_your_role"
    assert policy.may_request(replace(CLIENT, provisional=True)).reason == "account.provisional"
    odd = replace(CLIENT, capacities=frozenset({Capacity.INSTITUTION}))
    assert policy.may_request(odd).reason == "engagement.not_an_enterprise"


def test_nothing_is_done_in_an_engagement_that_has_ended():
    for state in ENDED:
        for act in WHEN:
            for actor in (CLIENT, PROVIDER):
                assert not getattr(policy, act)(actor, replace(PICKED, state=state)).allowed


@pytest.mark.parametrize(
    ("actor", "standing", "reason"),
    [
        (CLIENT, ChoiceStanding(10, under_way=True), ""),
        (PROVIDER, ChoiceStanding(10, under_way=True), "engagement.only_client"),
        (CLIENT, ChoiceStanding(10, under_way=False), "moving.not_under_way"),
        (CLIENT, ChoiceStanding(10, under_way=True, way=Way.KEEP), "moving.already_chosen"),
    ],
)
def test_the_client_chooses_once_while_removed_work_is_under_way(actor, standing, reason):
    assert policy.may_choose(actor, standing).reason == reason
