"""Rules and policies of requests to departments."""

from dataclasses import replace

import pytest

from marketplace.accounts.policy import Tie
from marketplace.catalogue.rules.items import OpenTo
from marketplace.commission_requests import policy, rules
from marketplace.commission_requests.policy import Standing
from marketplace.commission_requests.rules import Overtaking, RequestState
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.errors import Refused
from marketplace.projects.policy import ProjectStanding
from marketplace.projects.rules import Need, Needed, ProjectState
from tests.actors import acting

ENTERPRISE = acting(1, 10, 100, roles=frozenset({Role.ENTERPRISE_AGENT}))
OFFICER = acting(2, 20, 101, roles=frozenset({Role.DEPARTMENT_OFFICER}))
APPROVER = acting(3, 20, 102, roles=frozenset({Role.DEPARTMENT_APPROVER}))
OPERATOR = acting(4, 30, 103, roles=frozenset({Role.SYSTEM_ADMIN}))
OTHER = acting(
    5, 40, 104, roles=frozenset({Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER, Role.SYSTEM_ADMIN})
)
EVERYBODY = {
    "enterprise": ENTERPRISE,
    "officer": OFFICER,
    "approver": APPROVER,
    "operator": OPERATOR,
    "other": OTHER,
}
ASKED = Standing(RequestState.ASKED, enterprise_id=10, owner_id=10, addressee_id=20)
WITH_OPERATOR = replace(ASKED, addressee_id=30, with_operator=True)
PROJECT = ProjectStanding(1, 10, ProjectState.ACTIVE)
NO, NOT_OWNER = "commission_request.not_the_addressee", "commission_request.not_the_owner"


def answers(may, standing):
    return {name: may(actor, standing).reason for name, actor in EVERYBODY.items()}


@pytest.mark.parametrize(
    ("may", "standing", "expected"),
    [
        (policy.may_take_up, ASKED, {"officer": ""}),
        (policy.may_take_up, WITH_OPERATOR, {}),
        (policy.may_refuse, ASKED, {"officer": ""}),
        (policy.may_refuse, WITH_OPERATOR, {"operator": ""}),
        (policy.may_address, WITH_OPERATOR, {"operator": ""}),
    ],
)
def test_whoever_has_a_request_answers_it(may, standing, expected):
    assert answers(may, standing) == dict.fromkeys(EVERYBODY, NO) | expected


def test_only_the_enterprise_withdraws():
    assert answers(policy.may_withdraw, ASKED) == dict.fromkeys(EVERYBODY, NOT_OWNER) | {
        "enterprise": ""
    }


def test_where_the_project_changed_hands_the_one_before_reads_and_the_one_now_withdraws():
    passed = replace(ASKED, enterprise_id=40, owner_id=10)
    assert policy.may_see(ENTERPRISE, passed)
    assert policy.may_see(OTHER, passed)
    assert policy.may_withdraw(ENTERPRISE, passed)
    assert policy.may_withdraw(OTHER, passed).reason == NOT_OWNER
    nobody = replace(passed, owner_id=None)
    assert not policy.may_see(ENTERPRISE, nobody)
    assert policy.may_see(OTHER, nobody)


def test_what_lies_with_a_department_is_not_handed_on():
    assert set(answers(policy.may_address, ASKED).values()) == {
        "commission_request.addressed_already"
    }


@pytest.mark.parametrize(
    ("standing", "seen"),
    [
        (ASKED, {"enterprise", "officer", "approver"}),
        (WITH_OPERATOR, {"enterprise", "operator"}),
    ],
)
def test_both_sides_see_a_request_and_nobody_else(standing, seen):
    assert {name for name, one in EVERYBODY.items() if policy.may_see(one, standing)} == seen


LATER = {
    RequestState.TAKEN_UP: ("commission_request.taken_up_already", "", ""),
    RequestState.PUBLISHED: ("commission_request.published_already",) * 3,
    **dict.fromkeys(
        sorted(rules.ENDED),
        ("commission_request.ended",) * 3,
    ),
}


@pytest.mark.parametrize("state", LATER)
def test_after_the_first_answer(state):
    standing = replace(ASKED, state=state)

    assert (
        policy.may_take_up(OFFICER, standing).reason,
        policy.may_refuse(OFFICER, standing).reason,
        policy.may_withdraw(ENTERPRISE, standing).reason,
    ) == LATER[state]


def test_deciding_takes_a_second_factor_and_one_side():
    plain = replace(OFFICER, second_factor=False)
    both = replace(ASKED, trail=frozenset({Tie(OFFICER.user_id, 10)}))

    for may in (policy.may_take_up, policy.may_refuse):
        assert may(plain, ASKED).reason == "account.second_factor_to_act"
        assert not may(OFFICER, both)


@pytest.mark.parametrize(
    ("actor", "project", "open_to", "reason"),
    [
        (ENTERPRISE, {}, OpenTo.DEPARTMENT, ""),
        (ENTERPRISE, {}, OpenTo.EITHER, "commission_request.pick_yourself"),
        (ENTERPRISE, {}, OpenTo.ENTERPRISE, "commission_request.pick_yourself"),
        (ENTERPRISE, {"state": ProjectState.COMPLETED}, OpenTo.DEPARTMENT, "project.completed"),
        (replace(ENTERPRISE, provisional=True), {}, OpenTo.DEPARTMENT, "account.provisional"),
        (ENTERPRISE, {"enterprise_id": 11}, OpenTo.DEPARTMENT, "project.not_yours"),
        (OFFICER, {"of_region": True}, OpenTo.DEPARTMENT, "account.not_your_role"),
    ],
)
def test_an_enterprise_asks_for_its_own_project_what_it_may_not_pick(
    actor, project, open_to, reason
):
    assert policy.may_ask(actor, replace(PROJECT, **project), open_to).reason == reason


def test_only_the_platform_moves_a_request_along():
    assert policy.may_follow(SYSTEM)
    assert not policy.may_follow(OFFICER)


NEEDED, UNKNOWN = Needed(Need.NEEDED), Needed(Need.UNKNOWN)


@pytest.mark.parametrize(
    ("needed", "project", "same", "taken", "expected"),
    [
        (NEEDED, ProjectState.ACTIVE, True, False, None),
        (UNKNOWN, ProjectState.ACTIVE, True, False, None),
        (Needed(Need.GRANTED), ProjectState.ACTIVE, True, False, Overtaking.GRANTED),
        (Needed(Need.NOT_ASKED), ProjectState.ACTIVE, True, False, Overtaking.NOT_ASKED),
        (NEEDED, ProjectState.ACTIVE, True, True, Overtaking.COMMISSIONED),
        (NEEDED, ProjectState.ACTIVE, False, False, Overtaking.PROJECT_PASSED),
        (NEEDED, ProjectState.COMPLETED, True, False, Overtaking.PROJECT_ENDED),
        (NEEDED, ProjectState.EXCLUDED, True, False, Overtaking.PROJECT_ENDED),
    ],
)
def test_what_makes_a_request_needless(needed, project, same, taken, expected):
    found = rules.overtaking(needed, project, same_enterprise=same, commissioned=taken)
    assert found is expected


def test_the_steps_are_those_of_the_law():
    law = """
        asked: taken_up refused withdrawn overtaken
        taken_up: published refused withdrawn
        published: met taken_up
    """
    lines = [line.split(":") for line in law.split("\n") if ":" in line]
    legal = {(a.strip(), b) for a, rest in lines for b in rest.split()}
    for one in RequestState:
        for other in RequestState:
            if (one, other) in legal:
                assert rules.step(one, other) is other
            else:
                with pytest.raises(Refused, match=r"commission_request\.illegal_step"):
                    rules.step(one, other)
