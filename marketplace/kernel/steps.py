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
