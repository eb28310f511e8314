"""The critical path of a project, gathered from its record, its work and the market's promises."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.queries.listed import approval_items
from marketplace.catalogue.rules.items import OpenTo
from marketplace.catalogue.rules.reference import RuleEntry
from marketplace.clocks.rules import Pause
from marketplace.critical_path.models import PlanWarning, PlanWatch
from marketplace.critical_path.rules.counting import (
    Approval,
    Count,
    Owner,
    Record,
    Stand,
    Turn,
    Work,
    count,
    plan_of,
)
from marketplace.critical_path.rules.schedule import (
    Job,
    Saving,
    Schedule,
    Wait,
    first_wait,
    saving,
    schedule,
    waits,
)
from marketplace.engagements.queries.hands import Hand, ProjectWork, work_of_project
from marketplace.engagements.queries.standings import counting_calendar
from marketplace.engagements.rules import ClientKind, Side
from marketplace.infra.ticks import MOST_AT_ONCE
from marketplace.institutions.queries.public import promises
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar, Limit, LimitUnit
from marketplace.projects import queries as projects
from marketplace.projects.queries import ApprovalRow, NeedRow, ProjectRow
from marketplace.projects.queries.preparing import conflicts
from marketplace.projects.queries.reading import announced_of, stands_of
from marketplace.projects.queries.rows import StandRow
from marketplace.projects.rules import ApprovalStatus, Claimant, Need, ProjectState, StandKind

GENERAL, SPECIAL = "approval.before_construction_general", "approval.before_construction_special"

_WHY = {
    StandKind.COORDINATION: Owner.COORDINATION,
    StandKind.SUPPLEMENT: Owner.SUPPLEMENT,
}
_CLIENTS = {
    ClientKind.ENTERPRISE: Owner.ENTERPRISE,
    ClientKind.DEPARTMENT: Owner.DEPARTMENT,
}
_CLAIMANTS = {
    Claimant.ENTERPRISE: Owner.ENTERPRISE,
    Claimant.DEPARTMENT: Owner.DEPARTMENT,
}
_NEEDED = frozenset({Need.NEEDED, Need.UNKNOWN})


@dataclass(frozen=True)
class CriticalPath:
    """All that is known of the way of a project to the beginning of construction.

    `rule` is the entry of the rulebook that says how many days the plan gives. `current`: the
    platform has told of no change that could not be fetched yet.
    """

    project: ProjectRow
    current: bool
    today: date
    calendar: Calendar
    rule: RuleEntry
    approvals: tuple[ApprovalRow, ...]
    stands: tuple[StandRow, ...]
    works: tuple[ProjectWork, ...]
    record: Record
    count: Count
    jobs: tuple[Job, ...]
    schedule: Schedule
    waits: tuple[Wait, ...]
    first: Wait | None
    savings: tuple[Saving, ...]


def critical_path(session: Session, project: ProjectRow, today: date) -> CriticalPath:
    """The path of a project as it stands on a day."""
    approvals, stands = projects.approvals_of(session, project.id), stands_of(session, project.id)
    works = work_of_project(session, project.id, today)
    items = catalogue.by_code(session, today)
    begun = [one.accepted_on for one in approvals if one.accepted_on]
    since = min(begun, default=today)
    calendar = counting_calendar(session, since)
    record = _record(project, approvals, stands, works, items, today)
    entry, found = _counted(session, record, calendar, since, today)
    over = record.ended is not None
    jobs = () if over else _jobs(projects.needs(session, project.id, today), works, items, today)
    kept = () if over else record.approvals
    plan = schedule(kept, jobs, calendar, today)
    waiting = waits(kept, jobs, today)
    offers = _promises(session, project.id, jobs)
    return CriticalPath(
        project=project,
        current=project.id not in announced_of(session, [project.id]),
        today=today,
        calendar=calendar,
        rule=entry,
        approvals=approvals,
        stands=stands,
        works=works,
        record=record,
        count=found,
        jobs=jobs,
        schedule=plan,
        waits=waiting,
        first=first_wait(plan, waiting),
        savings=saving(kept, jobs, offers, calendar, today),
    )


def _counted(
    session: Session, record: Record, calendar: Calendar, since: date, today: date
) -> tuple[RuleEntry, Count]:
    """The days by the rule that held when the first approval item was accepted."""
    book = catalogue.rulebook(session)
    general, more = book.entry(GENERAL, since), book.entry(SPECIAL, since)
    items = approval_items(session)
    special = {one.code for one in items if one.on(since).applies_to == "special"}
    codes = [one.code for one in record.approvals]
    plan = plan_of(codes, special, int(general.value), int(more.value))
    return more if plan.special else general, count(record, plan, calendar, today)


def _record(
    project: ProjectRow,
    approvals: Sequence[ApprovalRow],
    stands: Sequence[StandRow],
    works: Sequence[ProjectWork],
    items: Mapping[str, ItemRow],
    today: date,
) -> Record:
    over = project.state is not ProjectState.ACTIVE
    return Record(
        tuple(_approval(one, stands) for one in approvals),
        tuple(_work(one, items, today) for one in works),
        local_date(project.changed_at) if over else None,
        project.tells_stands,
    )


def _approval(row: ApprovalRow, stands: Sequence[StandRow]) -> Approval:
    mine = [one for one in stands if row.code in one.approvals]
    named = any(one.ended_on is None for one in mine)
    return Approval(
        code=row.code,
        stage=row.stage_code,
        begun=row.accepted_on,
        decided=row.decided_on,
        granted=row.status is ApprovalStatus.GRANTED,
        limit=Limit(row.limit_value, LimitUnit(row.limit_unit)) if row.limit_value else None,
        due=row.due_on,
        stands=tuple(
            Stand(_WHY[one.kind], Pause(one.began_on, one.ended_on), one.number) for one in mine
        ),
        unclear=row.status is ApprovalStatus.PAUSED and not named,
    )


def linked(items: Mapping[str, ItemRow], code: str, today: date) -> frozenset[str]:
    """The approval items that call for an item today; none for an item that is no more."""
    item = items.get(code)
    return frozenset(one.code for one in item.called_by(today)) if item else frozenset()


def _owner(work: ProjectWork, side: Side | None) -> Owner:
    return Owner.INSTITUTION if side is Side.PROVIDER else _CLIENTS[work.client_kind]


def _work(work: ProjectWork, items: Mapping[str, ItemRow], today: date) -> Work:
    def turn(hand: Hand) -> Turn:
        return Turn(_owner(work, hand.side), hand.begins, hand.ends)

    codes = linked(items, work.item_code, today)
    return Work(work.item_code, codes, tuple(map(turn, work.hands)))


def _jobs(
    needs: Sequence[NeedRow],
    works: Sequence[ProjectWork],
    items: Mapping[str, ItemRow],
    today: date,
) -> tuple[Job, ...]:
    """Work under way; besides it listed items that are needed and were not done before."""
    found = {
        work.item_code: Job(
            work.item_code,
            linked(items, work.item_code, today),
            work.days,
            work.used,
            _owner(work, work.owes),
        )
        for work in works
        if work.is_open
    }
    done = {work.item_code for work in works if work.is_done}
    for need in needs:
        code = need.item.code
        wanted = need.claim is not None or (
            need.needed.need in _NEEDED and not need.item.of_market and not need.item.ended
        )
        if wanted and code not in found and code not in done:
            found[code] = _to_come(need, today)
    return tuple(found[code] for code in sorted(found))


def _to_come(need: NeedRow, today: date) -> Job:
    item, claim = need.item, need.claim
    owner = Owner.DEPARTMENT if item.open_to is OpenTo.DEPARTMENT else Owner.ENTERPRISE
    return Job(
        item.code,
        frozenset(one.code for one in item.called_by(today)),
        None if item.of_market else item.longest_limit,
        owner=_CLAIMANTS[claim.claimed_by] if claim else owner,
        commissioned=claim is not None,
    )


def _promises(session: Session, project_id: int, jobs: Sequence[Job]) -> dict[str, tuple[int, ...]]:
    """What those promise for each job who may do it for this project."""
    offers: dict[str, dict[int, int]] = defaultdict(dict)
    for one in promises(session, [job.item for job in jobs]):
        offers[one.item_code].setdefault(one.organisation_id, one.days)
    found = {}
    for code, by in offers.items():
        barred = conflicts(session, project_id, code, list(by))
        found[code] = tuple(days for key, days in by.items() if key not in barred)
    return found


# ------------------------------------------------------------------ what the worker looks at


def due_watches(session: Session, today: date) -> tuple[int, ...]:
    """The projects whose days the worker looks at now, as many as fit into one tick."""
    query = select(PlanWatch.project_id).where(PlanWatch.look_on <= today)
    query = query.order_by(PlanWatch.look_on, PlanWatch.project_id).limit(MOST_AT_ONCE)
    return tuple(session.scalars(query))


# Projects with a day that follows the calendar.
DATED = select(PlanWatch.project_id).where(PlanWatch.look_on.is_not(None))


def told_at(
    session: Session, project_id: int, enterprise_id: int | None, days: int
) -> datetime | None:
    """When the enterprise was told of these days of its project; None if it was not."""
    query = select(PlanWarning.told_at).where(
        PlanWarning.project_id == project_id,
        PlanWarning.enterprise_id == enterprise_id,
        PlanWarning.plan_days == days,
    )
    return session.scalar(query)
