"""The next version of what the catalogue keeps in dated versions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

from marketplace.infra.rows import content_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date

# Kept here, not by whoever asks for a new version.
_OWN_COLUMNS = frozenset({"number", "valid_from", "valid_to"})


class Dated(Protocol):
    """A version: the last one has no end."""

    number: Any
    valid_from: Any
    valid_to: Any


_MOST_REASON = 200

Version = TypeVar("Version", bound=Dated)


def reason_of(words: str) -> str:
    """The document or the reason, as it is kept with a version."""
    return required(words, "reason", most=_MOST_REASON)


def check_seen(last: Dated, seen: int) -> None:
    """Refuse to go on from a version that somebody has followed with another one meanwhile."""
    if last.number != seen:
        raise Refused("catalogue.moved")


def check_day(uow: UnitOfWork, last: Dated | None, first_day: date) -> None:
    """Refuse a version that begins before today, or before the one it follows."""
    if first_day < local_date(uow.now):
        raise Refused("catalogue.version_in_the_past", field="valid_from")
    if last is not None and first_day < last.valid_from:
        day = last.valid_from.isoformat()
        raise Refused("catalogue.version_before_last", field="valid_from", day=day)


def changed_in(last: Dated, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of what is said otherwise than in the last version; refuses nothing at all."""
    changed = tuple(sorted(name for name in facts if getattr(last, name) != facts[name]))
    if not changed:
        raise Refused("catalogue.unchanged")
    return changed


def next_version(
    uow: UnitOfWork, last: Version, first_day: date, facts: Mapping[str, Any]
) -> Version:
    """What holds from a day on: as the last version, but for these facts."""
    said = content_of(last, but=_OWN_COLUMNS) | dict(facts)
    last.valid_to = first_day
    uow.flush()
    made: Any = type(last)
    row: Version = made(**said, number=last.number + 1, valid_from=first_day)
    uow.session.add(row)
    uow.flush()
    return row
