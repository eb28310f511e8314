"""Shipped regions, rules, calendar years and synonyms."""

from datetime import date

from marketplace.catalogue.models import (
    CalendarDay,
    CalendarYear,
    Region,
    RulebookEntry,
    Synonym,
)
from marketplace.catalogue.services.shipped import add_all, known, read_csv, read_yaml, words
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.workdays import YearStatus


def _seed_regions(uow: UnitOfWork) -> int:
    there, english = known(uow, Region.code), words()["regions"]
    return add_all(
        uow,
        (
            Region(
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
    there = known(uow, RulebookEntry.key)
    return add_all(
        uow,
        (
            RulebookEntry(
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
    there, added = known(uow, CalendarYear.year), 0
    for status, years in ((YearStatus.ANNOUNCED, announced), (YearStatus.STATUTORY, statutory)):
        for year, rows in years.items():
            if year in there:
                continue
            parent = uow.add(CalendarYear(year=year, status=status, imported_at=uow.now))
            added += 1 + add_all(uow, (_calendar_day(parent.id, row) for row in rows))
    return added


def _by_year(rows: list[dict[str, str]]) -> dict[int, list[dict[str, str]]]:
    years: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        years.setdefault(int(row["date"][:4]), []).append(row)
    return years


def _calendar_day(year_id: int, row: dict[str, str]) -> CalendarDay:
    return CalendarDay(
        year_id=year_id,
        day=date.fromisoformat(row["date"]),
        is_workday=row.get("is_workday") == "1",
        kind=row.get("kind", "statutory_holiday"),
        name=row["name"],
    )


def _seed_synonyms(uow: UnitOfWork) -> int:
    if known(uow, Synonym.term):
        return 0  # what an operator took away stays away
    shipped = read_yaml("synonyms.yaml").items()
    return add_all(uow, (Synonym(term=str(term), meanings=list(m)) for term, m in shipped))


REFERENCE_SEEDS = (_seed_regions, _seed_rulebook, _seed_calendar, _seed_synonyms)
