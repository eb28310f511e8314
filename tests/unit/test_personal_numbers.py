"""Personal numbers in running text are found, other numbers are not taken for them."""

import pytest

from marketplace.kernel import personal
from tests.tables import rows


@pytest.mark.parametrize(("text", "found", "_because"), rows("input/personal_numbers"))
def test_a_personal_number_is_found_and_no_other(text, found, _because):
    assert personal.has_personal_number(text) is (found == "yes")


@pytest.mark.parametrize(("text", "digits"), rows("input/mobiles"))
def test_a_mobile_is_one_number_however_it_is_written(text, digits):
    assert personal.mobile(text) == (digits or text)
    assert personal.is_mobile(personal.mobile(text)) is bool(digits)
