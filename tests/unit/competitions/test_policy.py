"""Who may do what in a competition: policies as tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.competitions import policy
from marketplace.competitions.policy import BidStanding, Standing
from marketplace.competitions.rules import CompetitionState, Failure
from marketplace.kernel.actors import Actor, Role
from tests.actors import acting

_S = CompetitionState
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def member(user: int, *roles: Role, organisation: int = 1, provisional: bool = False) -> Actor:
    return acting(user, organisation, user, roles=frozenset(roles), provisional=provisional)


OFFICER = member(1, Role.DEPARTMENT_OFFICER)
COLLEAGUE = member(2, Role.DEPARTMENT_OFFICER)
APPROVER = member(3, Role.DEPARTMENT_APPROVER)
BOTH = member(4, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)
BUDGET = member(5, Role.BUDGET_OFFICER)
STRANGER = member(6, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER, organisation=2)
AGENT = member(7, Role.INSTITUTION_AGENT, organisation=3)
NEW_AGENT = member(8, Role.INSTITUTION_AGENT, organisation=3, provisional=True)


def standing(state: CompetitionState, /, **changes: object) -> Standing:
    usual = Standing(
        state,
        department_id=1,
        authors=frozenset({1, 4}),
        opening_requested_by=1,
        evaluated_by=4,
        closes_at=NOON + timedelta(hours=1),
        failure=Failure.NO_VALID_BID if state is _S.FAILED else None,
        reruns_left=1,
    )
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("may", "actor", "state", "reason"),
    [
        (policy.may_edit, OFFICER, _S.DRAFT, ""),
        (policy.may_edit, APPROVER, _S.DRAFT, "account.not_your_role"),
        (policy.may_edit, STRANGER, _S.DRAFT, "competition.not_your_department"),
        (policy.may_edit, OFFICER, _S.PROPOSED, "competition.not_a_draft"),
        (policy.may_propose, OFFICER, _S.DRAFT, ""),
        (policy.may_propose, BUDGET, _S.DRAFT, "account.not_your_role"),
        (policy.may_publish, APPROVER, _S.PROPOSED, ""),
        (policy.may_publish, BOTH, _S.PROPOSED, "competition.own_proposal"),
        (policy.may_publish, OFFICER, _S.PROPOSED, "account.not_your_role"),
        (policy.may_publish, APPROVER, _S.DRAFT, "competition.not_proposed"),
        (policy.may_publish, STRANGER, _S.PROPOSED, "competition.not_your_department"),
        (policy.may_send_back, APPROVER, _S.PROPOSED, ""),
        (policy.may_cancel, APPROVER, _S.PUBLISHED, ""),
        (policy.may_cancel, APPROVER, _S.AWARD_PUBLISHED, ""),
        (policy.may_cancel, APPROVER, _S.CLOSED, ""),
        (policy.may_cancel, APPROVER, _S.OPENING_REQUESTED, ""),
        (policy.may_cancel, APPROVER, _S.OPENED, "competition.not_cancellable"),
        (policy.may_cancel, APPROVER, _S.AWARDED, "competition.not_cancellable"),
        (policy.may_cancel, OFFICER, _S.PUBLISHED, "account.not_your_role"),
        (policy.may_request_opening, OFFICER, _S.CLOSED, ""),
        (policy.may_request_opening, APPROVER, _S.CLOSED, ""),
        (policy.may_request_opening, BUDGET, _S.CLOSED, "account.not_your_role"),
        (policy.may_request_opening, OFFICER, _S.PUBLISHED, "competition.not_closed"),
        (policy.may_confirm_opening, COLLEAGUE, _S.OPENING_REQUESTED, ""),
        (
            policy.may_confirm_opening,
            OFFICER,
            _S.OPENING_REQUESTED,
            "competition.needs_second_officer",
        ),
        (policy.may_confirm_opening, COLLEAGUE, _S.CLOSED, "competition.no_opening_requested"),
        (policy.may_confirm_opening, COLLEAGUE, _S.OPENED, "competition.no_opening_requested"),
        (policy.may_withdraw_opening, OFFICER, _S.OPENING_REQUESTED, ""),
        (policy.may_evaluate, OFFICER, _S.OPENED, ""),
        (policy.may_evaluate, APPROVER, _S.OPENED, "account.not_your_role"),
        (policy.may_evaluate, OFFICER, _S.OPENING_REQUESTED, "competition.not_opened"),
        (policy.may_publish_award, APPROVER, _S.EVALUATED, ""),
        (policy.may_publish_award, BOTH, _S.EVALUATED, "competition.own_evaluation"),
        (policy.may_publish_award, APPROVER, _S.OPENED, "competition.not_evaluated"),
        (policy.may_fail, APPROVER, _S.OPENED, ""),
        (policy.may_fail, APPROVER, _S.EVALUATED, ""),
        (policy.may_fail, APPROVER, _S.AWARDED, "competition.not_evaluated"),
        (policy.may_rerun, OFFICER, _S.FAILED, ""),
        (policy.may_rerun, OFFICER, _S.CANCELLED, "competition.not_failed"),
    ],
)
def test_each_act_has_its_people_and_its_turn(may, actor, state, reason):
    assert may(actor, standing(state)).reason == reason


def test_work_is_run_again_only_as_often_as_the_rulebook_allows():
    spent = standing(_S.FAILED, reruns_left=0)
    assert policy.may_rerun(OFFICER, spent).reason == "competition.no_rerun_left"


@pytest.mark.parametrize("may", [policy.may_bid, policy.may_ask])
@pytest.mark.parametrize(
    ("actor", "changes", "reason"),
    [
        (AGENT, {}, ""),
        (AGENT, {"closes_at": NOON + timedelta(microseconds=1)}, ""),
        (AGENT, {"closes_at": NOON}, "competition.not_open"),
        (AGENT, {"closes_at": NOON - timedelta(seconds=1)}, "competition.not_open"),
        (AGENT, {"state": _S.CLOSED}, "competition.not_open"),
        (AGENT, {"state": _S.OPENED}, "competition.not_open"),
        (NEW_AGENT, {}, "account.provisional"),
        (OFFICER, {}, "account.not_your_role"),
        (Actor(), {}, "request.sign_in"),
    ],
)
def test_one_takes_part_before_the_closing_instant_only(may, actor, changes, reason):
    assert may(actor, standing(_S.PUBLISHED, **changes), NOON).reason == reason


@pytest.mark.parametrize(
    ("bid", "changes", "reason"),
    [
        (BidStanding(live=True), {}, ""),
        (BidStanding(), {}, "competition.no_bid"),
        (BidStanding(live=True), {"closes_at": NOON}, "competition.not_open"),
    ],
)
def test_a_bid_is_taken_back_before_the_closing_only(bid, changes, reason):
    there = standing(_S.PUBLISHED, **changes)
    assert policy.may_withdraw_bid(AGENT, there, bid, NOON).reason == reason


FLAGGED = BidStanding(live=True, justify_by=TODAY)


@pytest.mark.parametrize(
    ("state", "bid", "today", "reason"),
    [
        (_S.OPENED, FLAGGED, TODAY, ""),
        (_S.OPENED, FLAGGED, TODAY + timedelta(days=1), "competition.justification_over"),
        (_S.OPENED, replace(FLAGGED, justified=True), TODAY, "competition.already_justified"),
        (_S.OPENED, BidStanding(live=True), TODAY, "competition.nothing_to_justify"),
        (_S.EVALUATED, FLAGGED, TODAY, "competition.nothing_to_justify"),
    ],
)
def test_a_very_low_price_is_explained_once_and_in_time(state, bid, today, reason):
    assert policy.may_justify(AGENT, standing(state), bid, today).reason == reason


@pytest.mark.parametrize(
    ("actor", "sees"), [(OFFICER, True), (BUDGET, True), (STRANGER, False), (AGENT, False)]
)
def test_only_the_department_sees_the_working_side(actor, sees):
    assert policy.may_see(actor, 1) is sees


def test_questions_are_answered_while_one_can_still_bid():
    open_still = standing(_S.PUBLISHED)
    assert policy.may_answer(OFFICER, open_still, NOON).allowed
    late = policy.may_answer(OFFICER, open_still, NOON + timedelta(hours=1))
    assert late.reason == "competition.not_open"
