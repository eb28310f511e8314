"""Lists of competitions: what the public sees, and what a department works on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketplace.competitions.models import Competition
from marketplace.competitions.queries.reading import seen
from marketplace.competitions.queries.rows import CompetitionRow
from marketplace.competitions.rules import ENDED, PREPARED, CompetitionState

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
