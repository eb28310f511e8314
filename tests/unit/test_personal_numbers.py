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


@pytest.mark.parametrize(
    "piece", ["a", "aB", "A-", "138 ", "1 ", "139-", "1", "x1", "，1", "9 X", "(0"]
)
def test_a_long_text_is_read_in_time_that_grows_with_its_length(piece):
    assert personal.has_personal_number(piece * (8000 // len(piece))) in {True, False}
