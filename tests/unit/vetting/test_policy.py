"""Who may do what in a case: one table a verb."""

from dataclasses import replace

import pytest

from marketplace.accounts.policy import Tie
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.vetting import policy
from marketplace.vetting.policy import Standing
from marketplace.vetting.rules import CaseState
from tests.actors import acting

APPLICANT_ORG, ASSOCIATION, ELSEWHERE = 1, 2, 3


def member(user_id, organisation_id, *roles, provisional=False):
    return acting(
        user_id=user_id,
        organisation_id=organisation_id,
        membership_id=user_id,
        roles=frozenset(roles),
        provisional=provisional,
    )


AGENT = member(10, APPLICANT_ORG, Role.INSTITUTION_AGENT)
NEW_AGENT = replace(AGENT, provisional=True)
OTHER_AGENT = member(11, ELSEWHERE, Role.INSTITUTION_AGENT)
EXAMINER = member(20, ASSOCIATION, Role.ASSOCIATION_EXAMINER)
COLLEAGUE = member(21, ASSOCIATION, Role.ASSOCIATION_EXAMINER)
APPROVER = member(22, ASSOCIATION, Role.ASSOCIATION_APPROVER)
BOTH = member(20, ASSOCIATION, Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER)
FOREIGN = member(30, ELSEWHERE, Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER)

WAITING = Standing(CaseState.RECEIVED, APPLICANT_ORG, ASSOCIATION)
CHECKED = replace(WAITING, state=CaseState.COMPLETENESS, examiner_id=20)
SUBSTANCE = replace(CHECKED, state=CaseState.SUBSTANCE)
RETURNED = replace(CHECKED, state=CaseState.RETURNED, returns_left=0)
PROPOSED = replace(SUBSTANCE, state=CaseState.PROPOSED, proposer_id=20)
DECIDED = replace(PROPOSED, state=CaseState.DECIDED)


def tied(case, user_id):
    return replace(case, ties=frozenset({Tie(user_id, case.organisation_id)}))


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (AGENT, True),
        (NEW_AGENT, True),
        (OTHER_AGENT, False),
        (EXAMINER, True),
        (APPROVER, True),
        (FOREIGN, False),
        (member(40, APPLICANT_ORG), False),
        (member(41, ASSOCIATION, Role.ORGANISATION_ADMIN), False),
    ],
)
def test_only_the_applicant_and_the_competent_association_see_a_case(actor, seen):
    assert policy.may_see(actor, WAITING) is seen


CASES = [
    (policy.may_take, EXAMINER, WAITING, ""),
    (policy.may_take, APPROVER, WAITING, "vetting.not_an_examiner"),
    (policy.may_take, FOREIGN, WAITING, "vetting.not_competent"),
    (policy.may_take, EXAMINER, tied(WAITING, 20), "account.recused"),
    (policy.may_take, COLLEAGUE, CHECKED, "vetting.taken_by_other"),
    (policy.may_take, EXAMINER, CHECKED, "vetting.already_yours"),
    (policy.may_take, COLLEAGUE, replace(CHECKED, examiner_id=None), ""),
    (policy.may_take, EXAMINER, PROPOSED, "vetting.not_waiting"),
    (policy.may_check, EXAMINER, CHECKED, ""),
    (policy.may_check, COLLEAGUE, CHECKED, "vetting.taken_by_other"),
    (policy.may_check, EXAMINER, tied(CHECKED, 20), "account.recused"),
    (policy.may_check, EXAMINER, WAITING, "vetting.not_taken"),
    (policy.may_check, EXAMINER, RETURNED, "vetting.with_applicant"),
    (policy.may_check, EXAMINER, PROPOSED, "vetting.awaits_decision"),
    (policy.may_check, EXAMINER, DECIDED, "vetting.closed"),
    (policy.may_pass_completeness, EXAMINER, CHECKED, ""),
    (policy.may_pass_completeness, EXAMINER, SUBSTANCE, "vetting.completeness_done"),
    (policy.may_return, EXAMINER, CHECKED, ""),
    (policy.may_return, EXAMINER, SUBSTANCE, ""),
    (policy.may_return, EXAMINER, replace(CHECKED, returns_left=0), "vetting.already_returned"),
    (policy.may_propose, EXAMINER, SUBSTANCE, ""),
    (policy.may_propose, EXAMINER, CHECKED, "vetting.completeness_first"),
    (policy.may_decide, APPROVER, PROPOSED, ""),
    (policy.may_decide, BOTH, PROPOSED, "vetting.own_proposal"),
    (policy.may_decide, EXAMINER, PROPOSED, "vetting.not_an_approver"),
    (policy.may_decide, FOREIGN, PROPOSED, "vetting.not_competent"),
    (policy.may_decide, APPROVER, tied(PROPOSED, 22), "account.recused"),
    (policy.may_decide, APPROVER, SUBSTANCE, "vetting.not_proposed"),
    (policy.may_decide, APPROVER, DECIDED, "vetting.closed"),
    (policy.may_release, EXAMINER, CHECKED, ""),
    (policy.may_release, COLLEAGUE, CHECKED, "vetting.not_yours"),
    (policy.may_release, EXAMINER, PROPOSED, "vetting.not_waiting"),
    (policy.may_release, FOREIGN, CHECKED, "vetting.not_competent"),
    (policy.may_assign, APPROVER, WAITING, ""),
    (policy.may_assign, EXAMINER, CHECKED, ""),
    (policy.may_assign, COLLEAGUE, CHECKED, "vetting.assigned_by_approver"),
    (policy.may_assign, APPROVER, PROPOSED, "vetting.not_waiting"),
    (policy.may_assign, AGENT, WAITING, "vetting.not_competent"),
    (policy.may_recuse, APPROVER, PROPOSED, ""),
    (policy.may_recuse, EXAMINER, DECIDED, "vetting.closed"),
    (policy.may_recuse, EXAMINER, tied(CHECKED, 20), "vetting.already_recused"),
    (policy.may_recuse, AGENT, CHECKED, "vetting.not_competent"),
    (policy.may_resubmit, AGENT, RETURNED, ""),
    (policy.may_resubmit, AGENT, CHECKED, "vetting.not_returned"),
    (policy.may_resubmit, OTHER_AGENT, RETURNED, "vetting.not_the_applicant"),
    (policy.may_withdraw, AGENT, PROPOSED, ""),
    (policy.may_withdraw, NEW_AGENT, WAITING, ""),
    (policy.may_withdraw, AGENT, DECIDED, "vetting.closed"),
    (policy.may_withdraw, EXAMINER, CHECKED, "vetting.not_the_applicant"),
]


@pytest.mark.parametrize(("may", "actor", "case", "reason"), CASES)
def test_an_act_is_allowed_or_refused_for_one_reason(may, actor, case, reason):
    assert may(actor, case).reason == reason


@pytest.mark.parametrize(
    ("actor", "open_cases", "reason"),
    [
        (AGENT, 5, ""),
        (NEW_AGENT, 0, ""),
        (NEW_AGENT, 1, "vetting.provisional_agent"),
        (OTHER_AGENT, 0, "vetting.not_the_applicant"),
        (EXAMINER, 0, "vetting.not_the_applicant"),
    ],
)
def test_a_provisional_agent_has_one_application_at_a_time(actor, open_cases, reason):
    assert policy.may_submit(actor, APPLICANT_ORG, open_cases).reason == reason


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (AGENT, ""),
        (NEW_AGENT, "vetting.provisional_agent"),
        (OTHER_AGENT, "vetting.not_the_applicant"),
    ],
)
def test_changes_and_renewals_come_from_confirmed_agents(actor, reason):
    assert policy.may_submit_later(actor, APPLICANT_ORG).reason == reason


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (SYSTEM, ""),
        (member(50, ELSEWHERE, Role.SYSTEM_ADMIN), ""),
        (member(51, ELSEWHERE, Role.AUDIT_ADMIN), "vetting.not_system_admin"),
        (APPROVER, "vetting.not_system_admin"),
    ],
)
def test_competence_is_given_by_the_system_administrator(actor, reason):
    assert policy.may_govern_competence(actor).reason == reason


def test_only_the_associations_people_have_a_queue():
    assert policy.may_see_queue(EXAMINER)
    assert policy.may_see_queue(APPROVER)
    assert not policy.may_see_queue(AGENT)
