"""What rules refuse at and beside each edge: the code, the field that can be mended, the facts."""

from datetime import date, datetime, timedelta

import pytest

from marketplace.budgets import rules as budgets
from marketplace.catalogue.rules import reference as catalogue
from marketplace.competitions import rules as competitions
from marketplace.competitions.rules import Method, Weight
from marketplace.engagements import rules as engagements
from marketplace.kernel.errors import Refused
from marketplace.kernel.money import MOST_FEN
from marketplace.kernel.times import SHANGHAI
from marketplace.kernel.workdays import Calendar, Limit, LimitUnit
from marketplace.projects import rules as projects
from marketplace.quotations import rules as quotations
from marketplace.ratings import rules as ratings
from marketplace.vetting import rules as vetting
from marketplace.vetting.rules import Outcome

PLAIN = Calendar({}, {})
MONDAY = date(2026, 11, 23)
LISTED = Limit(30, LimitUnit.WORKDAYS)
SCORES = dict.fromkeys(ratings.CRITERIA, 3)


def weights(*parts, price=1):
    """So many weights, the first of them the price."""
    return [Weight(f"第{place}项", part, place <= price) for place, part in enumerate(parts, 1)]


def check_weights(*parts, **more):
    """Check them for a comprehensive score."""
    return lambda: competitions.check_weights(Method.COMPREHENSIVE, weights(*parts, **more))


def closing(day, **hours):
    """Check an instant at which sign-up closes, of three working days."""
    at = datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(**hours)
    return lambda: competitions.check_closing(PLAIN, MONDAY, 3, at)


NUMBER = ("competition.weights_number", "price_weight", {"most": 10})
SHORT = ("competition.signup_too_short", "closes_on", {"days": 3, "last": date(2026, 11, 26)})
CASES = {
    "one fen": (lambda: budgets.check_amount(1), None),
    "no fen": (lambda: budgets.check_amount(0, "x"), ("budget.amount_not_positive", "x", {})),
    "the reservation": (lambda: budgets.check_contract(10, 10), None),
    "above it": (
        lambda: budgets.check_contract(1001, 1000),
        ("budget.above_reservation", "", {"reserved": "10.00"}),
    ),
    "all that is payable": (lambda: budgets.check_payment(10, 10), None),
    "more": (
        lambda: budgets.check_payment(1001, 1000),
        ("budget.above_contract", "amount", {"payable": "10.00"}),
    ),
    "nothing": (
        lambda: budgets.check_payment(0, 10),
        ("budget.amount_not_positive", "amount", {}),
    ),
    "a shape": (
        lambda: catalogue.check_value(1, "x"),
        ("catalogue.rule_shape", "value", {}),
    ),
    "zero": (lambda: catalogue.check_value(1, 0), None),
    "less than zero": (
        lambda: catalogue.check_value(1, -1),
        ("catalogue.rule_shape", "value", {}),
    ),
    "one weight": (check_weights(100), NUMBER),
    "two weights": (check_weights(40, 60), None),
    "ten weights": (check_weights(*(10,) * 10), None),
    "eleven weights": (check_weights(*(10,) * 11), NUMBER),
    "a weight of one": (check_weights(1, 99), None),
    "a weight of nothing": (
        check_weights(0, 100),
        ("competition.weight_missing", "price_weight", {}),
    ),
    "99": (check_weights(40, 59), ("competition.weights_total", "price_weight", {"total": 99})),
    "101": (check_weights(40, 61), ("competition.weights_total", "price_weight", {"total": 101})),
    "no price": (
        check_weights(40, 60, price=0),
        ("competition.weights_price", "price_weight", {}),
    ),
    "two prices": (
        check_weights(40, 60, price=2),
        ("competition.weights_price", "price_weight", {}),
    ),
    "long enough": (closing(date(2026, 11, 27)), None),
    "too short": (closing(date(2026, 11, 27), seconds=-1), SHORT),
    "one day": (lambda: engagements.agreed_limit(LISTED, 1), None),
    "the listed days": (lambda: engagements.agreed_limit(LISTED, 30), None),
    "a day more": (
        lambda: engagements.agreed_limit(LISTED, 31),
        ("engagement.limit_too_long", "limit_days", {"limit": LISTED}),
    ),
    "no day": (
        lambda: engagements.agreed_limit(LISTED, 0),
        ("engagement.limit_too_long", "limit_days", {"limit": LISTED}),
    ),
    "no code": (lambda: projects.read_code("1"), ("project.wrong_shape", "code", {})),
    "another province": (
        lambda: projects.read_code("2106-110102-04-01-123455"),
        ("project.other_province", "code", {}),
    ),
    "nobody": (lambda: quotations.check_asked([], 5), ("quoting.nobody_asked", "listings", {})),
    "five": (lambda: quotations.check_asked(range(5), 5), None),
    "six": (
        lambda: quotations.check_asked(range(6), 5),
        ("quoting.too_many_asked", "listings", {"most": 5}),
    ),
    "today": (
        lambda: quotations.check_answer_by(MONDAY, MONDAY),
        ("quoting.answer_by_too_early", "answer_by", {}),
    ),
    "tomorrow": (
        lambda: quotations.check_answer_by(MONDAY + timedelta(days=1), MONDAY),
        None,
    ),
    "sixty days": (
        lambda: quotations.check_answer_by(MONDAY + timedelta(days=60), MONDAY),
        None,
    ),
    "sixty-one": (
        lambda: quotations.check_answer_by(MONDAY + timedelta(days=61), MONDAY),
        ("quoting.answer_by_too_late", "answer_by", {"latest": "2027-01-22"}),
    ),
    "a quotation": (lambda: quotations.check_quotation(MOST_FEN, 30, LISTED), None),
    "a price too high": (
        lambda: quotations.check_quotation(MOST_FEN + 1, 1, LISTED),
        ("quoting.price_needed", "price", {}),
    ),
    "no price named": (
        lambda: quotations.check_quotation(0, 1, LISTED),
        ("quoting.price_needed", "price", {}),
    ),
    "no days": (
        lambda: quotations.check_quotation(1, 0, LISTED),
        ("quoting.days_needed", "days", {}),
    ),
    "too many days": (
        lambda: quotations.check_quotation(1, 31, LISTED),
        ("quoting.days_above_limit", "days", {"limit": LISTED}),
    ),
    "one": (lambda: ratings.check_scores(SCORES | {"fees": 1}), None),
    "a score of six": (
        lambda: ratings.check_scores(SCORES | {"fees": 6}),
        ("rating.score_needed", "fees", {}),
    ),
    "a score of nought": (
        lambda: ratings.check_scores(SCORES | {"quality": 0}),
        ("rating.score_needed", "quality", {}),
    ),
    "unanswered": (
        lambda: vetting.check_proposal(Outcome.ADMIT, unanswered=1, not_ok=0),
        ("vetting.points_unanswered", "", {"count": 1}),
    ),
    "not in order": (
        lambda: vetting.check_proposal(Outcome.ADMIT, unanswered=0, not_ok=1),
        ("vetting.points_not_ok", "outcome", {"count": 1}),
    ),
    "in order": (lambda: vetting.check_proposal(Outcome.ADMIT, unanswered=0, not_ok=0), None),
    "rejected": (lambda: vetting.check_proposal(Outcome.REJECT, unanswered=0, not_ok=1), None),
}


@pytest.mark.parametrize("name", list(CASES))
def test_a_rule_refuses_beside_its_edge_and_says_what_can_be_mended(name):
    check, refusal = CASES[name]
    if refusal is None:
        check()
        return
    with pytest.raises(Refused) as refused:
        check()
    assert (refused.value.code, refused.value.field, refused.value.details) == refusal
