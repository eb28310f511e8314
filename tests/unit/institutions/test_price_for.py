"""What is asked for one commission: the table of bases, amounts and investments."""

from types import SimpleNamespace

import pytest

from marketplace.institutions.rules.dossier import PriceBasis, price_for

CASES = [
    (PriceBasis.FIXED, 8_000_000, None, 1_000_000_000, 8_000_000),
    (PriceBasis.SHARE, None, 150, 1_000_000_000, 150_000),
    (PriceBasis.SHARE, None, 1, 499_999, 0),
    (PriceBasis.SHARE, None, 1, 500_000, 1),
    (PriceBasis.SHARE, None, 1_000_000, 123, 123),
    (PriceBasis.PER_UNIT, 5_000, None, 1_000_000_000, None),
    (PriceBasis.QUOTED, None, None, 1_000_000_000, None),
]


@pytest.mark.parametrize(("basis", "amount", "rate", "investment", "asked"), CASES)
def test_what_is_asked_for_a_project(basis, amount, rate, investment, asked):
    terms = SimpleNamespace(price_basis=basis, amount_fen=amount, unit="", rate_millionths=rate)
    assert price_for(terms, investment) == asked
