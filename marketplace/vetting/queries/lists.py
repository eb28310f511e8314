"""Lists of cases: an association's queue, an applicant's applications, what waits for whom."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.clocks.rules import Waiting
from marketplace.infra.finding import find_row
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar
from marketplace.vetting import rules
from marketplace.vetting.models import Case
from marketplace.vetting.queries.rows import CaseParty, CaseRow, QueueFilter, QueuePage, Workload
from marketplace.vetting.queries.standings import limits_on
from marketplace.vetting.rules import OPEN, CaseKind, CaseState, Limits

PAGE_SIZE = 25

SOON_DAYS = 3

_AT_WORK = (CaseState.RECEIVED, CaseState.COMPLETENESS, CaseState.SUBSTANCE)

_WITH_ASSOCIATION = (*_AT_WORK, CaseState.PROPOSED)


def queue(
    session: Session, association_id: int, wanted: QueueFilter, *, user_id: int, today: date
) -> QueuePage:
    """One page of an association's cases: the user's own first, the most urgent first.

    Without a chosen state only open cases are listed.
    """
    calendar = catalogue.calendar(session)
    chosen = [Case.association_id == association_id, *_conditions(wanted, user_id, today, calendar)]
    total = session.scalars(select(func.count(Case.id)).where(*chosen)).one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    query = _sorted(select(Case).where(*chosen), wanted.sort, user_id)
    found = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    item_counts = _count_by(session, Case.item_code, association_id, Case.state.in_(OPEN))
    return QueuePage(
        rows=rows_of(session, found, today, user_id=user_id),
        total=total,
        page=page,
        pages=pages,
        state_counts=_count_by(session, Case.state, association_id),
        item_counts=item_counts,
        items=tuple(i for i in catalogue.items(session) if i.code in item_counts),
    )


def all_rows(
    session: Session, association_id: int, wanted: QueueFilter, *, user_id: int, today: date
) -> tuple[CaseRow, ...]:
    """All cases a filter finds, for an export."""
    calendar = catalogue.calendar(session)
    chosen = [Case.association_id == association_id, *_conditions(wanted, user_id, today, calendar)]
    query = _sorted(select(Case).where(*chosen), wanted.sort, user_id)
    return rows_of(session, session.scalars(query.limit(10_000)).all(), today, user_id=user_id)


def _count_by(
    session: Session, column: Any, association_id: int, *conditions: ColumnElement[bool]
) -> dict[Any, int]:
    query = select(column, func.count(Case.id)).where(
        Case.association_id == association_id, *conditions
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(column))}


def _conditions(
    wanted: QueueFilter, user_id: int, today: date, calendar: Calendar
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Case.state.in_(wanted.states or OPEN)]
    if wanted.kinds:
        conditions.append(Case.kind.in_(wanted.kinds))
    if wanted.items:
        conditions.append(Case.item_code.in_(wanted.items))
    if wanted.text:
        name = Case.applicant_name.icontains(wanted.text, autoescape=True)
        conditions.append(or_(name, Case.number.icontains(wanted.text, autoescape=True)))
    if wanted.whose in _WHOSE:
        conditions.append(_WHOSE[wanted.whose](user_id))
    if wanted.due:
        last = today if wanted.due == "overdue" else calendar.add_workdays(today, SOON_DAYS)
        conditions.append(Case.state.in_(_WITH_ASSOCIATION))
        conditions.append(Case.due_on < last if wanted.due == "overdue" else Case.due_on <= last)
    return conditions


def _mine(user_id: int) -> ColumnElement[bool]:
    return and_(Case.examiner_id == user_id, Case.state.in_(_AT_WORK))


def _waiting(_user_id: int) -> ColumnElement[bool]:
    return and_(Case.examiner_id.is_(None), Case.state.in_(_AT_WORK))


def _to_decide(user_id: int) -> ColumnElement[bool]:
    return and_(Case.state == CaseState.PROPOSED, Case.proposer_id != user_id)


_WHOSE = {"mine": _mine, "waiting": _waiting, "decide": _to_decide}


def _sorted(query: Select[Case], sort: str, user_id: int) -> Select[Case]:
    due = (Case.due_on.is_(None), Case.due_on)
    if sort == "due":
        return query.order_by(*due, Case.id)
    if sort == "newest":
        return query.order_by(Case.opened_at.desc(), Case.id.desc())
    if sort == "number":
        return query.order_by(Case.number)
    turn = case(
        (or_(_mine(user_id), _to_decide(user_id)), 0),
        (_waiting(user_id), 1),
        (Case.state == CaseState.RETURNED, 3),
        else_=2,
    )
    return query.order_by(turn, *due, Case.id)


@dataclass(frozen=True)
class _Around:
    """What the rows of a list need beside the cases, read once."""

    calendar: Calendar
    limits: Callable[[date], Limits]
    items: Mapping[int, ItemRow]
    names: Mapping[int, str]
    today: date
    user_id: int | None


def _around(session: Session, cases: Sequence[Case], today: date, user_id: int | None) -> _Around:
    items = {item.version_id: item for item in catalogue.items(session)}
    for row in cases:
        if row.item_version_id not in items:
            items[row.item_version_id] = catalogue.item_version(session, row.item_version_id)
    return _Around(
        calendar=catalogue.calendar(session),
        limits=limits_on(session),
        items=items,
        names=accounts.people(session, {row.examiner_id for row in cases if row.examiner_id}),
        today=today,
        user_id=user_id,
    )


def rows_of(
    session: Session, cases: Sequence[Case], today: date, *, user_id: int | None = None
) -> tuple[CaseRow, ...]:
    """Rows of these cases, in their order."""
    around = _around(session, cases, today, user_id)
    return tuple(_row(one, around) for one in cases)


def _row(row: Case, around: _Around) -> CaseRow:
    limits = around.limits(local_date(row.opened_at))
    clock = rules.case_clock(around.calendar, limits, row, around.today)
    return CaseRow(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        kind=row.kind,
        state=row.state,
        item=around.items[row.item_version_id],
        item_code=row.item_code,
        listing_id=row.listing_id,
        organisation_id=row.organisation_id,
        association_id=row.association_id,
        applicant_name=row.applicant_name,
        region_code=row.region_code,
        round=row.round,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        due_on=row.due_on,
        light=rules.light_of(row, clock),
        owes=_owes(row.state),
        examiner_id=row.examiner_id,
        examiner_name=around.names.get(row.examiner_id or 0, ""),
        mine=around.user_id is not None and row.examiner_id == around.user_id,
        outcome=row.outcome,
        ending=row.ending,
    )


def _owes(state: CaseState) -> str:
    if state is CaseState.RETURNED:
        return "applicant"
    return "association" if state in OPEN else ""


def workload(session: Session, association_id: int, user_id: int, today: date) -> Workload:
    """How much waits for a person and for the association, in one query."""

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = select(
        count(_mine(user_id)),
        count(_waiting(user_id)),
        count(_to_decide(user_id)),
        count(and_(Case.state.in_(_WITH_ASSOCIATION), Case.due_on < today)),
        count(Case.state == CaseState.RETURNED),
    ).where(Case.association_id == association_id, Case.state.in_(OPEN))
    return Workload(*(int(number) for number in session.execute(query).one()))


def cases_of(session: Session, organisation_id: int, today: date) -> tuple[CaseRow, ...]:
    """An applicant's cases: open ones first, then the latest."""
    query = select(Case).where(Case.organisation_id == organisation_id)
    query = query.order_by(Case.closed_at.is_not(None), Case.opened_at.desc(), Case.id.desc())
    return rows_of(session, session.scalars(query).all(), today)


def find_case(session: Session, key: int | str) -> Case:
    """The case with this integer or public id; raises `NotFound`."""
    return find_row(session, Case, key)


def case_row(session: Session, key: int | str, today: date) -> CaseRow:
    """One case as lists show it."""
    return rows_of(session, [find_case(session, key)], today)[0]


def open_case(
    session: Session, listing_id: int, today: date, kind: CaseKind = CaseKind.ADMISSION
) -> CaseRow | None:
    """The open case of a listing, if there is one."""
    query = select(Case).where(
        Case.listing_id == listing_id, Case.kind == kind, Case.state.in_(OPEN)
    )
    row = session.scalars(query).one_or_none()
    return None if row is None else rows_of(session, [row], today)[0]


def case_party(session: Session, case_id: int) -> CaseParty:
    """Who has to do with a case."""
    row = find_case(session, case_id)
    return CaseParty(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        kind=row.kind,
        applicant_name=row.applicant_name,
        item_code=row.item_code,
        organisation_id=row.organisation_id,
        association_id=row.association_id,
        submitted_by=row.submitted_by,
        examiner_id=row.examiner_id,
        proposer_id=row.proposer_id,
    )


def has_case_of(session: Session, association_id: int, institution_id: int) -> bool:
    """Whether an association judges or judged a dossier of the institution."""
    query = select(Case.id).where(
        Case.association_id == association_id, Case.institution_id == institution_id
    )
    return session.scalars(query.limit(1)).first() is not None


def due_cases(session: Session, now: Any, limit: int = 200) -> Iterable[int]:
    """The cases the tick must look at now."""
    query = select(Case.id).where(Case.attention_at <= now).order_by(Case.attention_at)
    return session.scalars(query.limit(limit)).all()


def open_case_ids(session: Session, listing_id: int | None = None) -> Iterable[int]:
    """Every case that is not closed, or those of one listing."""
    query = select(Case.id).where(Case.state.in_(OPEN)).order_by(Case.id)
    if listing_id is not None:
        query = query.where(Case.listing_id == listing_id)
    return session.scalars(query).all()


# Beyond so many days every light is green, whatever holidays lie between.
_HORIZON = timedelta(days=30)


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Open cases whose step is late or due within a month; a correction is the applicant's."""
    query = select(Case).where(Case.state.in_(OPEN), Case.due_on <= today + _HORIZON)
    rows = rows_of(session, session.scalars(query.order_by(Case.due_on, Case.id)).all(), today)
    calendar = catalogue.calendar(session)
    yellow_days = int(catalogue.rule(session, "clock.yellow_days", today))
    return tuple(_owed(row, calendar, today, yellow_days) for row in rows)


def _owed(row: CaseRow, calendar: Calendar, today: date, yellow_days: int) -> Waiting:
    applicant = row.owes == "applicant"
    # While it is returned the association's clock stands, and the applicant's own time runs.
    light = _light_until(calendar, row.due_on, today, yellow_days) if applicant else row.light
    return Waiting(
        kind="vetting_case",
        public_id=row.public_id,
        number=row.number,
        what=f"case_state.{row.state}",
        owes_organisation_id=row.organisation_id if applicant else row.association_id,
        light=light,
        due_on=row.due_on,
        region_code=row.region_code,
        item_code=row.item_code,
        about_organisation_id=row.organisation_id,
    )


def _light_until(calendar: Calendar, due: date | None, today: date, yellow_days: int) -> str:
    if due is None:
        return "none"
    if today > due:
        return "red"
    return "yellow" if calendar.workdays_between(today, due) <= yellow_days else "green"
