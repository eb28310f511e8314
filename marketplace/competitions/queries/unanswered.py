"""How a department answers what institutions ask about its notices."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import Session

from marketplace.competitions.models import Competition, Question
from marketplace.competitions.rules import PREPARED


def unanswered(session: Session, department_id: int, since: datetime) -> tuple[int, int]:
    """How many questions were still open when sign-up closed, of how many in all since then."""
    left = func.sum(case((Question.answered_at.is_(None), 1), else_=0))
    query = (
        select(func.coalesce(left, 0), func.count(Question.id))
        .join(Competition, Competition.id == Question.competition_id)
        .where(
            Competition.department_id == department_id,
            Competition.closed_at >= since,
        )
    )
    late, every = session.execute(query).one()
    return int(late), int(every)


def published(department: ColumnElement[int] | None = None) -> Select[int]:
    """Every published notice by its department, as `id`; with a department only its own."""
    own = true() if department is None else Competition.department_id == department
    found = select(Competition.department_id.label("id"))
    return found.where(Competition.state.not_in(PREPARED), own)
