"""The shipped catalogue: added where it is missing, never overwriting what was changed since."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.catalogue import models, policy
from marketplace.catalogue.events import CatalogueSeeded
from marketplace.catalogue.rules.items import ItemKind
from marketplace.catalogue.rules.reference import Part
from marketplace.catalogue.services.editing import hold, renew
from marketplace.catalogue.services.following import follow_payers, follow_work_lists
from marketplace.catalogue.services.shipped import (
    digest,
    read_csv,
    read_yaml,
    shipped_payer,
    words,
    work_lists,
)
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.workdays import YearStatus

Key = TypeVar("Key")


def known(uow: UnitOfWork, column: InstrumentedAttribute[Key]) -> set[Key]:
    """The values of a column that are there already."""
    return set(uow.session.scalars(select(column)))


def add_all(uow: UnitOfWork, rows: Iterable[Any]) -> int:
    """Add the rows and return how many they are."""
    found = list(rows)
    uow.session.add_all(found)
    uow.session.flush()
    return len(found)


def _seed_regions(uow: UnitOfWork) -> int:
    there, english = known(uow, models.Region.code), words()["regions"]
    return add_all(
        uow,
        (
            models.Region(
                code=row["code"],
                name=row["name"],
                name_en=english[row["code"]],
                level=row["level"],
                parent_code=row["parent_code"],
                is_current=not row["replaced_by"],
                successor_code=row["replaced_by"],
            )
            for row in read_csv("regions.csv")
            if row["code"] not in there
        ),
    )


def _seed_rulebook(uow: UnitOfWork) -> int:
    there = known(uow, models.RulebookEntry.key)
    return add_all(
        uow,
        (
            models.RulebookEntry(
                key=row["key"],
                value=row["value"],
                unit=row["unit"],
                valid_from=row["from"],
                source=row["source"],
                note=row.get("note", ""),
                added_at=uow.now,
            )
            for row in read_yaml("rulebook.yaml")
            if row["key"] not in there
        ),
    )


def _seed_calendar(uow: UnitOfWork) -> int:
    announced = _by_year(read_csv("holidays_cn_2018_2026.csv"))
    statutory = _by_year(read_csv("holidays_statutory_2027.csv"))
    there, added = known(uow, models.CalendarYear.year), 0
    for status, years in ((YearStatus.ANNOUNCED, announced), (YearStatus.STATUTORY, statutory)):
        for year, rows in years.items():
            if year in there:
                continue
            parent = uow.add(models.CalendarYear(year=year, status=status, imported_at=uow.now))
            added += 1 + add_all(uow, (_calendar_day(parent.id, row) for row in rows))
    return added


def _by_year(rows: list[dict[str, str]]) -> dict[int, list[dict[str, str]]]:
    years: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        years.setdefault(int(row["date"][:4]), []).append(row)
    return years


def _calendar_day(year_id: int, row: dict[str, str]) -> models.CalendarDay:
    return models.CalendarDay(
        year_id=year_id,
        day=date.fromisoformat(row["date"]),
        is_workday=row.get("is_workday") == "1",
        kind=row.get("kind", "statutory_holiday"),
        name=row["name"],
    )


def _seed_synonyms(uow: UnitOfWork) -> int:
    if known(uow, models.Synonym.term):
        return 0  # what an operator took away stays away
    shipped = read_yaml("synonyms.yaml").items()
    return add_all(uow, (models.Synonym(term=str(term), meanings=list(m)) for term, m in shipped))


REFERENCE_SEEDS = (_seed_regions, _seed_rulebook, _seed_calendar, _seed_synonyms)

# The plan took effect in June 2018; the shipped versions hold from then on.
SHIPPED_FROM = date(2018, 6, 1)

_SEEDED = "seeded"


def seed_catalogue(uow: UnitOfWork) -> int:
    """Add the shipped rows that are missing and return how many; cheap when none is.

    Rows that exist, changed by an administrator or not, stay as they are.
    """
    stamps = [hold(uow, part) for part in Part]
    policy.may_edit_catalogue(uow.actor).require()
    if _already_seeded(uow):
        return 0
    added = sum(seed(uow) for seed in (*_SEEDS, *REFERENCE_SEEDS))
    if added:
        for stamp in stamps:
            renew(stamp)
        uow.record(CatalogueSeeded(_shown_list(uow).id, added))
    return added


def _already_seeded(uow: UnitOfWork) -> bool:
    """Compare the files with those seeded last, and note that they are being seeded."""
    token = digest()
    stamp = uow.session.get(models.CatalogueStamp, _SEEDED)
    if stamp is not None and stamp.token == token:
        return True
    uow.session.merge(models.CatalogueStamp(part=_SEEDED, token=token))
    return False


def _shown_list(uow: UnitOfWork) -> models.ItemList:
    row = uow.session.scalars(select(models.ItemList).order_by(models.ItemList.id.desc())).first()
    if row is not None:
        return row
    meta = read_yaml("items.yaml")["meta"]
    return uow.add(
        models.ItemList(
            status=meta["status"],
            name=meta["label_zh"],
            name_en=meta["label_en"],
            plan=meta["plan"],
        )
    )


def _seed_stages(uow: UnitOfWork) -> int:
    there = known(uow, models.Stage.code)
    data = read_yaml("approval_items.yaml")
    return add_all(
        uow,
        (
            models.Stage(
                code=row["id"],
                position=row["order"],
                name=row["name"],
                name_en=row["name_en"],
                lead=row["lead"],
            )
            for row in data["stages"]
            if row["id"] not in there
        ),
    )


def _seed_departments(uow: UnitOfWork) -> int:
    there, english = known(uow, models.DepartmentName.name_2018), words()["departments"]
    data = read_yaml("approval_items.yaml")
    return add_all(
        uow,
        (
            models.DepartmentName(
                name_2018=row["name_2018"], name=row["name_now"], name_en=english[row["name_now"]]
            )
            for row in data["departments"]
            if row["name_2018"] not in there
        ),
    )


def _seed_approval_items(uow: UnitOfWork) -> int:
    there, english = known(uow, models.ApprovalItem.code), words()
    stages = {row.code: row.id for row in uow.session.scalars(select(models.Stage))}
    data = read_yaml("approval_items.yaml")
    return add_all(
        uow,
        (
            models.ApprovalItemVersion(
                item=models.ApprovalItem(code=row["id"], named_in_plan=row["named_in_plan"]),
                number=1,
                valid_from=SHIPPED_FROM,
                ended=False,
                stage_id=stages[row["stage"]],
                name=row["name"],
                name_en=english["approval_items"][row["id"]],
                applies_to=row["class"],
                departments=row["departments"],
                statutory_limit=row["statutory_limit"],
                statutory_limit_en=english["approval_limits"].get(row["id"], ""),
                law=row["law"],
                condition=row["condition"],
                condition_en=english["approval_conditions"].get(row["id"], ""),
            )
            for row in data["approval_items"]
            if row["id"] not in there
        ),
    )


def _seed_kinds(uow: UnitOfWork) -> int:
    there, english = known(uow, models.QualificationKind.code), words()
    return add_all(
        uow,
        (
            models.QualificationKindVersion(
                kind=models.QualificationKind(code=row["id"], position=position),
                number=1,
                valid_from=SHIPPED_FROM,
                ended=False,
                name=row["name"],
                name_en=row["name_en"],
                levels=[[one, english["levels"][one]] for one in row["levels"]],
                specialties=[[one, english["specialties"][one]] for one in row["specialties"]],
            )
            for position, row in enumerate(read_yaml("items.yaml")["qualification_kinds"], 1)
            if row["id"] not in there
        ),
    )


def _seed_items(uow: UnitOfWork) -> int:
    there = known(uow, models.Item.code)
    missing = [
        (kind, row)
        for kind, file, part in (
            (ItemKind.LISTED, "items.yaml", "items"),
            (ItemKind.MARKET, "market_services.yaml", "services"),
        )
        for row in read_yaml(file)[part]
        if row["id"] not in there
    ]
    if not missing:
        return 0
    shown = _shown_list(uow)
    stages = {row.name: row.id for row in uow.session.scalars(select(models.Stage))}
    approvals = {row.code: row for row in uow.session.scalars(select(models.ApprovalItem))}
    for position, (kind, row) in enumerate(missing, len(there) + 1):
        item = models.Item(
            code=row["id"],
            kind=kind,
            position=position,
            item_list_id=shown.id if kind is ItemKind.LISTED else None,
            stage_id=stages[row["stage"]],
        )
        linked = [approvals[code] for code in row["linked_approval_ids"]]
        uow.session.add(models.ItemVersion(item=item, approvals=linked, **_shipped_facts(row)))
    uow.session.flush()
    return 2 * len(missing)


def _shipped_facts(row: dict[str, Any]) -> dict[str, Any]:
    limit, english = row.get("limit", _AS_AGREED), words()["items"][row["id"]]
    return (
        {
            "number": 1,
            "valid_from": SHIPPED_FROM,
            "limit_value": limit["value"],
            "limit_unit": limit["unit"],
            "limit_basis": limit["basis"],
            "variants": [
                {
                    "name": one["class"],
                    "name_en": words()["variants"][one["class"]],
                    "value": one["value"],
                }
                for one in limit.get("variants", ())
            ],
            "prepares": row.get("prepares", []),
            "service_content_en": english["service_content"],
            "provider_qualification_en": english["provider_qualification"],
            "conflict_rule_en": english.get("conflict_rule", words()["default_conflict_rule_en"]),
        }
        | {name: row[name] for name in _COPIED}
        | shipped_payer(row)
        | work_lists()[row["id"]]
    )


# What market services have instead of a limit: they agree on working days.
_AS_AGREED = {"value": None, "unit": "workdays", "basis": "assumption"}

_COPIED = (
    "name",
    "name_en",
    "legal_basis",
    "service_content",
    "provider_qualification",
    "conflict_rule",
    "commissioned_by_plan",
    "departments_2018",
    "departments_now",
    "requirements",
)


_SEEDS: tuple[Callable[[UnitOfWork], int], ...] = (
    _seed_stages,
    _seed_departments,
    _seed_approval_items,
    _seed_kinds,
    _seed_items,
    follow_payers,
    follow_work_lists,
)
