"""Rules and policies of ratings."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import Refused
from marketplace.ratings import policy, rules
from marketplace.ratings.policy import RatingStanding
from tests.unit.shipped_calendar import SHIPPED

TODAY = date(2026, 11, 23)
CLIENT = Actor(1, 10, 100, roles=frozenset({Role.ENTERPRISE_AGENT}))
OFFICER = Actor(4, 10, 103, roles=frozenset({Role.DEPARTMENT_OFFICER}))
PROVIDER = Actor(2, 20, 101, roles=frozenset({Role.INSTITUTION_AGENT}))
ACCEPTED = RatingStanding(10, 20, TODAY, rate_by=TODAY)
RATED = replace(ACCEPTED, rated=True, revise_by=TODAY)


def refusal(scores) -> str:
    try:
        rules.check_scores(scores)
    except Refused as refused:
        return refused.code
    return ""


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
    assert policy.may_rate(actor, replace(ACCEPTED, **changes)).reason == reason


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
    assert policy.may_revise(actor, replace(RATED, **changes)).reason == reason


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
    assert policy.may_reply(actor, replace(RATED, **changes)).reason == reason


def test_all_five_criteria_are_scored_from_1_to_5():
    whole = dict.fromkeys(rules.CRITERIA, 5)

    assert refusal(whole) == ""
    for wrong in ({"quality": 0}, {"fees": 6}):
        assert refusal(whole | wrong) == "rating.score_needed"
    assert refusal({}) == "rating.score_needed"


def test_means_are_exact_and_rounded_half_up_when_shown():
    assert rules.mean_of([5, 4, 5, 3, 5]) == Decimal("4.4")
    assert rules.mean([Decimal("4.4"), Decimal(1)]) == Decimal("2.7")
    assert rules.mean([]) is None
    assert rules.shown(Decimal("2.345")) == "2.35"
    assert rules.shown(None) == ""


def test_the_last_day_counts_working_days():
    assert rules.last_day(SHIPPED, TODAY, 15) == date(2026, 12, 14)
