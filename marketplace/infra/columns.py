"""Columns that hold a member of an enumeration, and the conditions on them."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, Index, text


def words(members: type[StrEnum], *, length: int = 20) -> Enum:
    """A column of the members' values as text; what is allowed is a constraint of the table."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda chosen: [member.value for member in chosen],
    )


def listed(values: Iterable[str]) -> str:
    """The values as SQL writes them in a list."""
    return ", ".join(f"'{value}'" for value in values)


def among(column: str, values: Iterable[str]) -> str:
    """The condition that a column holds one of these values."""
    return f"{column} in ({listed(values)})"


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Keeps a column to these values."""
    return CheckConstraint(f"{column} IN ({listed(values)})", name=f"{column}_known")


def only_where(name: str, *columns: str, condition: str) -> Index:
    """A partial unique index: at most one row for each value of the columns where it holds."""
    where = text(condition)
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)
