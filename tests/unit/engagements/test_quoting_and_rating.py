"""Rules and policies of quotation rounds and ratings."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.engagements import quoting_policy, rating_policy
from marketplace.engagements.quoting_policy import RequestStanding, RoundStanding
from marketplace.engagements.rating_policy import RatingStanding
from marketplace.engagements.rules import State
from marketplace.engagements.rules import quoting as rules
from marketplace.engagements.rules import rating as ratings
from marketplace.engagements.rules.quoting import RequestState, RoundState
from marketplace.kernel.actors import SYSTEM, Actor, Role
from marketplace.kernel.errors import Refused
from tests.unit.shipped_calendar import SHIPPED

TODAY = date(2026, 11, 23)
CLIENT = Actor(1, 10, 100, roles=frozenset({Role.ENTERPRISE_AGENT}))
OFFICER = Actor(4, 10, 103, roles=frozenset({Role.DEPARTMENT_OFFICER}))
PROVIDER = Actor(2, 20, 101, roles=frozenset({Role.INSTITUTION_AGENT}))
OTHER = Actor(3, 30, 102, roles=frozenset({Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT}))
OPEN = RoundStanding(RoundState.OPEN, 10, answers=2)
ASKED = RequestStanding(RequestState.ASKED, RoundState.OPEN, 20)
ACCEPTED = RatingStanding(State.ACCEPTED, 10, 20, TODAY, rate_by=TODAY)
RATED = replace(ACCEPTED, rated=True, revise_by=TODAY)


def refusal(check, *arguments) -> str:
    try:
        check(*arguments)
    except Refused as refused:
        return refused.code
    return ""


# ------------------------------------------------------------------ rounds


@pytest.mark.parametrize(
    ("actor", "changes", "reason"),
    [
        (CLIENT, {}, ""),
        (SYSTEM, {"answers": 0}, ""),
        (OTHER, {}, "quoting.not_the_client"),
        (CLIENT, {"answers": 0}, "quoting.nothing_answered"),
        (CLIENT, {"state": RoundState.CLOSED}, "quoting.not_open"),
        (replace(CLIENT, provisional=True), {}, "account.provisional"),
    ],
)
def test_the_client_closes_early_once_there_is_something_to_compare(actor, changes, reason):
    assert quoting_policy.may_close(actor, replace(OPEN, **changes)).reason == reason


@pytest.mark.parametrize(
    ("state", "picks", "sees"),
    [
        (RoundState.OPEN, "quoting.still_open", "quoting.still_open"),
        (RoundState.CLOSED, "", ""),
        (RoundState.PICKED, "quoting.ended", ""),
        (RoundState.WITHDRAWN, "quoting.ended", ""),
    ],
)
def test_quotations_are_seen_and_picked_after_the_closing_only(state, picks, sees):
    standing = replace(OPEN, state=state)

    assert quoting_policy.may_pick(CLIENT, standing).reason == picks
    assert quoting_policy.may_see_quotations(standing).reason == sees
    assert quoting_policy.may_pick(OTHER, standing).reason == "quoting.not_the_client"


@pytest.mark.parametrize(
    ("actor", "changes", "reason"),
    [
        (PROVIDER, {}, ""),
        (PROVIDER, {"state": RequestState.ANSWERED}, ""),
        (PROVIDER, {"state": RequestState.DECLINED}, "quoting.already_declined"),
        (PROVIDER, {"round_state": RoundState.CLOSED}, "quoting.not_open"),
        (OTHER, {}, "quoting.not_asked"),
        (replace(PROVIDER, provisional=True), {}, "account.provisional"),
    ],
)
def test_only_who_was_asked_answers_and_only_while_the_round_is_open(actor, changes, reason):
    standing = replace(ASKED, **changes)

    assert quoting_policy.may_answer(actor, standing).reason == reason
    assert quoting_policy.may_decline(actor, standing).reason == reason


@pytest.mark.parametrize(
    ("count", "code"), [(0, "quoting.nobody_asked"), (5, ""), (6, "quoting.too_many_asked")]
)
def test_one_to_five_are_asked(count, code):
    assert refusal(rules.check_asked, list(range(count)), 5) == code


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-1, "quoting.answer_by_too_early"),
        (0, "quoting.answer_by_too_early"),
        (1, ""),
        (60, ""),
        (61, "quoting.answer_by_too_late"),
    ],
)
def test_institutions_get_a_whole_day_and_two_months_at_most(days, code):
    assert refusal(rules.check_answer_by, TODAY + timedelta(days=days), TODAY) == code


@pytest.mark.parametrize(
    ("price", "days", "code"),
    [
        (1, 1, ""),
        (0, 1, "quoting.price_needed"),
        (rules.MOST_FEN + 1, 1, "quoting.price_needed"),
        (1, 0, "quoting.days_needed"),
        (1, 16, "quoting.days_above_limit"),
    ],
)
def test_a_quotation_names_money_and_days_within_the_limit(price, days, code):
    assert refusal(rules.check_quotation, price, days, 15) == code


def test_no_step_leads_back():
    with pytest.raises(Refused, match=r"quoting\.illegal_step"):
        rules.step_round(RoundState.CLOSED, RoundState.OPEN)
    with pytest.raises(Refused, match=r"quoting\.illegal_step"):
        rules.step_request(RequestState.EXPIRED, RequestState.ANSWERED)


# ------------------------------------------------------------------ ratings


@pytest.mark.parametrize(
    ("actor", "changes", "reason"),
    [
        (CLIENT, {}, ""),
        (OFFICER, {}, ""),
        (PROVIDER, {}, "rating.not_the_client"),
        (CLIENT, {"rate_by": None}, "rating.not_accepted"),
        (CLIENT, {"today": TODAY + timedelta(days=1)}, "rating.too_late"),
        (CLIENT, {"rated": True}, "rating.already_rated"),
    ],
)
def test_the_client_rates_once_after_the_acceptance_and_in_time(actor, changes, reason):
    assert rating_policy.may_rate(actor, replace(ACCEPTED, **changes)).reason == reason


@pytest.mark.parametrize(
    ("actor", "changes", "reason"),
    [
        (CLIENT, {}, ""),
        (PROVIDER, {}, "rating.not_the_client"),
        (CLIENT, {"rated": False}, "rating.not_rated"),
        (CLIENT, {"revised": True}, "rating.already_revised"),
        (CLIENT, {"today": TODAY + timedelta(days=1)}, "rating.revision_too_late"),
    ],
)
def test_the_client_revises_once_and_in_time(actor, changes, reason):
    assert rating_policy.may_revise(actor, replace(RATED, **changes)).reason == reason


@pytest.mark.parametrize(
    ("actor", "changes", "reason"),
    [
        (PROVIDER, {}, ""),
        (CLIENT, {}, "rating.not_the_provider"),
        (PROVIDER, {"rated": False}, "rating.not_rated"),
        (PROVIDER, {"replied": True}, "rating.already_replied"),
    ],
)
def test_the_institution_replies_once(actor, changes, reason):
    assert rating_policy.may_reply(actor, replace(RATED, **changes)).reason == reason


def test_all_five_criteria_are_scored_from_1_to_5():
    whole = dict.fromkeys(ratings.CRITERIA, 5)

    assert refusal(ratings.check_scores, whole) == ""
    for wrong in ({"quality": 0}, {"fees": 6}):
        assert refusal(ratings.check_scores, whole | wrong) == "rating.score_needed"
    assert refusal(ratings.check_scores, {}) == "rating.score_needed"


def test_means_are_exact_and_rounded_half_up_when_shown():
    assert ratings.mean_of([5, 4, 5, 3, 5]) == Decimal("4.4")
    assert ratings.mean([Decimal("4.4"), Decimal(1)]) == Decimal("2.7")
    assert ratings.mean([]) is None
    assert ratings.shown(Decimal("2.345")) == "2.35"
    assert ratings.shown(None) == ""


def test_the_last_day_counts_working_days():
    assert ratings.last_day(SHIPPED, TODAY, 15) == date(2026, 12, 14)
