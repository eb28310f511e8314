"""Importing the working days of a year as the State Council announced them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from marketplace.catalogue import policy
from marketplace.catalogue.events import CalendarImported
from marketplace.catalogue.models import CalendarDay, CalendarYear
from marketplace.catalogue.rules import DayEntry, parse_calendar_year
from marketplace.catalogue.rules.parts import Part
from marketplace.catalogue.services.stamps import hold, renew
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import YearStatus

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
