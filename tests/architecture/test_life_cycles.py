"""The page of life cycles is what the tables of steps say, and the tables are whole."""

import re
from collections.abc import Iterable
from enum import StrEnum
from importlib import import_module

import pytest

from marketplace import state_diagrams
from marketplace.state_diagrams import Table

TABLES = list(state_diagrams.tables())


# Who was invited sees whether the link still works, never the state.
SHOWN_NOWHERE = {"INVITATION_STEPS"}


def unworded(labels: Iterable[str], states: type[StrEnum]) -> list[str]:
    """States without a label in the family of their name, else in those that word most of them.

    Where no family does, none of the states has words.
    """
    families: dict[str, set[str]] = {}
    for code in labels:
        family, _dot, member = code.rpartition(".")
        families.setdefault(family, set()).add(member)
    members = {str(one) for one in states}
    own = re.sub(r"(?<!^)(?=[A-Z])", "_", states.__name__).lower()
    meant = (
        {own} if own in families else {f for f, words in families.items() if _most(words, members)}
    )
    lacking = [
        f"{family}.{one}" for family in sorted(meant) for one in sorted(members - families[family])
    ]
    return lacking if meant else sorted(members)


def _most(words: set[str], members: set[str]) -> bool:
    return len(words & members) * 2 > len(members)


def test_the_page_of_life_cycles_is_up_to_date() -> None:
    assert state_diagrams.is_current(), "run: flask docs state-diagrams"


@pytest.mark.parametrize("table", [t for *_where, t in TABLES], ids=[m + n for m, n, _t in TABLES])
def test_every_state_has_its_line_and_is_reached_from_the_first(table: Table) -> None:
    first = next(iter(table))
    assert set(table) == set(type(first))
    reached, waiting = {first}, [first]
    while waiting:
        new = table[waiting.pop()] - reached
        reached |= new
        waiting += new
    assert reached == set(table)


@pytest.mark.parametrize(
    ("module", "table"),
    [(m, t) for m, n, t in TABLES if n not in SHOWN_NOWHERE],
    ids=[m + n for m, n, _t in TABLES if n not in SHOWN_NOWHERE],
)
def test_every_state_that_pages_show_has_words(module: str, table: Table) -> None:
    feature = module.split(".")[1]
    labels = import_module(f"marketplace.{feature}.feature").FEATURE.words.LABELS
    assert unworded(labels, type(next(iter(table)))) == []


def test_a_state_without_words_is_found() -> None:
    some = StrEnum("SomeState", ["NEW", "OPEN", "SHUT"])
    own = ("some_state.new", "some_state.open", "answer.new", "answer.open")
    assert unworded(own, some) == ["some_state.shut"]
    assert unworded(("step.new", "step.open", "verdict.shut"), some) == ["step.shut"]
    assert unworded(("verdict.shut",), some) == ["new", "open", "shut"]
