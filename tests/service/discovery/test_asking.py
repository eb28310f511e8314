"""From the address line to a question."""

import pytest
from werkzeug.datastructures import MultiDict

from marketplace.discovery.views.searching import MAX_PAGE, read_address
from search import Sort


@pytest.fixture
def asked(session):
    """Read an address line."""
    return lambda *pairs: read_address(session, MultiDict(pairs))


def test_a_bare_address_asks_for_everything_latest_admission_first(asked):
    got = asked()
    assert (got.query.text, got.query.sort, got.query.page) == ("", Sort.ADMITTED, 1)
    assert not got.has_filters


def test_words_are_sorted_by_relevance_unless_the_address_says_otherwise(asked):
    assert asked(("q", " 环评 ")).query.text == "环评"
    assert asked(("q", "环评")).query.sort is Sort.RELEVANCE
    assert asked(("q", "环评"), ("sort", "name")).query.sort is Sort.NAME


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("220381", "220184"),
        ("220184", "220184"),
        ("X-CCXQ", "X-CCXQ"),
        ("X-CBS", "X-CBS"),
        ("nowhere", "nowhere"),
    ],
)
def test_a_superseded_region_means_its_successor_and_others_stay(asked, code, meant):
    got = asked(("region", code))
    assert got.query.regions == (meant,)
    assert got.filters["region"] == (meant,)


def test_the_old_and_the_new_code_of_a_region_are_one_filter(asked):
    assert asked(("region", "220381"), ("region", "220184")).query.regions == ("220184",)


def test_repeated_parameters_are_any_of_without_repetition_or_blanks(asked):
    got = asked(("item", "JL-Z01"), ("item", ""), ("item", "JL-Z02"), ("item", "JL-Z01"))
    assert got.query.items == ("JL-Z01", "JL-Z02")
    assert got.has_filters


@pytest.mark.parametrize(
    ("page", "meant"), [("x", 1), ("", 1), ("-3", 1), ("0", 1), ("2", 2), ("9" * 30, MAX_PAGE)]
)
def test_a_page_that_makes_no_sense_is_the_nearest_that_does(asked, page, meant):
    assert asked(("page", page)).query.page == meant


def test_an_unknown_order_is_left_out(asked):
    assert asked(("sort", "sideways")).query.sort is Sort.ADMITTED
