"""What lists of other features say of an engagement, without knowing its table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import ClientKind, Origin, Side, State, Told
from marketplace.infra.rows import through
from marketplace.infra.ticks import MOST_AT_ONCE
from marketplace.projects import queries as projects
from marketplace.projects.rules import ProjectState


@dataclass(frozen=True)
class Heading:
    """Expressions, each of one column of the engagement."""

    public_id: ColumnElement[str]
    number: ColumnElement[str]
    item_code: ColumnElement[str]
    region_code: ColumnElement[str]
    listing_id: ColumnElement[int]
    state: ColumnElement[State]
    client_id: ColumnElement[int]
    client_kind: ColumnElement[ClientKind]
    provider_id: ColumnElement[int]
    contract_owed_by: ColumnElement[Side | None]


def projects_at_rest(
    session: Session, states: Collection[State], *, but: Select[int]
) -> Sequence[int]:
    """The projects that are not active with works in these states, `but` for these works."""
    query = select(Engagement.project_id).where(
        Engagement.state.in_(states),
        projects.heading(Engagement.project_id).state != ProjectState.ACTIVE,
        Engagement.id.not_in(but),
    )
    return session.scalars(query.distinct().order_by(Engagement.project_id)).all()


def awards_let_lie(session: Session, *, but: Select[int]) -> Sequence[int]:
    """The works of awards whose contract is overdue, `but` for these, the longest overdue first."""
    query = select(Engagement.id).where(
        Engagement.state == State.TAKEN_ON,
        Engagement.origin == Origin.AWARD,
        Engagement.told == Told.OVER,
        Engagement.turn_due_on.is_not(None),
        Engagement.id.not_in(but),
    )
    return session.scalars(query.order_by(Engagement.turn_due_on).limit(MOST_AT_ONCE)).all()


def work_of_number(session: Session, number: str) -> int | None:
    """The engagement of that number."""
    return session.scalar(select(Engagement.id).where(Engagement.number == number))


def heading(key: Any) -> Heading:
    """The heading of the engagement that a column of another table points to."""
    columns: dict[str, Any] = {
        one.name: through(key, getattr(Engagement, one.name)) for one in fields(Heading)
    }
    return Heading(**columns)
