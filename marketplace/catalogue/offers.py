"""Who offers an item: answered by a higher feature that registers itself here."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

# How many admitted institutions offer the item of a code.
CountsOffers: TypeAlias = Callable[[Session, str], int]

_provider: list[CountsOffers] = []


def register(provider: CountsOffers) -> CountsOffers:
    """Let a feature answer how many institutions offer an item; the last one counts."""
    _provider[:] = [provider]
    return provider


def count(session: Session, item_code: str) -> int | None:
    """How many institutions offer the item; None while nobody can say."""
    return _provider[0](session, item_code) if _provider else None
