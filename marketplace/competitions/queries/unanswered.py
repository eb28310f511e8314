"""How a department answers what institutions ask about its notices."""

from datetime import datetime

from sqlalchemy import Select, case, func, select
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


def published() -> Select[int]:
    """The departments that have published a notice, as `id`."""
    found = select(Competition.department_id.label("id"))
    return found.where(Competition.state.not_in(PREPARED))
