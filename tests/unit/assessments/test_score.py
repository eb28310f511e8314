"""The score of 100 by hand: parts, missing parts, the prior, rounding, grades."""

from dataclasses import replace
from decimal import Decimal

import pytest

from marketplace.assessments.rules import Facts, Part, Scale, Veto, mean_with_prior, score

D = Decimal
SCALE = Scale(
    weights={
        "on_time": 25,
        "first_pass": 20,
        "client_rating": 20,
        "conduct": 15,
        "credentials": 10,
        "inspection": 10,
    },
    minimum=3,
    prior=5,
    grades={"A": 90, "B": 75, "C": 60, "D": 0},
)
WHOLE = Facts(
    accepted=8,
    on_time=7,
    first_pass=6,
    ratings=4,
    own_mean=D("4.5"),
    item_mean=D("4"),
    upheld=1,
    partly=1,
    days_valid=300,
    days_looked_at=365,
    inspection=D("8.5"),
)


def points(facts, part):
    return next(one.points for one in score(facts, SCALE).parts if one.part is part)


def test_every_part_is_reckoned_as_the_formula_says():
    assert points(WHOLE, Part.ON_TIME) == D("21.875")
    assert points(WHOLE, Part.FIRST_PASS) == D("15")
    # m = (4 x 4.5 + 5 x 4) / 9 = 38/9; 20 x (m - 1) / 4 = 5 x 29/9
    assert abs(points(WHOLE, Part.CLIENT_RATING) - D(145) / 9) < D("1e-20")
    assert points(WHOLE, Part.CONDUCT) == D("8")
    assert abs(points(WHOLE, Part.CREDENTIALS) - D(3000) / 365) < D("1e-20")
    assert points(WHOLE, Part.INSPECTION) == D("8.5")


def test_the_total_is_rounded_once_at_the_end():
    # 21.875 + 15 + 16.1111.. + 8 + 8.21917.. + 8.5 = 77.70529..
    result = score(WHOLE, SCALE)
    assert (result.total, result.grade) == (D("77.71"), "B")


def test_half_a_hundredth_is_rounded_up():
    # 100 x 9002 / 40000 = 22.505 exactly
    weights = {**dict.fromkeys(SCALE.weights, 0), "on_time": 100}
    result = score(Facts(accepted=40000, on_time=9002), replace(SCALE, weights=weights))
    assert result.total == D("22.51")


def test_a_part_without_facts_is_left_out_and_the_rest_scaled():
    facts = replace(WHOLE, ratings=0, own_mean=None, inspection=None, days_looked_at=0)
    result = score(facts, SCALE)

    left_out = {one.part for one in result.parts if one.points is None}
    assert left_out == {Part.CLIENT_RATING, Part.INSPECTION, Part.CREDENTIALS}
    assert result.counted == 60
    # (21.875 + 15 + 8) x 100 / 60 = 74.79166..
    assert (result.total, result.grade) == (D("74.79"), "C")


@pytest.mark.parametrize(
    ("upheld", "partly", "left"), [(0, 0, 15), (1, 0, 10), (0, 1, 13), (2, 2, 1), (3, 1, 0)]
)
def test_conduct_does_not_go_below_nothing(upheld, partly, left):
    assert points(replace(WHOLE, upheld=upheld, partly=partly), Part.CONDUCT) == left


def test_few_ratings_are_drawn_towards_the_mean_of_the_item():
    assert mean_with_prior(1, D(5), D(3), 5) == D(20) / 6
    assert mean_with_prior(100, D(5), D(3), 5) == D(515) / 105


def test_the_own_mean_stands_where_the_item_has_none():
    facts = replace(WHOLE, item_mean=None, own_mean=D(5))
    assert points(facts, Part.CLIENT_RATING) == 20


@pytest.mark.parametrize(
    ("on_time", "total", "grade"),
    [(1000, "100.00", "A"), (900, "90.00", "A"), (899, "89.90", "B"), (750, "75.00", "B"),
     (749, "74.90", "C"), (600, "60.00", "C"), (599, "59.90", "D"), (0, "0.00", "D")],
)  # fmt: skip
def test_a_grade_begins_exactly_at_its_points(on_time, total, grade):
    weights = {**dict.fromkeys(SCALE.weights, 0), "on_time": 100}
    result = score(Facts(accepted=1000, on_time=on_time), replace(SCALE, weights=weights))
    assert (str(result.total), result.grade) == (total, grade)


def test_too_little_work_is_not_graded_but_scored():
    result = score(replace(WHOLE, accepted=2, on_time=2, first_pass=2), SCALE)
    assert result.grade is None
    assert result.total > 0


def test_a_veto_fact_gives_d_however_little_work_there_was():
    assert score(Facts(veto=Veto.FORGERY), SCALE).grade == "D"
    assert score(replace(WHOLE, veto=Veto.BLACKLIST), SCALE).grade == "D"


def test_the_arithmetic_is_shown_with_its_numbers():
    shown = {one.part: one.arithmetic for one in score(WHOLE, SCALE).parts}
    assert shown[Part.ON_TIME] == "25 × 7 ÷ 8 = 21.875"
    assert shown[Part.CONDUCT] == "15 − 5 × 1 − 2 × 1 → 8"
    assert shown[Part.CLIENT_RATING] == (
        "m = (4 × 4.5 + 5 × 4) ÷ (4 + 5) = 4.2222; 20 × (m − 1) ÷ 4 = 16.1111"
    )
