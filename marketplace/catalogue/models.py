"""Stages, approval items, service items in versions; regions, rulebook, calendar, synonyms."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.rules.items import OPEN_TO, ItemKind, OpenTo
from marketplace.infra.columns import known, listed, one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.kernel.workdays import YearStatus


class Stage(Base):
    """One of the five stages of an investment project."""

    __tablename__ = "stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(80))
    lead: Mapped[list[str]] = mapped_column(JSON)


class ApprovalItem(Base):
    """A matter that an approval department decides; all about it is in its dated versions.

    The code is the one by which the approval platform names it.
    """

    __tablename__ = "approval_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    named_in_plan: Mapped[bool]


class ApprovalItemVersion(Base):
    """What holds for an approval item from `valid_from` until before `valid_to` (None: no end).

    The last one may begin on a day to come. While one that has `ended` is in force, nothing calls
    for the item.
    """

    __tablename__ = "approval_item_version"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        only_where("uq_approval_item_version_last", "code", condition="valid_to IS NULL"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("applies_to in ('all_projects','special')", name="applies_to_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("approval_item.code"))
    number: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200), default="")
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(200))
    applies_to: Mapped[str] = mapped_column(String(20))
    departments: Mapped[list[str]] = mapped_column(JSON)
    statutory_limit: Mapped[str] = mapped_column(String(200), default="")
    statutory_limit_en: Mapped[str] = mapped_column(String(200), default="")
    law: Mapped[str] = mapped_column(String(200), default="")
    condition: Mapped[str] = mapped_column(String(200), default="")
    condition_en: Mapped[str] = mapped_column(String(200), default="")

    stage: Mapped[Stage] = relationship()
    item: Mapped[ApprovalItem] = relationship()


class DepartmentName(Base):
    """What an approval department was called in 2018 and is called now."""

    __tablename__ = "department_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_2018: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80))


class ItemList(Base):
    """Where the items come from: the official list, or one that stands in for it."""

    __tablename__ = "item_list"
    __table_args__ = (CheckConstraint("status in ('substitute','official')", name="status_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    plan: Mapped[str] = mapped_column(String(200), default="")


class Item(Base):
    """A service item, listed or of the market; everything about it is in its dated versions.

    A market service stands in no list.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("id", "kind"),
        one_of("kind", ItemKind),
        CheckConstraint("(kind = 'market') = (item_list_id IS NULL)", name="services_are_unlisted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind, length=8), default=ItemKind.LISTED)
    position: Mapped[int]
    item_list_id: Mapped[int | None] = mapped_column(ForeignKey("item_list.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)

    item_list: Mapped[ItemList | None] = relationship()
    stage: Mapped[Stage] = relationship()


item_version_approval = Table(
    "item_version_approval",
    Base.metadata,
    Column("item_version_id", ForeignKey("item_version.id"), primary_key=True),
    Column("approval_item_id", ForeignKey("approval_item.id"), primary_key=True),
)


class ItemVersion(Base):
    """What holds for an item from `valid_from` until before `valid_to` (None: in force).

    `payer_basis` is the rule by which whoever commissions it pays: for departments alone, why an
    enterprise may not be charged; else why an enterprise may. `payer_document` is the number of
    the document by which the operator changed that. A market service has no limit of its own, and
    `prepares` names the listed items whose object it produces. `papers_owed` is what the client
    hands over first, `checks` what a result is checked for, each line as `[Chinese, English]`.
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        # What is commissioned under a version points to who may commission it, too.
        UniqueConstraint("id", "open_to"),
        CheckConstraint("payer_basis <> ''", name="payer_has_basis"),
        only_where("uq_item_version_in_force", "item_id", condition="valid_to IS NULL"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        ForeignKeyConstraint(["item_id", "kind"], ["item.id", "item.kind"]),
        CheckConstraint("limit_value > 0", name="limit_positive"),
        CheckConstraint("(kind = 'market') = (limit_value IS NULL)", name="services_as_agreed"),
        CheckConstraint(
            " OR ".join(
                f"(kind = '{kind}' AND open_to IN ({listed(ways)}))"
                for kind, ways in OPEN_TO.items()
            ),
            name="open_to_fits_kind",
        ),
        CheckConstraint("limit_unit in ('workdays','days')", name="limit_unit_known"),
        CheckConstraint(known("open_to", OpenTo), name="open_to_known"),
        CheckConstraint(
            "limit_basis in ('law','ministry_rule','other_region_example','assumption')",
            name="limit_basis_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind, length=8))
    number: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(200))
    limit_value: Mapped[int | None]
    limit_unit: Mapped[str] = mapped_column(String(10))
    limit_basis: Mapped[str] = mapped_column(String(24))
    variants: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    legal_basis: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    service_content: Mapped[str] = mapped_column(Text)
    service_content_en: Mapped[str] = mapped_column(Text, default="")
    provider_qualification: Mapped[str] = mapped_column(Text)
    provider_qualification_en: Mapped[str] = mapped_column(Text, default="")
    conflict_rule: Mapped[str] = mapped_column(Text)
    conflict_rule_en: Mapped[str] = mapped_column(Text, default="")
    open_to: Mapped[OpenTo] = mapped_column(words(OpenTo, length=12))
    payer_basis: Mapped[str] = mapped_column(Text)
    payer_basis_en: Mapped[str] = mapped_column(Text, default="")
    payer_document: Mapped[str] = mapped_column(String(120), default="")
    commissioned_by_plan: Mapped[str] = mapped_column(String(12))
    departments_2018: Mapped[list[str]] = mapped_column(JSON)
    departments_now: Mapped[list[str]] = mapped_column(JSON)
    prepares: Mapped[list[str]] = mapped_column(JSON, default=list)
    papers_owed: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    checks: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    requirements: Mapped[dict[str, Any]] = mapped_column(JSON)

    item: Mapped[Item] = relationship()
    approvals: Mapped[list[ApprovalItem]] = relationship(
        secondary=item_version_approval, order_by=ApprovalItem.code
    )


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
    """A kind of qualification; everything about it is in its dated versions."""

    __tablename__ = "qualification_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int]


class QualificationKindVersion(Base):
    """What holds for a kind from `valid_from` until before `valid_to` (None: in force).

    Levels are listed highest first, each as `[name, English]`. One that has `ended` is asked for
    and held by nobody.
    """

    __tablename__ = "qualification_kind_version"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        only_where("uq_qualification_kind_version_in_force", "code", condition="valid_to IS NULL"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("qualification_kind.code"))
    number: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(100))
    levels: Mapped[list[list[str]]] = mapped_column(JSON)
    specialties: Mapped[list[list[str]]] = mapped_column(JSON)

    kind: Mapped[QualificationKind] = relationship()


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
    status: Mapped[YearStatus] = mapped_column(words(YearStatus, length=12))
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
