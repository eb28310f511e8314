"""Project codes: two formats, and a check digit that fits published codes."""

import pytest

from marketplace.kernel import project_code
from marketplace.kernel.project_code import Format, parse


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("2205-610721-04-01-262897", True),
        ("2606-451323-04-01-451872", True),
        ("2603-141124-89-05-346948", True),
        ("2411-130202-89-01-637015", True),
        ("2503-130981-04-01-573274", True),
        ("2106-220102-04-01-123455", True),
        ("2607-440300-04-01-000001", False),
        ("2609-330100-04-01-100001", False),
    ],
)
def test_the_check_digit_tells_real_codes_from_invented_ones(code, fits):
    found = parse(code)

    assert found.format is Format.NEW
    assert found.check_fails is not fits


@pytest.mark.parametrize("code", ["2020-330327-48-01-167360", "2020-451421-88-03-016343"])
def test_an_older_code_has_a_year_and_no_check_digit(code):
    found = parse(code)

    assert (found.format, found.year, found.check_fails) == (Format.OLD, 2020, False)


@pytest.mark.parametrize(
    "typed",
    [
        " 2106-220102-04-01-123455 ",
        "21062201020401123455",
        "2106 220102 04 01 123455",
        "２１０６－２２０１０２－０４－０１－１２３４５５",
        "2106—220102—04—01—123455",
    ],
)
def test_a_code_is_understood_as_people_write_it(typed):
    assert parse(typed).text == "2106-220102-04-01-123455"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2113-220102-04-01-123455",
        "2022-220102-48-01-123456",
        "2012-220102-48-01",
        "2018-220102-48-04-123456",
        "2106-220102-04-01-12345",
        "2106-220102-04-01-12345X",
        "2106-220102-04-01-1234556",
        "二一〇六-220102-04-01-123455",
        "2106-220102-04-01-12345\x00",
    ],
)
def test_what_has_neither_shape_is_no_code(typed):
    assert parse(typed) is None


def test_a_code_says_where_and_when_it_was_given():
    code = parse("2018-220381-48-02-000123")

    assert (code.region_code, code.year, code.in_province) == ("220381", 2018, True)
    assert not parse("2205-610721-04-01-262897").in_province


def test_one_wrong_digit_never_fits():
    good = "2106220102040112345"
    digit = project_code.check_digit(good)
    for place in range(len(good)):
        for other in set("0123456789") - {good[place]}:
            changed = good[:place] + other + good[place + 1 :]
            assert project_code.check_digit(changed) != digit
