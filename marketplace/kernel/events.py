"""The base of every event: a frozen fact in the past tense about one subject."""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self

_KINDS: dict[str, type["Event"]] = {}


@dataclass(frozen=True)
class Event:
    """A fact about `subject_id` of kind `SUBJECT`.

    Subclasses set `KIND` (`listing.submitted`) and `SUBJECT` (`listing`) and add fields that are
    ids, codes, amounts, dates or flags; never a person's name, number or free text, because
    events are kept for ever and rows can be redacted.
    """

    KIND: ClassVar[str] = ""
    SUBJECT: ClassVar[str] = ""

    subject_id: int

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.KIND in _KINDS:
            raise ValueError(f"{cls.KIND} is the kind of another event")
        if cls.KIND:
            _KINDS[cls.KIND] = cls

    @classmethod
    def of(cls, row: Any, **facts: Any) -> Self:
        """The event about a row: what is not given is read from the row's fields of the same name.

        Raises `AttributeError` for a field that neither gives.
        """
        names = [f.name for f in dataclasses.fields(cls) if f.name not in {"subject_id", *facts}]
        return cls(subject_id=row.id, **{name: getattr(row, name) for name in names}, **facts)

    def payload(self) -> dict[str, Any]:
        """The fields beside the subject as JSON values."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        values.pop("subject_id")
        return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(part) for part in value]
    return value


def known_kinds() -> dict[str, type[Event]]:
    """Every event kind whose class has been imported, by its name."""
    return dict(_KINDS)
