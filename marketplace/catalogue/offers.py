"""Who offers an item: answered by a higher feature."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

# How many admitted institutions offer the item of a code.
CountsOffers: TypeAlias = Callable[[Session, str], int]

COUNTERS: dict[str, CountsOffers] = {}


def count(session: Session, item_code: str) -> int | None:
    """How many institutions offer the item; None while nobody can say."""
    counter = next(iter(COUNTERS.values()), None)
    return None if counter is None else counter(session, item_code)
