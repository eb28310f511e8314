"""Columns that hold a member of an enumeration, and the conditions on them."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Dialect,
    Enum,
    Index,
    String,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator


def words(members: type[StrEnum], *, length: int = 20) -> Enum:
    """A column of the members' values as text; what is allowed is a constraint of the table."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda chosen: [member.value for member in chosen],
    )


class MaybeWord(TypeDecorator[Any]):
    """A member of an enumeration, or None, which the table keeps as an empty text."""

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum], length: int = 20) -> None:
        super().__init__(length)
        self.members = members

    @property
    def python_type(self) -> type[StrEnum]:
        """The enumeration."""
        return self.members

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str:
        """Nothing is kept as an empty text."""
        return "" if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        """An empty text is nothing."""
        return self.members(value) if value else None


class ManyWords(TypeDecorator[Any]):
    """Some members of an enumeration in their order, which the table keeps as a list of texts."""

    impl = JSON
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    @property
    def python_type(self) -> type[Any]:
        """They are read as a tuple."""
        return tuple

    def process_bind_param(self, value: Iterable[str] | None, _dialect: Dialect) -> list[str]:
        """The texts of the members."""
        return [str(one) for one in value or ()]

    def process_result_value(
        self, value: list[str] | None, _dialect: Dialect
    ) -> tuple[StrEnum, ...]:
        """The members of the texts."""
        return tuple(self.members(one) for one in value or ())


class Gathered(TypeDecorator[Any]):
    """The set of members or keys that several rows hold, read as one text; see `rows.gathered`."""

    impl = String
    cache_ok = True
    BETWEEN = ","

    def __init__(self, members: type[StrEnum] | type[int]) -> None:
        super().__init__()
        self.members = members

    @property
    def python_type(self) -> type[Any]:
        """They are read as a set."""
        return frozenset

    def process_result_value(self, value: str | None, _dialect: Dialect) -> frozenset[Any]:
        """The members named in the text."""
        return frozenset(map(self.members, value.split(self.BETWEEN) if value else ()))


def in_order(members: Collection[StrEnum]) -> list[StrEnum]:
    """Some members of an enumeration in the order in which it names them."""
    kinds = {type(member) for member in members}
    return [member for kind in kinds for member in kind if member in members]


def listed(values: Iterable[str]) -> str:
    """The values as SQL writes them in a list."""
    return ", ".join(f"'{value}'" for value in values)


def among(column: str, values: Iterable[str]) -> str:
    """The condition that a column holds one of these values."""
    return f"{column} in ({listed(values)})"


def outside(column: str, values: Iterable[str]) -> str:
    """The condition that a column holds none of these values."""
    return f"{column} not in ({listed(values)})"


def known(column: str, members: type[StrEnum]) -> str:
    """As `among` for all members, written closely as the tables of the first release are."""
    return f"{column} in ({','.join(repr(str(one)) for one in members)})"


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Keeps a column to these values."""
    return CheckConstraint(f"{column} IN ({listed(values)})", name=f"{column}_known")


def spelled(value: str) -> ColumnElement[Any]:
    """A value of our own written out in the statement: for the condition of a partial index.

    A planner that sees a parameter there cannot know that the index holds what is asked for.
    """
    return literal_column(f"'{value}'")


def index_where(name: str, *columns: str, condition: str) -> Index:
    """A partial index: of the rows where it holds."""
    return _where(name, columns, condition, unique=False)


def only_where(name: str, *columns: str, condition: str) -> Index:
    """A partial unique index: at most one row for each value of the columns where it holds."""
    return _where(name, columns, condition, unique=True)


def _where(name: str, columns: Collection[str], condition: str, *, unique: bool) -> Index:
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
