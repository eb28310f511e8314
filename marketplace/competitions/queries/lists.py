"""Lists of competitions, and who owes the next step of each by when: the lights of departments."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting, deadline, light
from marketplace.competitions.models import Competition, Question
from marketplace.competitions.queries.reading import seen
from marketplace.competitions.queries.rows import CompetitionRow, Due
from marketplace.competitions.rules import ENDED, PREPARED, CompetitionState
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit

PAGE_SIZE = 20

_S = CompetitionState

# What the filter of the public list calls the states.
PHASES: dict[str, frozenset[CompetitionState]] = {
    "open": frozenset({_S.PUBLISHED}),
    "evaluating": frozenset({_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED, _S.EVALUATED}),
    "award": frozenset({_S.AWARD_PUBLISHED, _S.AWARDED, _S.CONCLUDED}),
    "ended": frozenset({_S.FAILED, _S.CANCELLED}),
}


@dataclass(frozen=True)
class CompetitionFilter:
    """What a reader asks for; empty means any. `regions` are codes with all below them."""

    phases: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    regions: frozenset[str] = frozenset()
    states: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class CompetitionPage:
    """One page of a list."""

    rows: tuple[CompetitionRow, ...]
    total: int
    page: int
    pages: int


def public_list(session: Session, asked: CompetitionFilter, *, page: int = 1) -> CompetitionPage:
    """Published competitions: those one can still bid in first, the next to close first."""
    clauses = [Competition.state.not_in(PREPARED), *_clauses(asked)]
    running = Competition.state != _S.PUBLISHED
    return _page(session, clauses, (running, Competition.closes_at.desc()), page)


def managed_list(
    session: Session, department_id: int, asked: CompetitionFilter, *, page: int = 1
) -> CompetitionPage:
    """A department's own: what is under way first, newest first."""
    clauses = [Competition.department_id == department_id, *_clauses(asked)]
    order = (Competition.state.in_(ENDED), Competition.state_since.desc())
    return _page(session, clauses, order, page)


def state_counts(session: Session, department_id: int) -> dict[CompetitionState, int]:
    """How many competitions of a department are in each state."""
    query = (
        select(Competition.state, func.count(Competition.id))
        .where(Competition.department_id == department_id)
        .group_by(Competition.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def competitions_of(session: Session, department_id: int) -> tuple[CompetitionRow, ...]:
    """All competitions of a department, newest first."""
    query = select(Competition).where(Competition.department_id == department_id)
    return seen(session, session.scalars(query.order_by(Competition.id.desc())).all())


def open_now(session: Session, items: Collection[str], now: datetime) -> tuple[CompetitionRow, ...]:
    """Competitions for these items in which one can still bid, the next to close first."""
    query = select(Competition).where(
        Competition.state == _S.PUBLISHED,
        Competition.item_code.in_(items),
        Competition.closes_at > now,
    )
    return seen(session, session.scalars(query.order_by(Competition.closes_at)).all())


def _clauses(asked: CompetitionFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    states = {state for phase in asked.phases for state in PHASES.get(phase, ())}
    states |= {_S(text) for text in asked.states if text in set(_S)}
    if states:
        clauses.append(Competition.state.in_(states))
    if asked.items:
        clauses.append(Competition.item_code.in_(asked.items))
    if asked.regions:
        clauses.append(Competition.region_code.in_(asked.regions))
    if asked.text:
        clauses.append(
            or_(
                Competition.title.icontains(asked.text, autoescape=True),
                Competition.number.icontains(asked.text, autoescape=True),
            )
        )
    return clauses


def _page(
    session: Session,
    clauses: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    page: int,
) -> CompetitionPage:
    query = select(Competition).where(*clauses)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    found = session.scalars(
        query.order_by(*order, Competition.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return CompetitionPage(seen(session, found), total, page, pages)


# What is owed in a state: a code, and the rulebook's days for it.
_OWED = {
    _S.PROPOSED: ("competition.publish", "publish_days"),
    _S.CLOSED: ("competition.open", "opening_days"),
    _S.OPENING_REQUESTED: ("competition.open", "opening_days"),
    _S.OPENED: ("competition.evaluate", "evaluation_days"),
    _S.EVALUATED: ("competition.award", "award_days"),
}


Clock = Callable[[CompetitionRow], Due | None]


def clock(session: Session, today: date) -> Clock:
    """Gives what the department owes next in a competition, for many with one look."""
    calendar, rulebook = catalogue.calendar(session), catalogue.rulebook(session)
    yellow = int(rulebook.value("clock.yellow_days", today))

    def owed(row: CompetitionRow) -> Due | None:
        if row.state not in _OWED:
            return None
        what, key = _OWED[row.state]
        start = local_date(_since(row))
        limit = Limit(int(rulebook.value(f"competition.{key}", start)))
        colour = light(calendar, limit, start, (), today, yellow_days=yellow)
        return Due(what, deadline(calendar, start, limit), colour.value)

    return owed


def _since(row: CompetitionRow) -> datetime:
    """From when the days count: a request for the opening does not begin them anew."""
    if row.state is _S.OPENING_REQUESTED and row.closed_at is not None:
        return row.closed_at
    return row.state_since


def due(session: Session, row: CompetitionRow, today: date) -> Due | None:
    """What the department owes next, by when; None when it is nobody's turn."""
    return clock(session, today)(row)


def open_questions(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many questions of running competitions have no answer yet."""
    query = select(Question.competition_id).where(
        Question.competition_id.in_(ids), Question.answered_at.is_(None)
    )
    found: dict[int, int] = {}
    for key in session.scalars(query):
        found[key] = found.get(key, 0) + 1
    return found


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Every step that departments owe in competitions."""
    query = select(Competition).where(Competition.state.in_([*_OWED, _S.PUBLISHED]))
    rows = seen(session, session.scalars(query.order_by(Competition.id)).all())
    owed = clock(session, today)
    running = [row.id for row in rows if row.state is _S.PUBLISHED]
    asked = open_questions(session, running)
    calendar = catalogue.calendar(session)
    made = []
    for row in rows:
        next_step = owed(row)
        if row.id in asked:
            day = local_date(row.closes_at)
            near = calendar.workdays_between(today, day) <= 1
            next_step = Due("competition.answer", day, "yellow" if near else "green")
        if next_step is not None:
            made.append(_waiting(row, next_step))
    return tuple(made)


def _waiting(row: CompetitionRow, next_step: Due) -> Waiting:
    return Waiting(
        kind="competition",
        public_id=row.public_id,
        number=row.number,
        what=next_step.what,
        owes_organisation_id=row.department_id,
        light=next_step.light,
        due_on=next_step.due_on,
        region_code=row.region_code,
        item_code=row.item_code,
    )


def due_competitions(session: Session, now: datetime) -> tuple[int, ...]:
    """Those the tick has to look at."""
    query = select(Competition.id).where(Competition.attention_at <= now)
    return tuple(session.scalars(query.order_by(Competition.attention_at)))


def awaiting_objections(session: Session) -> tuple[int, ...]:
    """Those whose award may be objected to."""
    query = select(Competition.id).where(Competition.state == _S.AWARD_PUBLISHED)
    return tuple(session.scalars(query.order_by(Competition.id)))
