"""Items with their dated versions, approval items and stages; how many offer one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Subquery, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.catalogue import models
from marketplace.catalogue.queries import rows
from marketplace.catalogue.queries.reference import snapshot
from marketplace.catalogue.rules.items import MOST_AGREED_DAYS, ItemKind, Requirements
from marketplace.catalogue.rules.reference import Part
from marketplace.infra.rows import LATER, row_of, through
from marketplace.kernel.errors import NotFound
from marketplace.kernel.workdays import Limit, LimitUnit

_DEPARTMENT = row_of(rows.DepartmentNameRow, models.DepartmentName)
_STAGE = row_of(rows.StageRow, models.Stage, lead=LATER)
_LIST = row_of(rows.ItemListRow, models.ItemList)
_APPROVAL = row_of(
    rows.ApprovalRow,
    models.ApprovalItemVersion,
    stage=LATER,
    departments=LATER,
    named_in_plan=LATER,
)
_ITEM = row_of(
    rows.ItemRow,
    models.ItemVersion,
    id=models.ItemVersion.item_id,
    code=LATER,
    stage=LATER,
    item_list=LATER,
    version_id=models.ItemVersion.id,
    version_number=models.ItemVersion.number,
    limit=LATER,
    variants=LATER,
    legal_basis=LATER,
    departments_2018=LATER,
    departments_now=LATER,
    approvals=LATER,
    prepares=LATER,
    papers_owed=LATER,
    checks=LATER,
    requirements=LATER,
)


@dataclass(frozen=True)
class _Items:
    stages: tuple[rows.StageRow, ...]
    approvals: tuple[rows.ApprovalItemRow, ...]
    item_list: rows.ItemListRow
    versions: tuple[rows.ItemRow, ...] = field(repr=False)


def items(session: Session, on: date | None = None) -> tuple[rows.ItemRow, ...]:
    """The listed items in their order, as they hold now, or as they held on a day."""
    return tuple(row for row in _whole(session, on) if not row.of_market)


def market_services(session: Session, on: date | None = None) -> tuple[rows.ItemRow, ...]:
    """The services beside the listed items that are offered now, or were on a day."""
    return tuple(row for row in _whole(session, on) if row.of_market and not row.ended)


def by_code(session: Session, on: date | None = None) -> dict[str, rows.ItemRow]:
    """The listed items, then all market services, offered still or not, as records name them."""
    return {row.code: row for row in _whole(session, on)}


def _whole(session: Session, on: date | None) -> tuple[rows.ItemRow, ...]:
    versions = _items(session).versions
    if on is None:
        return tuple(row for row in versions if row.valid_to is None)
    return tuple(
        row
        for row in versions
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    )


def find_item(session: Session, code: str, on: date | None = None) -> rows.ItemRow | None:
    """The item or service of a code, or None."""
    return by_code(session, on).get(code)


def item(session: Session, code: str, on: date | None = None) -> rows.ItemRow:
    """The item or service of a code; raises `NotFound`."""
    row = find_item(session, code, on)
    if row is None:
        raise NotFound
    return row


def item_version(session: Session, version_id: int) -> rows.ItemRow:
    """The item as a version had it, in force or not; raises `NotFound`."""
    for row in _items(session).versions:
        if row.version_id == version_id:
            return row
    raise NotFound


@dataclass(frozen=True)
class VersionName:
    """What an item is called in one of its versions, as expressions."""

    name: ColumnElement[str]
    name_en: ColumnElement[str]


def version_name(key: Any) -> VersionName:
    """The name in the version of an item that a column of another table points to."""
    return VersionName(
        through(key, models.ItemVersion.name), through(key, models.ItemVersion.name_en)
    )


def linked_approvals(on: ColumnElement[date]) -> Subquery:
    """Which approval items call for which listed item on a day: `item_code`, `approval_code`."""
    version, linked = models.ItemVersion, models.item_version_approval
    called = models.ApprovalItemVersion
    return (
        select(models.Item.code.label("item_code"), models.ApprovalItem.code.label("approval_code"))
        .join(version, version.item_id == models.Item.id)
        .join(linked, linked.c.item_version_id == version.id)
        .join(models.ApprovalItem, models.ApprovalItem.id == linked.c.approval_item_id)
        .join(called, called.code == models.ApprovalItem.code)
        .where(models.Item.kind == ItemKind.LISTED, called.ended.is_(False))
        .where(*(_in_force(one, on) for one in (version, called)))
        .subquery("linked_approval")
    )


def _in_force(
    version: type[models.ItemVersion] | type[models.ApprovalItemVersion], on: ColumnElement[date]
) -> ColumnElement[bool]:
    return and_(version.valid_from <= on, or_(version.valid_to.is_(None), version.valid_to > on))


def item_list(session: Session) -> rows.ItemListRow:
    """The list the items come from, with the label to show."""
    return _items(session).item_list


def stages(session: Session) -> tuple[rows.StageRow, ...]:
    """The stages in their order."""
    return _items(session).stages


def approval_items(session: Session) -> tuple[rows.ApprovalItemRow, ...]:
    """All approval items in the order of their codes, those that have ended too."""
    return _items(session).approvals


def approval_item(session: Session, code: str) -> rows.ApprovalItemRow:
    """The approval item of a code; raises `NotFound`."""
    for row in approval_items(session):
        if row.code == code:
            return row
    raise NotFound


def department_names(session: Session) -> tuple[rows.DepartmentNameRow, ...]:
    """The departments of 2018 with their present names."""
    return _DEPARTMENT.all(session, _DEPARTMENT.query().order_by(models.DepartmentName.id))


def _items(session: Session) -> _Items:
    return snapshot(session, Part.ITEMS, "items", _load)


def _load(session: Session) -> _Items:
    stage_rows = {
        row.id: _STAGE.of(row, lead=tuple(row.lead))
        for row in session.scalars(select(models.Stage).order_by(models.Stage.position))
    }
    approval_rows = _load_approvals(session, stage_rows)
    versions = session.scalars(
        select(models.ItemVersion)
        .join(models.ItemVersion.item)
        .options(
            joinedload(models.ItemVersion.item).joinedload(models.Item.item_list),
            selectinload(models.ItemVersion.approvals).load_only(models.ApprovalItem.id),
        )
        .order_by(models.Item.kind, models.Item.position, models.ItemVersion.number)
    )
    shown = session.scalars(select(models.ItemList).order_by(models.ItemList.id.desc())).first()
    return _Items(
        stages=tuple(stage_rows.values()),
        approvals=tuple(approval_rows.values()),
        item_list=_LIST.of(shown) if shown else rows.ItemListRow("substitute", "", "", ""),
        versions=tuple(
            _item_row(
                row,
                stage_rows[row.item.stage_id],
                tuple(approval_rows[approval.id] for approval in row.approvals),
            )
            for row in versions
        ),
    )


def _load_approvals(
    session: Session, stages: Mapping[int, rows.StageRow]
) -> dict[int, rows.ApprovalItemRow]:
    version = models.ApprovalItemVersion
    query = select(version).options(joinedload(version.item))
    found: dict[int, list[rows.ApprovalRow]] = {}
    for row in session.scalars(query.order_by(version.code, version.number)):
        read = _APPROVAL.of(
            row,
            stage=stages[row.stage_id],
            departments=tuple(row.departments),
            named_in_plan=row.item.named_in_plan,
        )
        found.setdefault(row.item.id, []).append(read)
    return {
        key: rows.ApprovalItemRow(key, versions[0].code, tuple(versions))
        for key, versions in found.items()
    }


def _item_row(
    row: models.ItemVersion, stage: rows.StageRow, approvals: tuple[rows.ApprovalItemRow, ...]
) -> rows.ItemRow:
    unit = LimitUnit(row.limit_unit)
    return _ITEM.of(
        row,
        id=row.item_id,
        code=row.item.code,
        stage=stage,
        item_list=_LIST.of(row.item.item_list) if row.item.item_list else None,
        version_id=row.id,
        version_number=row.number,
        limit=Limit(row.limit_value or MOST_AGREED_DAYS, unit),
        variants=tuple(
            rows.Variant(one["name"], one["name"], one["name_en"], Limit(one["value"], unit))
            for one in row.variants
        ),
        legal_basis=tuple(rows.LegalBasis(one["law"], one["article"]) for one in row.legal_basis),
        departments_2018=tuple(row.departments_2018),
        departments_now=tuple(row.departments_now),
        approvals=approvals,
        prepares=tuple(row.prepares),
        papers_owed=rows.terms(row.papers_owed),
        checks=rows.terms(row.checks),
        requirements=Requirements.from_data(row.requirements),
    )


# How many admitted institutions offer the item of a code.
CountsOffers: TypeAlias = Callable[[Session, str], int]


COUNTERS: dict[str, CountsOffers] = {}


def offers_of(session: Session, item_code: str) -> int | None:
    """How many institutions offer the item; None while nobody can say."""
    counter = next(iter(COUNTERS.values()), None)
    return None if counter is None else counter(session, item_code)
