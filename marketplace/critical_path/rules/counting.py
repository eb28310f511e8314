"""Whose the working days were, against the days of the plan (part 二(二) and 二(三)3).

A working day after the first acceptance counts while at least one approval item before
construction lies with a department and its clock runs. It is the department's unless every such
item waits for work that somebody else has in hand. What stood, or had not been applied for, is not
counted; it is shown beside.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from marketplace.clocks.rules import Pause
from marketplace.kernel.workdays import Calendar, Limit, days_after

# The stage behind the beginning of construction; the days of the plan are those before it.
COMPLETION = "S5"


class Owner(StrEnum):
    """Whose a working day was. `SUPPLEMENT`, `COORDINATION` and `IDLE` are not counted."""

    DEPARTMENT = "department"
    INSTITUTION = "institution"
    ENTERPRISE = "enterprise"
    COORDINATION = "coordination"
    SUPPLEMENT = "supplement"
    IDLE = "idle"


COUNTED = (Owner.DEPARTMENT, Owner.INSTITUTION, Owner.ENTERPRISE)
# Of several hands that have work for one approval item, whose the day is.
_HANDS = (Owner.INSTITUTION, Owner.ENTERPRISE, Owner.DEPARTMENT)
# Of several approval items that lie open, whose the day is.
_DAYS = tuple(Owner)


@dataclass(frozen=True)
class Stand:
    """The clock stood: for a 1+X case (its number), or until the enterprise had supplied more."""

    why: Owner
    pause: Pause
    number: str = ""


@dataclass(frozen=True)
class Approval:
    """An approval item as the platform says it; `stands` are in force for its own clock.

    `unclear`: the platform says that its clock stands and not since when.
    """

    code: str
    stage: str
    begun: date | None = None
    decided: date | None = None
    granted: bool = False
    limit: Limit | None = None
    due: date | None = None
    stands: tuple[Stand, ...] = ()
    unclear: bool = False

    def lies(self, day: date) -> bool:
        """Whether a department has it on a day: the day after acceptance to that of decision."""
        begun = self.begun is not None and self.begun < day
        return begun and (self.decided is None or day <= self.decided)

    def stands_on(self, day: date) -> Stand | None:
        """What stops its clock on a day; of several a 1+X case before a supplement."""
        found = [one for one in self.stands if one.pause.covers(day)]
        return min(found, key=lambda one: _DAYS.index(one.why), default=None)


class Turn(NamedTuple):
    """Somebody had the work in hand on the days after `begins` up to `ends` (None: still)."""

    owner: Owner
    begins: date
    ends: date | None = None


@dataclass(frozen=True)
class Work:
    """Commissioned work for approval items; of its turns the first that covers a day holds."""

    item: str
    approvals: frozenset[str]
    turns: tuple[Turn, ...] = ()

    def holder(self, day: date) -> Owner | None:
        """Who has it in hand on a day; None while nobody has."""
        found = (one.owner for one in self.turns if Pause(one.begins, one.ends).covers(day))
        return next(found, None)


@dataclass(frozen=True)
class Record:
    """What is known of a project. `complete`: the platform tells when clocks stood."""

    approvals: tuple[Approval, ...]
    works: tuple[Work, ...] = ()
    ended: date | None = None
    complete: bool = True


class PathDay(NamedTuple):
    """A working day of the axis, and whose it was."""

    day: date
    owner: Owner


@dataclass(frozen=True)
class Plan:
    """So many working days before construction; `special` are the items that make them more."""

    days: int
    special: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """The days of the plan as they were used. `exact` is false where clocks stood unrecorded:
    then no more than these were used.

    `full` is the day on which the last of the plan's days was used up, `falls` the day on which it
    would be if from `through` on every working day counted; one of the two, none before the start
    and none where all was granted in time.
    """

    plan: Plan
    start: date | None
    through: date
    over: bool
    exact: bool
    days: tuple[PathDay, ...] = ()
    full: date | None = None
    falls: date | None = None
    by: Mapping[Owner, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """The days that count."""
        return sum(self.by.get(one, 0) for one in COUNTED)

    @property
    def left(self) -> int:
        """Days of the plan that remain; negative where more were used."""
        return self.plan.days - self.used


def before_construction(approvals: Iterable[Approval]) -> tuple[Approval, ...]:
    """The approval items to which the days of the plan apply."""
    return tuple(one for one in approvals if one.stage != COMPLETION)


def plan_of(codes: Iterable[str], special: Iterable[str], general: int, more: int) -> Plan:
    """The days of the plan: `more` where one of the approval items has special conditions."""
    found = tuple(sorted(set(codes) & set(special)))
    return Plan(more if found else general, found)


def owner_of(record: Record, approvals: Sequence[Approval], day: date) -> Owner:
    """Whose a day was."""
    found = {_owner(record, one, day) for one in approvals if one.lies(day)}
    return next((one for one in _DAYS if one in found), Owner.IDLE)


def _owner(record: Record, approval: Approval, day: date) -> Owner:
    stand = approval.stands_on(day)
    if stand is not None:
        return stand.why
    hands = {work.holder(day) for work in record.works if approval.code in work.approvals}
    return next((one for one in _HANDS if one in hands), Owner.DEPARTMENT)


def count(record: Record, plan: Plan, calendar: Calendar, today: date) -> Count:
    """The days from the first acceptance until all is granted, the project is over, or today."""
    approvals = before_construction(record.approvals)
    begun = [one.begun for one in approvals if one.begun is not None and one.begun <= today]
    exact = record.complete and not any(one.unclear for one in approvals)
    granted = _all_granted(approvals)
    ends = min(one for one in (today, granted, record.ended) if one is not None)
    over = granted is not None or record.ended is not None
    if not begun:
        return Count(plan, None, ends, over, exact)
    start = min(begun)
    days = tuple(
        PathDay(day, owner_of(record, approvals, day))
        for day in days_after(start, ends)
        if calendar.is_workday(day)
    )
    counted = [one.day for one in days if one.owner in COUNTED]
    full = counted[plan.days - 1] if len(counted) >= plan.days else None
    ahead = full is None and not over
    return Count(
        plan,
        start,
        ends,
        over,
        exact,
        days,
        full,
        calendar.add_workdays(ends, plan.days - len(counted)) if ahead else None,
        Counter(one.owner for one in days),
    )


def _all_granted(approvals: Sequence[Approval]) -> date | None:
    """The day of the last decision; None while something is not granted, or nothing is asked."""
    decided = [one.decided for one in approvals if one.granted and one.decided is not None]
    return max(decided) if decided and len(decided) == len(approvals) else None


def used_of(approval: Approval, calendar: Calendar, today: date) -> int | None:
    """The days of its own limit that an approval item has used; None before it is accepted."""
    if approval.begun is None or approval.limit is None:
        return None
    until = min(today, approval.decided) if approval.decided else today
    workdays = approval.limit.unit == "workdays"
    return sum(
        approval.stands_on(day) is None and (calendar.is_workday(day) or not workdays)
        for day in days_after(approval.begun, until)
    )


def segments(days: Sequence[PathDay]) -> tuple[tuple[Owner, int], ...]:
    """The days as stretches of one owner after another, for a picture."""
    found: list[tuple[Owner, int]] = []
    for one in days:
        if found and found[-1][0] is one.owner:
            found[-1] = (one.owner, found[-1][1] + 1)
        else:
            found.append((one.owner, 1))
    return tuple(found)
