"""Reading the special days of one year from the text of a CSV file."""

import csv
from dataclasses import dataclass
from datetime import date
from io import StringIO

from marketplace.kernel.errors import Refused

# Whatever is announced, these days are holidays by the regulation on public holidays.
_ALWAYS_OFF = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
_YES_NO = {"1": True, "0": False}


@dataclass(frozen=True)
class DayEntry:
    """One special day of a file: whether people work on it, of what kind it is, its occasion."""

    day: date
    is_workday: bool
    kind: str = ""
    name: str = ""


def parse_calendar_year(text: str, year: int) -> tuple[DayEntry, ...]:
    """Read `date,is_workday[,kind][,name]` lines with a header; days off and make-up workdays.

    Refuses, naming the line, a line that cannot be read and a day outside the year or given
    twice; refuses a file in which a holiday fixed by regulation is missing.
    """
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff").strip()))
    if not {"date", "is_workday"} <= set(reader.fieldnames or ()):
        raise Refused("catalogue.calendar_header", field="file")
    entries: dict[date, DayEntry] = {}
    for row in reader:
        entry = _entry(row, reader.line_num)
        if entry.day.year != year:
            raise Refused("catalogue.calendar_other_year", field="file", line=reader.line_num)
        if entry.day in entries:
            raise Refused("catalogue.calendar_day_twice", field="file", line=reader.line_num)
        entries[entry.day] = entry
    _check_complete(entries, year)
    return tuple(entries[day] for day in sorted(entries))


def _entry(row: dict[str, str | None], line: int) -> DayEntry:
    try:
        day = date.fromisoformat((row["date"] or "").strip())
        is_workday = _YES_NO[(row["is_workday"] or "").strip()]
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
