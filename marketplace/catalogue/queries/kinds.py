"""Who needs a kind of qualification: items that ask for it, and whoever holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from marketplace.catalogue.queries import listed
from marketplace.catalogue.queries.rows import ItemRow
from marketplace.catalogue.rules.items import Need
from marketplace.catalogue.rules.kinds import Used


@dataclass(frozen=True)
class HeldRow:
    """So many institutions hold a level and a specialty of a kind, or have drafted it."""

    level: str
    specialty: str
    institutions: int


# Who holds the kind of a code: filled by the feature that keeps certificates.
Holding: TypeAlias = Callable[[Session, str], tuple[HeldRow, ...]]
HOLDING: dict[str, Holding] = {}


def held(session: Session, code: str) -> tuple[HeldRow, ...]:
    """What is held of a kind, by level and specialty."""
    return tuple(row for holding in HOLDING.values() for row in holding(session, code))


def asking(session: Session, code: str) -> tuple[tuple[ItemRow, Need], ...]:
    """The items and services that ask for a kind as they hold now, with what they ask for."""
    return tuple(
        (item, need)
        for item in listed.by_code(session).values()
        if not item.ended
        for need in item.requirements.all_of + item.requirements.any_of
        if need.kind == code
    )


def used(session: Session, code: str) -> tuple[Used, ...]:
    """Every level with its specialty that may not go."""
    return (
        *(Used(row.level, row.specialty) for row in held(session, code)),
        *(Used(need.level_at_least, need.specialty) for _item, need in asking(session, code)),
    )
