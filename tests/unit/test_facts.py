"""A table of facts that contradicts itself, or its row, is refused when it is imported."""

from dataclasses import dataclass

import pytest
from flask_babel import lazy_gettext

from marketplace.infra.facts import Fact, Line, check_fields, facts, public

NAME = lazy_gettext("Name")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"personal": True, "public": True}, "personal is not public"),
        ({"api": True}, "what is public only"),
        ({"sheet": 12}, "what is public only"),
        ({"personal": True, "api": "number"}, "what is public only"),
    ],
)
def test_a_fact_that_would_be_shown_to_the_wrong_people_is_refused(said, words):
    with pytest.raises(ValueError, match=words):
        Fact("number", NAME, Line(), **said)


def test_two_facts_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two facts"):
        facts(Fact("name", NAME), Fact("name", NAME))


@dataclass(frozen=True)
class Shown:
    """A row."""

    id: int
    name: str


def test_a_row_and_its_table_have_the_same_facts():
    table = facts(Fact("name", NAME, public=True), Fact("phone", NAME))

    check_fields(public(table), Shown, besides=("id",))
    with pytest.raises(TypeError, match="phone"):
        check_fields(table, Shown, besides=("id",))
    with pytest.raises(TypeError, match="id"):
        check_fields(public(table), Shown)


def test_the_public_interface_calls_a_fact_by_its_own_name_or_another():
    said = [Fact("name", NAME, public=True, api=api).api_name for api in (True, "title", False)]

    assert said == ["name", "title", ""]
