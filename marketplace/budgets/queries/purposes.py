"""How what money is held for is called: competitions and engagements tell, budgets do not know."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol, TypeAlias

from sqlalchemy.orm import Session

from marketplace.budgets.queries.rows import Purpose

Provider: TypeAlias = Callable[[Session, Collection[int]], Mapping[int, Purpose]]
Purposes: TypeAlias = Mapping[tuple[str, int], Purpose]

# Who names the records of a kind.
PURPOSES: dict[str, Provider] = {}


class HasPurpose(Protocol):
    """Whatever is for a purpose."""

    @property
    def purpose_kind(self) -> str: ...
    @property
    def purpose_id(self) -> int: ...


def purposes_of(session: Session, things: Iterable[HasPurpose]) -> Purposes:
    """The names of what these are for; a kind that nobody names is left out."""
    wanted: dict[str, set[int]] = {}
    for thing in things:
        wanted.setdefault(thing.purpose_kind, set()).add(thing.purpose_id)
    return {
        (kind, key): purpose
        for kind, ids in wanted.items()
        if kind in PURPOSES
        for key, purpose in PURPOSES[kind](session, ids).items()
    }
