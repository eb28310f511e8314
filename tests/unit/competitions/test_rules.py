"""Arithmetic, independence and days of competitions: rules as tables."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.competitions import rules
from marketplace.competitions.rules import (
    STEPS,
    CompetitionState,
    Contender,
    Method,
    Weight,
)
from marketplace.institutions.rules import independence
from marketplace.institutions.rules.independence import Background, Person, Tie
from marketplace.kernel.errors import Refused
from tests.unit.shipped_calendar import SHIPPED

_S = CompetitionState
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
MEAN, NEXT = Decimal("0.40"), Decimal("0.30")
WEIGHTS = (Weight("价格", 40, is_price=True), Weight("方案", 40), Weight("业绩", 20))


def contender(key: int, price: int, *, days: int = 10, later: int = 0, **marks: int) -> Contender:
    given = {int(name[1:]): Decimal(value) for name, value in marks.items()}
    return Contender(key, price, days, NOON + timedelta(minutes=later), given)


# ------------------------------------------------------------------ steps


@pytest.mark.parametrize("state", list(_S))
def test_a_step_is_legal_only_when_the_table_has_it(state):
    for target in _S:
        if target in STEPS[state]:
            assert rules.step(state, target) is target
        else:
            with pytest.raises(Refused, match="illegal_step"):
                rules.step(state, target)


def test_every_state_is_reached_from_the_draft_and_three_are_ends():
    reached, front = {_S.DRAFT}, {_S.DRAFT}
    while front:
        front = {target for state in front for target in STEPS[state]} - reached
        reached |= front
    assert reached == set(_S)
    assert {state for state in _S if not STEPS[state]} == set(rules.ENDED)


# ------------------------------------------------------------------ prices


@pytest.mark.parametrize(
    ("prices", "low"),
    [
        ({1: 100}, set()),
        ({1: 100, 2: 100, 3: 100}, set()),
        ({1: 100, 2: 90, 3: 80}, set()),
        # 40 lies 50 % below the mean of 80 and 60 % below the next.
        ({1: 100, 2: 100, 3: 40}, {3}),
        # Exactly 30 % below the next is not more than 30 %.
        ({1: 100, 2: 100, 3: 70}, set()),
        ({1: 1000, 2: 1000, 3: 699}, {3}),
        # Two equal low ones: both lie below the next higher price.
        ({1: 100, 2: 60, 3: 60}, {2, 3}),
        # A gap in the middle flags everything below it.
        ({1: 1000, 2: 600, 3: 590}, {2, 3}),
        ({1: 1000, 2: 1000, 3: 500, 4: 499}, {3, 4}),
    ],
)
def test_very_low_prices_lie_far_below_the_mean_or_the_next(prices, low):
    assert rules.suspiciously_low(prices, MEAN, NEXT) == low


@pytest.mark.parametrize(
    ("weight", "price", "lowest", "points"),
    [
        (40, 100, 100, "40.00"),
        (40, 800, 750, "37.50"),
        (40, 900, 750, "33.33"),
        (30, 7, 2, "8.57"),
        (1, 200, 1, "0.01"),
        (1, 201, 1, "0.00"),
    ],
)
def test_points_for_the_price_are_rounded_half_up_at_two_decimals(weight, price, lowest, points):
    assert rules.price_points(weight, price, lowest) == Decimal(points)


def test_points_for_a_mark_are_its_share_of_the_weight():
    assert rules.mark_points(40, Decimal("87.5")) == Decimal("35.00")
    assert rules.mark_points(20, Decimal("0.03")) == Decimal("0.01")


# ------------------------------------------------------------------ order


def test_the_lowest_price_is_first_then_days_then_the_instant():
    bids = [
        contender(1, 900),
        contender(2, 800, later=5),
        contender(3, 800, later=1),
        contender(4, 800, days=9, later=9),
    ]
    assert [one.key for one in rules.rank_by_price(bids)] == [4, 3, 2, 1]
    assert [one.rank for one in rules.rank_by_price(bids)] == [1, 2, 3, 4]


def test_the_highest_score_is_first_and_its_parts_add_up():
    weights = dict(zip((7, 8, 9), WEIGHTS, strict=True))
    bids = [contender(1, 900, c8=95, c9=90), contender(2, 750, c8=60, c9=60)]

    first, second = rules.rank_by_score(bids, weights)

    assert (first.key, first.score) == (1, Decimal("89.33"))
    assert [(part.criterion, part.points) for part in first.parts] == [
        (7, Decimal("33.33")),
        (8, Decimal("38.00")),
        (9, Decimal("18.00")),
    ]
    assert (second.key, second.rank, second.score) == (2, 2, Decimal("76.00"))


def test_equal_scores_go_by_price():
    weights = {7: Weight("价格", 50, is_price=True), 8: Weight("方案", 50)}
    dear, cheap = contender(1, 200, c8=100), contender(2, 100, c8=50)
    assert [one.key for one in rules.rank_by_score([dear, cheap], weights)] == [2, 1]


def test_without_every_mark_there_is_no_order():
    weights = dict(zip((7, 8, 9), WEIGHTS, strict=True))
    with pytest.raises(Refused, match="marks_missing"):
        rules.rank_by_score([contender(1, 900, c8=95)], weights)


def tenths(count):
    """So many criteria, the price first, that make 100 together."""
    rest = [Weight(f"方案{number}", 5) for number in range(1, count)]
    return (Weight("价格", 100 - 5 * len(rest), is_price=True), *rest)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        (WEIGHTS, ""),
        (tenths(2), ""),
        (tenths(10), ""),
        (tenths(11), "competition.weights_number"),
        ((WEIGHTS[0], Weight("方案", 59), Weight("业绩", 1)), ""),
        (WEIGHTS[:1], "competition.weights_number"),
        ((WEIGHTS[0], Weight("方案", 59)), "competition.weights_total"),
        ((Weight("价格", 40), Weight("方案", 60)), "competition.weights_price"),
        ((WEIGHTS[0], Weight(" ", 60)), "competition.weight_missing"),
        ((WEIGHTS[0], Weight("方案", 60), Weight("业绩", 0)), "competition.weight_missing"),
        ((WEIGHTS[0], Weight("方案", 30), Weight("方案 ", 30)), "competition.weight_twice"),
    ],
)
def test_weights_make_100_with_the_price_among_them(weights, code):
    if not code:
        rules.check_weights(Method.COMPREHENSIVE, weights)
        return
    with pytest.raises(Refused) as refusal:
        rules.check_weights(Method.COMPREHENSIVE, weights)
    assert refusal.value.code == code


def test_the_lowest_price_needs_no_weights():
    rules.check_weights(Method.LOWEST_PRICE, ())


# ------------------------------------------------------------------ independence


@pytest.mark.parametrize(
    ("tie", "tied"),
    [
        (Tie("示例市自然资源局"), True),
        (Tie("示例市自然资源局测绘院"), True),
        (Tie("示例市 自然资源局"), True),
        (Tie("另一市水利局"), False),
        (Tie("另一名称", "DEPT"), True),
        (Tie("示例市自然资源局", "OTHER"), False),
        (Tie("资源"), False),
    ],
)
def test_a_tie_is_known_by_its_code_or_its_name(tie, tied):
    background = Background(1, "A", ties=(tie,))
    assert independence.tied_to(background, "示例市自然资源局", "DEPT") is tied


def test_an_institution_the_department_owns_is_tied():
    assert independence.tied_to(Background(1, "A", owner_codes=frozenset({"DEPT"})), "某局", "DEPT")
    assert independence.tied_to(Background(1, "DEPT"), "某局", "DEPT")


def of(number: int, *owners: Person, head: str = "", codes: tuple[str, ...] = ()) -> Background:
    return Background(number, f"CODE{number}", (), frozenset(codes), owners, head)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (of(1, head="张三"), of(2, head="李四"), ""),
        (of(1, head="张三"), of(2, head="张三"), "legal_representative"),
        (of(1, head=""), of(2, head=""), ""),
        # Two people of the same name, told apart by their numbers.
        (of(1, Person("张三", "h1"), head="张三"), of(2, Person("张三", "h2"), head="张三"), ""),
        (
            of(1, Person("张三", "h1"), head="张三"),
            of(2, Person("王五", "h9"), head="张三"),
            "legal_representative",
        ),
        (of(1, Person("甲", "h1")), of(2, Person("乙", "h1")), "owner"),
        (of(1, codes=("P",)), of(2, codes=("P", "Q")), "owner"),
        (of(1, codes=("CODE2",)), of(2), "owner"),
        (of(1), of(2, codes=("CODE1",)), "owner"),
    ],
)
def test_two_belong_together_by_owner_or_head(one, other, why):
    assert independence.relation(one, other) == why
    assert independence.relation(other, one) == why


def test_nobody_is_related_to_itself():
    one = of(1, codes=("P",))
    assert independence.related_to(one, [one]) is None
    assert independence.related_to(one, [one, of(2, codes=("P",))]).organisation_id == 2


# ------------------------------------------------------------------ days


def test_sign_up_takes_whole_working_days_after_the_notice():
    calendar, monday = SHIPPED, NOON.date()
    earliest = rules.earliest_closing(calendar, monday, 3)

    assert earliest == datetime(2026, 11, 26, 16, tzinfo=UTC)
    rules.check_closing(calendar, monday, 3, earliest)
    with pytest.raises(Refused) as refusal:
        rules.check_closing(calendar, monday, 3, earliest - timedelta(seconds=1))
    assert refusal.value.code == "competition.signup_too_short"


@pytest.mark.parametrize(("merit", "fewest"), [(False, 3), (True, 2)])
def test_two_entrants_are_enough_only_for_merit(merit, fewest):
    assert rules.minimum_entrants(3, 2, merit=merit) == fewest
