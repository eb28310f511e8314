"""Addresses of a list keep what was chosen, whatever an address line carries."""

import pytest
from flask import Flask

from marketplace.web.filters import same_list, without

bare = Flask(__name__)


@pytest.mark.parametrize("odd", ["endpoint=x", "_scheme=x", "_external=1", "listing_id=x"])
def test_another_address_of_the_list_has_the_same_parameters(odd):
    with bare.test_request_context(f"/list?{odd}&state=a&state=b"):
        assert same_list("/list/export.xlsx") == f"/list/export.xlsx?{odd}&state=a&state=b"


def test_without_parameters_the_address_is_plain():
    with bare.test_request_context("/list"):
        assert same_list("/list/export.xlsx") == "/list/export.xlsx"


def test_one_value_is_taken_away_and_the_list_begins_anew():
    with bare.test_request_context("/list?state=a&state=b&q=x&page=3"):
        assert without("/list", "state", "a") == "/list?state=b&q=x"


def test_a_filter_is_taken_away_with_all_its_values():
    with bare.test_request_context("/list?state=a&state=b&page=3"):
        assert without("/list", "state") == "/list"
