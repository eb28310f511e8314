"""Columns that hold a member of a list of words."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum


def words(members: type[StrEnum]) -> Enum:
    """A column of the members' values as text; what is allowed is a constraint of the table."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda chosen: [member.value for member in chosen],
    )


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The constraint that keeps a column to the members."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
