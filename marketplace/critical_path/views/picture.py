"""The critical path on one axis of working days: the plan, the approval items, their work."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from marketplace.catalogue.forms import item_name
from marketplace.critical_path.queries import CriticalPath
from marketplace.critical_path.rules.counting import (
    Approval,
    Owner,
    PathDay,
    before_construction,
    segments,
)
from marketplace.kernel.workdays import days_after

# How each owner's days are drawn.
MARKS = {
    Owner.DEPARTMENT: "1",
    Owner.INSTITUTION: "2",
    Owner.ENTERPRISE: "3",
    Owner.COORDINATION: "yellow",
    Owner.SUPPLEMENT: "4",
    Owner.IDLE: "idle",
}


@dataclass(frozen=True)
class Span:
    """A stretch of one owner's days, in per cent of the axis."""

    mark: str
    left: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A line of the picture, with the number of days of each owner for its table."""

    text: str
    note: str
    spans: tuple[Span, ...]
    numbers: tuple[int, ...]
    url: str = ""


@dataclass(frozen=True)
class Picture:
    """The bars, and where the last counted day and the last day of the plan stand, in per cent."""

    bars: tuple[Bar, ...]
    seen: float
    plan: float | None


def picture_of(path: CriticalPath, address: Callable[[str], str]) -> Picture | None:
    """The picture; None before anything was accepted. `address` gives the page of an item."""
    start, found = path.count.start, path.count
    if start is None:
        return None
    day = found.full or found.falls
    last = max(found.through, day) if day else found.through
    axis = _Axis(path, start, max(1, path.calendar.workdays_between(start, last)))
    bars = [axis.bar(_("Working days of the plan"), found.days)]
    bars += [axis.approval(one) for one in before_construction(path.record.approvals)]
    bars += axis.works(address)
    return Picture(
        tuple(bar for bar in bars if bar.spans),
        axis.place(found.through),
        axis.place(day) if day else None,
    )


@dataclass(frozen=True)
class _Axis:
    path: CriticalPath
    start: date
    length: int

    def place(self, day: date) -> float:
        """Where the end of a day stands."""
        return 100 * self.path.calendar.workdays_between(self.start, day) / self.length

    def bar(self, text: str, days: Iterable[PathDay], note: str = "", url: str = "") -> Bar:
        """The days of one line; those between them are nobody's."""
        found = tuple(days)
        spans = []
        for stretch in _unbroken(found, self._workday_after):
            at, share = self.place(stretch[0].day) - 100 / self.length, 100 / self.length
            for owner, number in segments(stretch):
                spans.append(Span(MARKS[owner], at, number * share))
                at += number * share
        numbers = tuple(sum(one.owner is owner for one in found) for owner in Owner)
        return Bar(text, note, tuple(spans), numbers, url)

    def approval(self, one: Approval) -> Bar:
        """When an approval item lay with a department, and when its clock stood."""
        names = {row.code: row.name for row in self.path.approvals}
        stands = {day: one.stands_on(day) for day in self._workdays() if one.lies(day)}
        days = (
            PathDay(day, stand.why if stand else Owner.DEPARTMENT) for day, stand in stands.items()
        )
        return self.bar(names[one.code], days, note=one.code)

    def works(self, address: Callable[[str], str]) -> list[Bar]:
        """Who had the work for each item in hand."""
        found: dict[str, dict[date, Owner]] = {}
        for work in self.path.record.works:
            days = found.setdefault(work.item, {})
            held = ((day, work.holder(day)) for day in self._workdays())
            days |= {day: owner for day, owner in held if owner is not None}
        return [
            self.bar(
                item_name(code) or code,
                [PathDay(day, days[day]) for day in sorted(days)],
                note=code,
                url=address(code),
            )
            for code, days in sorted(found.items())
        ]

    def _workdays(self) -> list[date]:
        calendar, through = self.path.calendar, self.path.count.through
        return [day for day in days_after(self.start, through) if calendar.is_workday(day)]

    def _workday_after(self, day: date) -> date:
        return self.path.calendar.add_workdays(day, 1)


def _unbroken(
    days: tuple[PathDay, ...], following: Callable[[date], date]
) -> Iterable[tuple[PathDay, ...]]:
    """The days in stretches without a working day between them left out."""
    stretch: list[PathDay] = []
    for one in days:
        if stretch and following(stretch[-1].day) != one.day:
            yield tuple(stretch)
            stretch = []
        stretch.append(one)
    if stretch:
        yield tuple(stretch)
