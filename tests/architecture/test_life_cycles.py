"""The page of life cycles is what the tables of steps say, and the tables are whole."""

import pytest

from marketplace import state_diagrams
from marketplace.state_diagrams import Table

TABLES = list(state_diagrams.tables())


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
