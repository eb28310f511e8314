"""Qualification kinds, regions, the rulebook, the calendar, synonyms, and the change stamps."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.database import Base, Public


class CatalogueStamp(Base):
    """A random token per part of the catalogue, renewed with every change to it.

    Each process keeps what it read together with the token and reads again when it moved; a
    token never comes back, so a rolled back change cannot be mistaken for a stored one.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "catalogue_stamp"

    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))


class QualificationKind(Base):
    """A kind of qualification; levels are listed highest first, each as `[name, English]`."""

    __tablename__ = "qualification_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(100))
    levels: Mapped[list[list[str]]] = mapped_column(JSON)
    specialties: Mapped[list[list[str]]] = mapped_column(JSON)


class Region(Base):
    """A region of the province; a replaced one names its successor and stays readable."""

    __tablename__ = "region"
    __table_args__ = (
        CheckConstraint("parent_code <> code", name="not_its_own_parent"),
        CheckConstraint("is_current OR successor_code <> ''", name="replaced_by_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(24))
    parent_code: Mapped[str] = mapped_column(String(8), default="")
    is_current: Mapped[bool]
    successor_code: Mapped[str] = mapped_column(String(8), default="")


class RulebookEntry(Base):
    """One dated value of one rule; entries are added, never changed."""

    __tablename__ = "rulebook_entry"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True))
    unit: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    source: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    added_at: Mapped[datetime]


class CalendarYear(Base):
    """How much is known of a year's holidays, and from which notice."""

    __tablename__ = "calendar_year"
    __table_args__ = (CheckConstraint("status in ('announced','statutory')", name="status_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(String(12))
    notice: Mapped[str] = mapped_column(String(80), default="")
    imported_at: Mapped[datetime]


class CalendarDay(Base):
    """A day that differs from the ordinary week."""

    __tablename__ = "calendar_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("calendar_year.id"), index=True)
    day: Mapped[date] = mapped_column(unique=True)
    is_workday: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(80), default="")


class Synonym(Public, Base):
    """A short or popular term and what it stands for in searches."""

    __tablename__ = "synonym"

    term: Mapped[str] = mapped_column(String(40), unique=True)
    meanings: Mapped[list[str]] = mapped_column(JSON)
