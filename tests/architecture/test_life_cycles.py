"""The page of life cycles is what the tables of steps say, and the tables are whole."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from importlib import import_module

import pytest

from marketplace import state_diagrams
from marketplace.state_diagrams import Table

TABLES = list(state_diagrams.tables())


# Who was invited sees whether the link still works, never the state.
SHOWN_NOWHERE = {"INVITATION_STEPS"}


def unworded(labels: Iterable[str], members: Collection[StrEnum]) -> list[str]:
    """What lacks a label, of the families of labels that word most of the members; or all of it."""
    families: dict[str, set[str]] = {}
    for code in labels:
        family, _dot, member = code.rpartition(".")
        families.setdefault(family, set()).add(member)
    states = {str(one) for one in members}
    meant = {family: words for family, words in families.items() if _words(words, states)}
    lacking = [
        f"{family}.{one}" for family, words in meant.items() for one in sorted(states - words)
    ]
    return lacking if meant else sorted(states)


def _words(words: set[str], states: set[str]) -> bool:
    return len(words & states) * 2 > len(states)


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
    labels = import_module(f"marketplace.{feature}.wording").LABELS
    assert unworded(labels, list(type(next(iter(table))))) == []


def test_a_state_without_words_is_found() -> None:
    some = StrEnum("Some", ["NEW", "OPEN", "SHUT"])
    labels = ("some_state.new", "some_state.open", "verdict.shut")
    assert unworded(labels, list(some)) == ["some_state.shut"]
    assert unworded(("some_state.open", "some_state.shut"), list(some)) == ["some_state.new"]
    assert unworded(("verdict.shut",), list(some)) == ["new", "open", "shut"]
