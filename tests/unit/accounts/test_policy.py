"""Who may do what, one clause a line."""

import pytest

from marketplace.accounts import policy
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor, Capacity, Role
from tests.actors import acting

AGENT = acting(
    user_id=1,
    organisation_id=10,
    membership_id=100,
    capacities=frozenset({Capacity.INSTITUTION}),
    roles=frozenset({Role.ORGANISATION_ADMIN, Role.INSTITUTION_AGENT}),
)
PROVISIONAL = Actor(**{**vars(AGENT), "provisional": True})
ALONE = acting(user_id=1)
EXAMINER = acting(
    user_id=2,
    organisation_id=20,
    capacities=frozenset({Capacity.ASSOCIATION}),
    roles=frozenset({Role.ASSOCIATION_EXAMINER}),
)
SYSTEM_ADMIN = acting(user_id=3, organisation_id=30, roles=frozenset({Role.SYSTEM_ADMIN}))
SECURITY_ADMIN = acting(user_id=4, organisation_id=30, roles=frozenset({Role.SECURITY_ADMIN}))


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (ANONYMOUS, "request.sign_in"),
        (ALONE, "account.no_membership"),
        (PROVISIONAL, "account.provisional"),
        (AGENT, ""),
        (SYSTEM, ""),
    ],
)
def test_who_may_act_at_all(actor, reason):
    assert policy.may_act(actor).reason == reason


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (ANONYMOUS, "request.sign_in"),
        (PROVISIONAL, "account.provisional"),
        (AGENT, "account.not_your_role"),
        (EXAMINER, ""),
        (SYSTEM, ""),
    ],
)
def test_who_may_act_as_an_examiner(actor, reason):
    assert policy.may_act_as(actor, Role.ASSOCIATION_EXAMINER).reason == reason


@pytest.mark.parametrize(
    ("actor", "organisation_id", "reason"),
    [
        (ANONYMOUS, 10, "request.sign_in"),
        (AGENT, 10, ""),
        (PROVISIONAL, 10, ""),
        (AGENT, 11, "account.not_your_organisation"),
        (EXAMINER, 20, "account.not_your_role"),
    ],
)
def test_who_manages_colleagues(actor, organisation_id, reason):
    assert policy.may_manage_colleagues(actor, organisation_id).reason == reason


@pytest.mark.parametrize(
    ("actor", "roles", "capacity", "reason"),
    [
        (AGENT, [], Capacity.INSTITUTION, "account.no_roles"),
        (AGENT, [Role.INSTITUTION_AGENT], Capacity.INSTITUTION, ""),
        (AGENT, [Role.BUDGET_OFFICER], Capacity.INSTITUTION, "account.role_not_of_organisation"),
        (
            SYSTEM_ADMIN,
            [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN],
            Capacity.OPERATOR,
            "account.three_duties",
        ),
        (SECURITY_ADMIN, [Role.AUDIT_ADMIN], Capacity.OPERATOR, "account.duties_by_operator"),
        (SYSTEM_ADMIN, [Role.AUDIT_ADMIN], Capacity.OPERATOR, ""),
    ],
)
def test_which_roles_can_be_given(actor, roles, capacity, reason):
    assert policy.may_grant_duties(actor, roles, [capacity]).reason == reason


@pytest.mark.parametrize(
    ("actor", "reason"),
    [(ANONYMOUS, "request.sign_in"), (AGENT, "account.not_your_role"), (SYSTEM_ADMIN, "")],
)
def test_who_makes_organisations_and_staff(actor, reason):
    assert policy.may_make_accounts(actor).reason == reason


@pytest.mark.parametrize(
    ("actor", "user_id", "reason"),
    [
        (SECURITY_ADMIN, 1, ""),
        (SECURITY_ADMIN, 4, "account.own_security"),
        (SYSTEM_ADMIN, 1, "account.not_your_role"),
        (ANONYMOUS, 1, "request.sign_in"),
    ],
)
def test_who_secures_accounts(actor, user_id, reason):
    assert policy.may_secure_account(actor, user_id).reason == reason


@pytest.mark.parametrize(
    ("actor", "claimant", "reason"),
    [(AGENT, 9, ""), (AGENT, 1, "account.own_request"), (EXAMINER, 9, "account.not_your_role")],
)
def test_nobody_answers_their_own_request(actor, claimant, reason):
    organisation_id = actor.organisation_id
    assert policy.may_answer_request(actor, organisation_id, claimant).reason == reason


@pytest.mark.parametrize(
    ("capacities", "has", "reason"),
    [
        ([Capacity.INSTITUTION], False, ""),
        ([Capacity.ASSOCIATION], False, "account.second_factor_needed"),
        ([Capacity.ASSOCIATION], True, ""),
    ],
)
def test_acting_for_a_public_body_needs_a_second_factor(capacities, has, reason):
    assert policy.may_switch(capacities, has_second_factor=has).reason == reason


def test_an_approver_confirms_an_authorisation_and_an_agent_does_not():
    approver = Actor(**{**vars(EXAMINER), "roles": frozenset({Role.ASSOCIATION_APPROVER})})

    assert policy.may_confirm_authorisation(approver)
    assert policy.may_confirm_authorisation(SYSTEM_ADMIN)
    assert policy.may_confirm_authorisation(SYSTEM)
    assert policy.may_confirm_authorisation(AGENT).reason == "account.not_your_role"
