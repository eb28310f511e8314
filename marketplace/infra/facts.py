"""The facts of a record that people see, each said once: its name, how it is asked, who sees it.

A feature's `facts.py` holds the table; forms, pages, the public interface and workbooks are read
from it by `web/stating.py`, checks by the services. `look` is what the macro of a field is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeAlias

from flask_babel import LazyString

Look: TypeAlias = Mapping[str, object]


class Plain:
    """A field that looks as all of its kind do."""

    @property
    def look(self) -> Look:
        """Nothing of its own."""
        return {}


@dataclass(frozen=True)
class Line:
    """One line of text; `width` is that of its field on the page: s, m, l or full."""

    most: int = 200
    width: str = "l"
    autocomplete: str = "off"
    spelled: bool = True

    @property
    def look(self) -> Look:
        """Its width, whether the browser may offer what it knows and checks the spelling."""
        look = {"width": self.width, "autocomplete": self.autocomplete}
        return look if self.spelled else {**look, "spellcheck": "false"}


@dataclass(frozen=True)
class Paragraph:
    """Text of several lines."""

    most: int = 1000
    rows: int = 8

    @property
    def look(self) -> Look:
        """So many lines, with a count of what is left."""
        return {"rows": self.rows, "count": self.most}


@dataclass(frozen=True)
class Telephone:
    """A landline, which may be shown, or a person's mobile."""

    landline: bool = False
    most: int = 30

    @property
    def look(self) -> Look:
        """A keypad; one's own mobile may be offered."""
        offered = "off" if self.landline else "tel"
        return {"width": "m", "type": "tel", "inputmode": "tel", "autocomplete": offered}


@dataclass(frozen=True)
class Pick(Plain):
    """One of several answers: of an enumeration, or of the choices that go by the name `source`."""

    source: str
    members: type[StrEnum] | None = None


@dataclass(frozen=True)
class IdNumber:
    """A person's identity number: rows know its last four only, as `<name>_masked`.

    It is never written back into a form; left empty it stays as it was.
    """

    most: int = 30

    @property
    def look(self) -> Look:
        """As long as such a number."""
        return {"width": "m", "autocomplete": "off", "spellcheck": "false"}


@dataclass(frozen=True)
class Day(Plain):
    """A day, which cannot lie ahead where it is `past`; `never` says that there is none."""

    past: bool = False
    never: LazyString | None = None


@dataclass(frozen=True)
class Money(Plain):
    """An amount, in fen."""


@dataclass(frozen=True)
class Count:
    """A whole number."""

    @property
    def look(self) -> Look:
        """A keypad."""
        return {"width": "s", "inputmode": "numeric", "autocomplete": "off"}


@dataclass(frozen=True)
class Share:
    """A part of the whole, in millionths, written as a percentage."""

    @property
    def look(self) -> Look:
        """A keypad."""
        return {"width": "s", "suffix": "%", "inputmode": "decimal", "autocomplete": "off"}


Field: TypeAlias = Line | Paragraph | Telephone | IdNumber | Pick | Day | Money | Count | Share


@dataclass(frozen=True)
class Fact:
    """One fact, kept in the column of its name; without a field it is not asked for here.

    `needed` is said where it is missing; a fact without it may stay empty. A `vetted` one stands on
    the page of a case, a `public` one on the public page. A `personal` one is kept encrypted and is
    never public. `api` is its name in the public interface (`True`: its own), `sheet` the width of
    its column in workbooks.
    """

    name: str
    label: LazyString
    field: Field | None = None
    needed: LazyString | None = None
    hint: LazyString | None = None
    vetted: bool = False
    public: bool = False
    personal: bool = False
    api: bool | str = False
    sheet: int = 0

    def __post_init__(self) -> None:
        if self.personal and self.public:
            raise ValueError(f"{self.name}: what is personal is not public")
        if (self.api or self.sheet) and not self.public:
            raise ValueError(f"{self.name}: the interface and workbooks give what is public only")

    @property
    def shown(self) -> str:
        """The field of a row that shows it."""
        return f"{self.name}_masked" if isinstance(self.field, IdNumber) else self.name

    @property
    def api_name(self) -> str:
        """Its name in the public interface; empty where that does not give it."""
        return self.name if self.api is True else self.api or ""


Facts: TypeAlias = tuple[Fact, ...]


def facts(*rows: Fact) -> Facts:
    """A table of facts in the order in which they are asked for and shown.

    Raises `ValueError` where two have one name.
    """
    names = [row.name for row in rows]
    if len(set(names)) < len(names):
        raise ValueError("two facts have one name")
    return rows


def named(table: Facts) -> Mapping[str, Fact]:
    """The facts by their names."""
    return {fact.name: fact for fact in table}


def public(table: Facts) -> Facts:
    """Those that everybody may see."""
    return tuple(fact for fact in table if fact.public)


def values_of(table: Facts, row: object) -> tuple[object, ...]:
    """What a row says of the facts, so that two versions can be compared."""
    return tuple(getattr(row, fact.shown) for fact in table)


def check_fields(table: Facts, row: type, besides: Iterable[str] = ()) -> None:
    """Hold a row against its table when the module is imported: each has what the other has.

    `besides` are the fields of the row that are no facts. Raises `TypeError`.
    """
    facts_of_row = {one.name for one in fields(row)} - set(besides)
    wrong = facts_of_row ^ {fact.shown for fact in table}
    if wrong:
        raise TypeError(f"{row.__name__} and its facts disagree about {', '.join(sorted(wrong))}")
