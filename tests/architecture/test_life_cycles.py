"""The page of life cycles is what the tables of steps say, and the tables are whole."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from importlib import import_module

import pytest

from marketplace import state_diagrams
from marketplace.state_diagrams import Table

TABLES = list(state_diagrams.tables())


def unworded(labels: Iterable[str], members: Collection[StrEnum]) -> list[str]:
    """What lacks a label, of the families of labels that word the first member and most others."""
    families: dict[str, set[str]] = {}
    for code in labels:
        family, _dot, member = code.rpartition(".")
        families.setdefault(family, set()).add(member)
    states = {str(one) for one in members}
    first = str(next(iter(members)))
    return [
        f"{family}.{one}"
        for family, words in families.items()
        if first in words and len(words & states) * 2 > len(states)
        for one in sorted(states - words)
    ]


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
    ("module", "table"), [(m, t) for m, _n, t in TABLES], ids=[m + n for m, n, _t in TABLES]
)
def test_every_state_that_pages_show_has_words(module: str, table: Table) -> None:
    feature = module.split(".")[1]
    labels = import_module(f"marketplace.{feature}.wording").LABELS
    assert unworded(labels, list(type(next(iter(table))))) == []


def test_a_state_without_words_is_found() -> None:
    some = StrEnum("Some", ["NEW", "OPEN", "SHUT"])
    labels = ("some_state.new", "some_state.open", "verdict.shut")
    assert unworded(labels, list(some)) == ["some_state.shut"]
