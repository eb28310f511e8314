"""The shipped calendar files as a value, for tests that need no database."""

import csv
from datetime import date
from pathlib import Path

from marketplace.kernel.workdays import Calendar, YearStatus

_DATA = Path(__file__).parents[2] / "marketplace" / "catalogue" / "data"
ANNOUNCED = tuple(range(2018, 2027))


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read() -> Calendar:
    rows = _rows("holidays_cn_2018_2026.csv") + _rows("holidays_statutory_2027.csv")
    special = {date.fromisoformat(row["date"]): row.get("is_workday") == "1" for row in rows}
    years = dict.fromkeys(ANNOUNCED, YearStatus.ANNOUNCED) | {2027: YearStatus.STATUTORY}
    return Calendar(special, years)


SHIPPED = _read()
