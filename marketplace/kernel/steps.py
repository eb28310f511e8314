"""Transition tables: the only way a stored state changes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from marketplace.kernel.errors import Refused

State = TypeVar("State", bound=StrEnum)


def step(
    table: Mapping[State, frozenset[State]], current: State, target: State, code: str
) -> State:
    """Return `target` if the table allows it after `current`, else raise `Refused(code)`."""
    if target not in table[current]:
        raise Refused(code, current=current, target=target)
    return target


def only_after(table: Mapping[State, frozenset[State]], passed: State) -> tuple[State, ...]:
    """The state and all that are reached through it alone, in the order of the table.

    What is known from that step on, is known in each of them.
    """
    others, waiting = {passed}, [next(iter(table))]
    while waiting:
        state = waiting.pop()
        if state not in others:
            others.add(state)
            waiting += table[state]
    return tuple(state for state in table if state is passed or state not in others)
