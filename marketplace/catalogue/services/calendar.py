"""Importing the working days of a year, from the text of a CSV file."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO

from sqlalchemy import select

from marketplace.catalogue import policy
from marketplace.catalogue.events import CalendarImported
from marketplace.catalogue.models import CalendarDay, CalendarYear
from marketplace.catalogue.rules.reference import Part
from marketplace.catalogue.services.editing import hold, renew
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.characters import clean, narrow
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date, read_day
from marketplace.kernel.workdays import YearStatus

# Whatever is announced, these days are holidays by the regulation on public holidays.
_ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))

_YES_NO = {"1": True, "0": False, "true": True, "false": False, "是": True, "否": False}
# What the columns may be called, and what may stand between them; spreadsheets write a tab.
_HEADS = {"日期": "date", "是否工作日": "is_workday", "类型": "kind", "名称": "name"}
_SEPARATORS = "\t;，"


@dataclass(frozen=True)
class DayEntry:
    """One special day of a file: whether people work on it, of what kind it is, its occasion."""

    day: date
    is_workday: bool
    kind: str = ""
    name: str = ""


def parse_calendar_year(text: str, year: int) -> tuple[DayEntry, ...]:
    """Read `date,is_workday[,kind][,name]` lines with a header; days off and make-up workdays.

    Taken as spreadsheets write it: tabs, days as 2027/1/1, separators after the last cell. Refuses,
    naming the line, a line that cannot be read and a day outside the year or given twice; refuses
    a file in which a holiday fixed by regulation is missing.
    """
    reader = _table(text)
    entries: dict[date, DayEntry] = {}
    for row in _lines(reader):
        if not any(cell.strip() for cell in row.values() if isinstance(cell, str)):
            continue  # a spreadsheet writes lines that were emptied as separators alone
        entry = _entry(row, reader.line_num)
        if entry.day.year != year:
            raise Refused("catalogue.calendar_other_year", field="file", line=reader.line_num)
        if entry.day in entries:
            raise Refused("catalogue.calendar_day_twice", field="file", line=reader.line_num)
        entries[entry.day] = entry
    _check_complete(entries, year)
    return tuple(entries[day] for day in sorted(entries))


def _lines(reader: "csv.DictReader[str]") -> Iterator[dict[str, str | None]]:
    try:
        yield from reader
    except csv.Error as error:
        raise Refused("catalogue.calendar_line", field="file", line=reader.line_num) from error


def _table(text: str) -> "csv.DictReader[str]":
    text = clean(text)
    first = text.partition("\n")[0]
    separator = next((sign for sign in _SEPARATORS if sign in first), ",")
    reader = csv.DictReader(StringIO(text), delimiter=separator)
    heads = [clean(head).casefold() for head in reader.fieldnames or ()]
    reader.fieldnames = [_HEADS.get(head, head) for head in heads]
    if not {"date", "is_workday"} <= set(reader.fieldnames):
        raise Refused("catalogue.calendar_header", field="file")
    return reader


def _entry(row: dict[str, str | None], line: int) -> DayEntry:
    try:
        day = read_day(row["date"] or "")
        is_workday = _YES_NO[narrow(row["is_workday"] or "").casefold()]
    except (KeyError, ValueError):
        raise Refused("catalogue.calendar_line", field="file", line=line) from None
    kind = "makeup_workday" if is_workday else "holiday_or_bridge"
    return DayEntry(
        day,
        is_workday,
        ((row.get("kind") or "").strip() or kind)[:40],
        (row.get("name") or "").strip()[:80],
    )


def _check_complete(entries: dict[date, DayEntry], year: int) -> None:
    for month, number in _ALWAYS_OFF:
        entry = entries.get(date(year, month, number))
        if entry is None or entry.is_workday:
            raise Refused(
                "catalogue.calendar_incomplete", field="file", day=date(year, month, number)
            )


_LAST_YEAR = 2100


@dataclass(frozen=True)
class _Difference:
    added: tuple[date, ...]
    removed: tuple[date, ...]
    changed: tuple[date, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def import_calendar_year(uow: UnitOfWork, *, year: int, text: str, notice: str) -> int:
    """Put a year's announced holidays and make-up workdays in force; returns the year's id.

    `text` is CSV with the columns `date` and `is_workday` (and optionally `kind`, `name`);
    `notice` is the number of the announcement. Days up to today keep what was counted. Refuses
    a year that is past, a file that cannot be read or is incomplete, a missing notice number,
    and a file that changes nothing. The event names every day that changed.
    """
    stamp = hold(uow, Part.CALENDAR)
    policy.may_edit_catalogue(uow.actor).require()
    today = local_date(uow.now)
    if not today.year <= year <= _LAST_YEAR:
        raise Refused("catalogue.calendar_year", field="year")
    notice = notice.strip()
    if not notice:
        raise Refused("catalogue.calendar_notice", field="notice")
    entries = parse_calendar_year(text, year)
    coming = {entry.day: entry for entry in entries if entry.day > today}
    row = _year_row(uow, year)
    stored = _stored_days(uow, row, today)
    difference = _compare(stored, coming)
    if not difference and row.status == YearStatus.ANNOUNCED:
        raise Refused("catalogue.calendar_unchanged", field="file")
    _replace_days(uow, row, stored, coming)
    row.status, row.notice, row.imported_at = YearStatus.ANNOUNCED, notice, uow.now
    renew(stamp)
    uow.record(
        CalendarImported(
            row.id,
            year,
            difference.added,
            difference.removed,
            difference.changed,
            len(entries) - len(coming),
        )
    )
    return row.id


def _year_row(uow: UnitOfWork, year: int) -> CalendarYear:
    row = uow.session.scalars(select(CalendarYear).where(CalendarYear.year == year)).one_or_none()
    if row is not None:
        return row
    return uow.add(CalendarYear(year=year, status=YearStatus.STATUTORY, imported_at=uow.now))


def _stored_days(uow: UnitOfWork, row: CalendarYear, today: date) -> dict[date, CalendarDay]:
    query = select(CalendarDay).where(CalendarDay.year_id == row.id, CalendarDay.day > today)
    return {day.day: day for day in uow.session.scalars(query)}


def _compare(stored: Mapping[date, CalendarDay], coming: Mapping[date, DayEntry]) -> _Difference:
    both = stored.keys() & coming.keys()
    return _Difference(
        added=tuple(sorted(coming.keys() - stored.keys())),
        removed=tuple(sorted(stored.keys() - coming.keys())),
        changed=tuple(
            sorted(day for day in both if stored[day].is_workday != coming[day].is_workday)
        ),
    )


def _replace_days(
    uow: UnitOfWork,
    row: CalendarYear,
    stored: Mapping[date, CalendarDay],
    coming: Mapping[date, DayEntry],
) -> None:
    for day, known in stored.items():
        if day not in coming:
            uow.session.delete(known)
    for day, entry in coming.items():
        target = stored.get(day)
        if target is None:
            target = CalendarDay(year_id=row.id, day=day)
            uow.session.add(target)
        target.is_workday, target.kind, target.name = entry.is_workday, entry.kind, entry.name
    uow.session.flush()
