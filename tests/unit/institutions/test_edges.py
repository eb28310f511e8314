"""How long a removed listing stays out, by what led to the removal."""

from datetime import date

import pytest

from marketplace.institutions.rules import market
from marketplace.institutions.rules.market import RemovalCause


@pytest.mark.parametrize("cause", list(RemovalCause))
def test_only_an_expired_certificate_has_a_period_of_its_own(cause):
    own = cause is RemovalCause.EXPIRED_CERTIFICATE
    expired, usual = market.PERIOD_EXPIRED_CERTIFICATE, market.PERIOD
    assert market.period_key(cause) == (expired if own else usual)
    assert expired != usual
    assert market.first_day_back(date(2026, 11, 23), 90) == date(2027, 2, 21)
