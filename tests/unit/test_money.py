"""How amounts and shares are read and written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel import money
from tests.tables import rows


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00"),
        (1, "0.01"),
        (100, "1.00"),
        (123_456_789, "1,234,567.89"),
        (-5, "-0.05"),
        (999_999_999_999_999_99, "999,999,999,999,999.99"),
    ],
)
def test_amounts_are_written_to_the_fen(fen, text):
    assert money.yuan(fen) == text


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (1_359_567_891, "1,359.57"), (5_000, "0.01")]
)
def test_large_sums_are_said_in_ten_thousand_yuan(fen, text):
    assert money.ten_thousand_yuan(fen) == text


@given(st.integers(0, 10**17))
def test_an_amount_written_can_be_read_back(fen):
    assert int(money.yuan(fen).replace(",", "").replace(".", "")) == fen


def test_an_amount_for_programs_is_not_grouped():
    assert money.yuan(1_200_000, grouped=False) == "12000.00"
    assert money.yuan(-1_200_050, grouped=False) == "-12000.50"


@pytest.mark.parametrize(
    ("fen", "text"),
    [(1_000_000, "1"), (12_345_678, "12.3457"), (120_000_000_000, "120,000"), (-1_500_000, "-1.5")],
)
def test_large_sums_can_do_without_idle_zeros(fen, text):
    assert money.ten_thousand_yuan(fen, decimals=4, idle=False) == text


@pytest.mark.parametrize(
    ("millionths", "text"),
    [
        (0, "0"),
        (1, "0.0001"),
        (150, "0.015"),
        (10_390, "1.039"),
        (125_000, "12.5"),
        (333_333, "33.3333"),
        (1_000_000, "100"),
    ],
)
def test_a_rate_has_the_decimals_it_needs(millionths, text):
    assert money.percent(millionths) == text
    assert money.read_rate(text) == millionths


@given(st.integers(-(10**17), 10**17))
def test_a_number_of_yuan_is_exact(fen):
    assert money.yuan_number(fen) * 100 == Decimal(fen)


@pytest.mark.parametrize(("typed", "fen"), rows("input/amounts"))
def test_an_amount_is_read_as_it_is_meant_or_not_at_all(typed, fen):
    assert _read(money.read_yuan, typed) == fen


@pytest.mark.parametrize(("typed", "millionths"), rows("input/rates"))
def test_a_rate_is_read_to_the_millionth_or_not_at_all(typed, millionths):
    assert _read(money.read_rate, typed) == millionths


def _read(read, typed):
    try:
        return str(read(typed))
    except money.Unreadable as fault:
        return fault.reason
