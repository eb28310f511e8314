"""Rules and policies of quotation rounds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.errors import Refused
from marketplace.kernel.money import MOST_FEN
from marketplace.kernel.workdays import Limit
from marketplace.quotations import policy, rules
from marketplace.quotations.policy import RequestStanding, RoundStanding
from marketplace.quotations.rules import RequestState, RoundState
from tests.actors import acting

TODAY = date(2026, 11, 23)
CLIENT = acting(1, 10, 100, roles=frozenset({Role.ENTERPRISE_AGENT}))
PROVIDER = acting(2, 20, 101, roles=frozenset({Role.INSTITUTION_AGENT}))
OTHER = acting(3, 30, 102, roles=frozenset({Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT}))
OPEN = RoundStanding(RoundState.OPEN, 10, answers=2)
ASKED = RequestStanding(RequestState.ASKED, RoundState.OPEN, 20)


def refusal(check, *arguments) -> str:
    try:
        check(*arguments)
    except Refused as refused:
        return refused.code
    return ""


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
    assert policy.may_close(actor, replace(OPEN, **changes)).reason == reason


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

    assert policy.may_pick(CLIENT, standing).reason == picks
    assert policy.may_see_quotations(standing).reason == sees
    assert policy.may_pick(OTHER, standing).reason == "quoting.not_the_client"


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

    assert policy.may_answer(actor, standing).reason == reason
    assert policy.may_decline(actor, standing).reason == reason


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
        (MOST_FEN, 1, ""),
        (MOST_FEN + 1, 1, "quoting.price_needed"),
        (1, 0, "quoting.days_needed"),
        (1, 15, ""),
        (1, 16, "quoting.days_above_limit"),
    ],
)
def test_a_quotation_names_money_and_days_within_the_limit(price, days, code):
    assert refusal(rules.check_quotation, price, days, Limit(15)) == code


@pytest.mark.parametrize(
    ("check", "arguments", "field", "details"),
    [
        (rules.check_asked, ((), 5), "listings", {}),
        (rules.check_asked, ((1, 2, 3), 2), "listings", {"most": 2}),
        (rules.check_answer_by, (TODAY, TODAY), "answer_by", {}),
        (
            rules.check_answer_by,
            (TODAY + timedelta(days=61), TODAY),
            "answer_by",
            {"latest": "2027-01-22"},
        ),
        (rules.check_quotation, (0, 1, Limit(15)), "price", {}),
        (rules.check_quotation, (1, 0, Limit(15)), "days", {}),
        (rules.check_quotation, (1, 16, Limit(15)), "days", {"limit": Limit(15)}),
    ],
)
def test_what_is_over_a_limit_is_told_beside_its_field_with_the_limit(
    check, arguments, field, details
):
    with pytest.raises(Refused) as refused:
        check(*arguments)
    assert (refused.value.field, dict(refused.value.details)) == (field, details)


def test_no_step_leads_back():
    with pytest.raises(Refused, match=r"quoting\.illegal_step"):
        rules.step_round(RoundState.CLOSED, RoundState.OPEN)
    with pytest.raises(Refused, match=r"quoting\.illegal_step"):
        rules.step_request(RequestState.EXPIRED, RequestState.ANSWERED)
