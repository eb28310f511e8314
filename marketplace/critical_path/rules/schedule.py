"""What waits for what, what comes last, and what a faster institution would save.

An approval item waits for the stages before its own while it is not accepted, and for the work that
the catalogue links with it; it ends with its own limit. Nothing is assumed where a limit is not
known: then no end is known either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from marketplace.clocks.rules import deadline
from marketplace.critical_path.rules.counting import (
    Approval,
    Owner,
    before_construction,
    used_of,
)
from marketplace.kernel.workdays import Calendar, Limit


class Why(StrEnum):
    """What an approval item waits for."""

    REFUSED = "refused"
    COORDINATION = "coordination"
    SUPPLEMENT = "supplement"
    STANDS = "stands"
    ITEM = "item"
    STAGE = "stage"
    APPLICATION = "application"
    DECISION = "decision"


@dataclass(frozen=True)
class Job:
    """Work that approval items wait for: an item, whoever is to do it.

    `total` are its days, of which `used` are gone; None where no days are agreed or listed.
    `owner` has it in hand; nobody has commissioned it where `commissioned` is false.
    """

    item: str
    approvals: frozenset[str]
    total: Limit | None
    used: int = 0
    owner: Owner = Owner.ENTERPRISE
    commissioned: bool = True

    @property
    def left(self) -> int | None:
        """The days that remain."""
        return None if self.total is None else max(0, self.total.value - self.used)


@dataclass(frozen=True)
class Wait:
    """An approval item waits: for what, whose turn it is, and for which codes (items, others)."""

    code: str
    why: Why
    owner: Owner
    about: tuple[str, ...] = ()


class Basis(StrEnum):
    """How the end of a step was found."""

    DECIDED = "decided"
    DUE = "due"
    OVERDUE = "overdue"
    LEFT = "left"
    LIMIT = "limit"
    WORK = "work"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Step:
    """An approval item or a job on the way: from when it is reckoned, its days, its end.

    `after` is the step whose end decides when it begins or ends; `ends` is None where a limit is
    not known.
    """

    code: str
    basis: Basis
    begins: date
    ends: date | None
    days: Limit | None = None
    after: str = ""


class Saving(NamedTuple):
    """What the fastest other promise would save, in days of the item's unit and of the project.

    `project` is None where no end of the project is known.
    """

    item: str
    left: int
    fastest: int
    faster: int
    offers: int
    project: int | None
    end_now: date | None
    end_then: date | None

    @property
    def saved(self) -> int:
        """Days of the item itself."""
        return max(0, self.left - self.fastest)


@dataclass(frozen=True)
class Schedule:
    """The steps that are still to come, in their order; the chain is what decides the end."""

    steps: tuple[Step, ...]
    end: date | None
    chain: tuple[Step, ...]
    unknown: tuple[str, ...]


def schedule(
    approvals: Iterable[Approval], jobs: Sequence[Job], calendar: Calendar, today: date
) -> Schedule:
    """When each open approval item before construction ends if every limit is used and kept."""
    open_ones = [one for one in before_construction(approvals) if not one.granted]
    steps: dict[str, Step] = {job.item: _job_step(job, calendar, today) for job in jobs}
    before: list[str] = []
    for stage in sorted({one.stage for one in open_ones}):
        here = [one for one in open_ones if one.stage == stage]
        for one in here:
            works = [steps[job.item] for job in jobs if one.code in job.approvals]
            earlier = [steps[code] for code in before] if one.begun is None else []
            steps[one.code] = _approval_step(one, works, earlier, calendar, today)
        before += [one.code for one in here]
    last = [steps[one.code] for one in open_ones]
    unknown = tuple(one.code for one in last if one.ends is None)
    if unknown or not last:
        return Schedule(tuple(steps.values()), None, (), unknown)
    final = max(last, key=lambda one: one.ends or today)
    return Schedule(tuple(steps.values()), final.ends, _chain(final, steps), ())


def _job_step(job: Job, calendar: Calendar, today: date) -> Step:
    if job.total is None or job.left is None:
        return Step(job.item, Basis.UNKNOWN, today, None)
    days = replace(job.total, value=job.left)
    return Step(job.item, Basis.LEFT, today, deadline(calendar, today, days), days)


def _approval_step(
    one: Approval, works: Sequence[Step], earlier: Sequence[Step], calendar: Calendar, today: date
) -> Step:
    if one.begun is None:
        return _not_begun(one, [*earlier, *works], calendar, today)
    own = _own_end(one, calendar, today)
    if own.ends is None or any(work.ends is None for work in works):
        return replace(own, basis=Basis.UNKNOWN, ends=None)
    slowest = _latest(works)
    if slowest is not None and slowest.ends is not None and slowest.ends > own.ends:
        return replace(own, basis=Basis.WORK, ends=slowest.ends, after=slowest.code)
    return own


def _not_begun(one: Approval, needs: Sequence[Step], calendar: Calendar, today: date) -> Step:
    """It begins when all it waits for has ended, and takes its own limit."""
    if one.limit is None or any(need.ends is None for need in needs):
        return Step(one.code, Basis.UNKNOWN, today, None, one.limit)
    last = _latest(needs)
    begins = today if last is None or last.ends is None else max(today, last.ends)
    after = last.code if last is not None and last.ends == begins else ""
    ends = deadline(calendar, begins, one.limit)
    return Step(one.code, Basis.LIMIT, begins, ends, one.limit, after)


def _own_end(one: Approval, calendar: Calendar, today: date) -> Step:
    """By the day that the platform names; else by what is left of its limit from today on."""
    used = used_of(one, calendar, today)
    if one.decided is not None or one.limit is None or used is None:
        return Step(one.code, Basis.UNKNOWN, today, None, one.limit)
    left = replace(one.limit, value=max(0, one.limit.value - used))
    stands = one.unclear or any(stand.pause.ends is None for stand in one.stands)
    if one.due is None or stands:
        return Step(one.code, Basis.LEFT, today, deadline(calendar, today, left), left)
    if one.due < today:
        return Step(one.code, Basis.OVERDUE, today, today, left)
    return Step(one.code, Basis.DUE, today, one.due, left)


def _latest(steps: Iterable[Step]) -> Step | None:
    return max(steps, key=lambda one: one.ends or date.min, default=None)


def _chain(final: Step, steps: Mapping[str, Step]) -> tuple[Step, ...]:
    chain = [final]
    while chain[0].after:
        chain.insert(0, steps[chain[0].after])
    return tuple(chain)


def waits(approvals: Iterable[Approval], jobs: Sequence[Job], today: date) -> tuple[Wait, ...]:
    """What each open approval item before construction waits for, in the order of stages."""
    kept = sorted(before_construction(approvals), key=lambda one: (one.stage, one.code))
    open_ones = [one for one in kept if not one.granted]
    found: list[Wait] = []
    for one in open_ones:
        found += _waits_of(one, open_ones, jobs, today)
    return tuple(found)


def _waits_of(
    one: Approval, open_ones: Sequence[Approval], jobs: Sequence[Job], today: date
) -> list[Wait]:
    if one.decided is not None:
        return [Wait(one.code, Why.REFUSED, Owner.ENTERPRISE)]
    found = [_standing(one, today)]
    needed = (job for job in jobs if one.code in job.approvals)
    found += [Wait(one.code, Why.ITEM, job.owner, (job.item,)) for job in needed]
    if one.begun is None:
        earlier = tuple(each.code for each in open_ones if each.stage < one.stage)
        found.append(Wait(one.code, Why.STAGE, Owner.DEPARTMENT, earlier) if earlier else None)
    known = [wait for wait in found if wait is not None]
    if known:
        return known
    if one.begun is None:
        return [Wait(one.code, Why.APPLICATION, Owner.ENTERPRISE)]
    return [Wait(one.code, Why.DECISION, Owner.DEPARTMENT)]


def _standing(one: Approval, today: date) -> Wait | None:
    if one.unclear:
        return Wait(one.code, Why.STANDS, Owner.IDLE)
    open_ones = [each for each in one.stands if each.pause.ends is None]
    stand = min(open_ones, key=lambda each: list(Owner).index(each.why), default=None)
    if stand is None or stand.pause.begins > today:
        return None
    if stand.why is Owner.COORDINATION:
        return Wait(one.code, Why.COORDINATION, Owner.COORDINATION, (stand.number,))
    return Wait(one.code, Why.SUPPLEMENT, Owner.ENTERPRISE)


def first_wait(found: Schedule, waiting: Sequence[Wait]) -> Wait | None:
    """What the project waits for first: on the chain that decides its end, else by stage."""
    jobs = {one.about[0]: one for one in reversed(waiting) if one.why is Why.ITEM}
    by_code = {one.code: one for one in reversed(waiting)}
    for step in found.chain:
        wait = jobs.get(step.code) or by_code.get(step.code)
        if wait is not None:
            return wait
    return waiting[0] if waiting else None


def saving(
    approvals: Sequence[Approval],
    jobs: Sequence[Job],
    promises: Mapping[str, Sequence[int]],
    calendar: Calendar,
    today: date,
) -> tuple[Saving, ...]:
    """What the fastest promise for each job would save if it began today."""
    now = schedule(approvals, jobs, calendar, today)
    found = []
    for job in jobs:
        offers = promises.get(job.item, ())
        if job.total is None or job.left is None or not offers:
            continue
        fastest, left = min(offers), job.left
        quick = replace(job, total=replace(job.total, value=min(left, fastest)), used=0)
        others = [quick if one is job else one for one in jobs]
        then = schedule(approvals, others, calendar, today)
        gain = None
        if now.end is not None and then.end is not None:
            gain = calendar.workdays_between(then.end, now.end)
        faster = sum(one < left for one in offers)
        found.append(Saving(job.item, left, fastest, faster, len(offers), gain, now.end, then.end))
    return tuple(found)
