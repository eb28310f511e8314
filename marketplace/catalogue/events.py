"""What happened to the catalogue."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class CatalogueSeeded(Event):
    """Shipped rows that were missing have been added; the subject is the item list."""

    KIND: ClassVar[str] = "catalogue.seeded"
    SUBJECT: ClassVar[str] = "item_list"

    rows: int


@dataclass(frozen=True)
class ItemVersionInForce(Event):
    """An item has a new version from a day on; `changed` names the fields."""

    KIND: ClassVar[str] = "item.version_in_force"
    SUBJECT: ClassVar[str] = "item"

    code: str
    version_id: int
    number: int
    valid_from: date
    changed: tuple[str, ...]


@dataclass(frozen=True)
class ApprovalItemVersionSet(Event):
    """An approval item is known, or has a new version from a day on; `changed` names the fields."""

    KIND: ClassVar[str] = "approval_item.version_set"
    SUBJECT: ClassVar[str] = "approval_item"

    code: str
    number: int
    valid_from: date
    changed: tuple[str, ...]


@dataclass(frozen=True)
class ApprovalItemEnded(Event):
    """From a day on nothing calls for an approval item any more."""

    KIND: ClassVar[str] = "approval_item.ended"
    SUBJECT: ClassVar[str] = "approval_item"

    code: str
    number: int
    valid_from: date


@dataclass(frozen=True)
class KindVersionInForce(Event):
    """A kind of qualification is known, or has a new version; `changed` names the fields."""

    KIND: ClassVar[str] = "qualification_kind.version_in_force"
    SUBJECT: ClassVar[str] = "qualification_kind"

    code: str
    number: int
    valid_from: date
    changed: tuple[str, ...]


@dataclass(frozen=True)
class KindEnded(Event):
    """A kind of qualification is offered no more."""

    KIND: ClassVar[str] = "qualification_kind.ended"
    SUBJECT: ClassVar[str] = "qualification_kind"

    code: str
    number: int
    valid_from: date


@dataclass(frozen=True)
class RulebookEntryAdded(Event):
    """A rule has a value from a day on."""

    KIND: ClassVar[str] = "rulebook.entry_added"
    SUBJECT: ClassVar[str] = "rulebook_entry"

    key: str
    valid_from: date


@dataclass(frozen=True)
class CalendarImported(Event):
    """A year's days were imported. Only days to come were changed; these are they.

    `past_days_kept` counts the days of the file that were already past and stayed as counted.
    Whoever stores due dates listens, recomputes those still open and records what moved.
    """

    KIND: ClassVar[str] = "calendar.imported"
    SUBJECT: ClassVar[str] = "calendar_year"

    year: int
    added: tuple[date, ...]
    removed: tuple[date, ...]
    changed: tuple[date, ...]
    past_days_kept: int


@dataclass(frozen=True)
class SynonymPut(Event):
    """A search synonym was added or changed."""

    KIND: ClassVar[str] = "synonym.put"
    SUBJECT: ClassVar[str] = "synonym"


@dataclass(frozen=True)
class SynonymRemoved(Event):
    """A search synonym was taken away."""

    KIND: ClassVar[str] = "synonym.removed"
    SUBJECT: ClassVar[str] = "synonym"
