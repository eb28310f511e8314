"""What a member holds, as the features above say it: shown before the member leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Held:
    """A record that a member has in hand, by its number and what it is about."""

    number: str
    title: str


# session, person, organisation -> what they have in hand for it.
Holds: TypeAlias = Callable[[Session, int, int], tuple[Held, ...]]
HOLDS: dict[str, Holds] = {}


def held_by(session: Session, user_id: int, organisation_id: int) -> tuple[Held, ...]:
    """Everything a member has in hand for an organisation."""
    return tuple(
        one for holds in HOLDS.values() for one in holds(session, user_id, organisation_id)
    )
