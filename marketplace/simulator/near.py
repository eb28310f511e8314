"""One project that has nearly used up the days of the plan, by the working calendar that holds."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from marketplace.kernel.workdays import Calendar
from marketplace.settings import ROOT
from marketplace.simulator.stands import SUPPLEMENT, Stand, case_of

if TYPE_CHECKING:
    from marketplace.simulator.world import Matter

# Of the first enterprise's.
NUMBER = 90
_CATALOGUE = ROOT / "marketplace" / "catalogue" / "data"
_FILES = ("holidays_cn_2018_2026.csv", "holidays_statutory_2027.csv")
# So many working days ago each matter was accepted and decided; the others were not applied for.
_AGO: Mapping[str, tuple[int, int | None]] = {
    "A01": (84, 60),
    "A02": (72, 41),
    "A06": (45, 18),
    "A05": (19, None),
}
# In which the only matter under way stood: for a 1+X case, and for papers.
_CASE, _PAPERS = ("A06", 36, 32), ("A05", 16, 14)


@cache
def _calendar() -> Calendar:
    special = {}
    for name in _FILES:
        with (_CATALOGUE / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                special[date.fromisoformat(row["date"])] = row.get("is_workday") == "1"
    return Calendar(special, {})


def near(
    matters: Iterable["Matter"], today: date
) -> tuple[tuple["Matter", ...], tuple[Stand, ...]]:
    """Its matters and when their clocks stood: of the eighty days two are left."""

    def ago(workdays: int) -> date:
        return _calendar().add_workdays(today, -workdays)

    code, begun, over = _CASE
    case = case_of("S1", NUMBER, (code,), ago(begun), ago(over))
    code, begun, over = _PAPERS
    stands = (case, Stand(SUPPLEMENT, (code,), ago(begun), ago(over)))
    return tuple(_dated(one, ago, stands) for one in matters), stands


def _dated(one: "Matter", ago: Callable[[int], date], stands: tuple[Stand, ...]) -> "Matter":
    clean = replace(one, status="not_started", accepted_on=None, decided_on=None, due_on=None)
    if one.code not in _AGO:
        return clean
    accepted, decided = _AGO[one.code]
    return replace(
        clean,
        status="accepted" if decided is None else "granted",
        accepted_on=ago(accepted),
        decided_on=None if decided is None else ago(decided),
        due_on=_due(one, ago(accepted), stands),
    )


def _due(one: "Matter", accepted: date, stands: tuple[Stand, ...]) -> date:
    """Its limit and the time in which its clock stood."""
    held = [each for each in stands if one.code in each.matters and each.ended_on]
    if one.unit == "days":
        more = sum(((each.ended_on or accepted) - each.began_on).days for each in held)
        return accepted + timedelta(days=one.limit + more)
    stood = sum(
        _calendar().workdays_between(each.began_on, each.ended_on or accepted) for each in held
    )
    return _calendar().add_workdays(accepted, one.limit + stood)
