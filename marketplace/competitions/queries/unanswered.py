"""How a department answers what institutions ask about its notices."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.competitions.models import Competition, Question
from marketplace.competitions.rules import PREPARED
from marketplace.kernel.times import end_of_day, local_date


def unanswered(session: Session, department_id: int, since: datetime) -> tuple[int, int]:
    """How many questions were still open when sign-up closed, of how many in all since then.

    Only those asked so early that a whole working day was left for an answer.
    """
    query = (
        select(Question.asked_at, Competition.closes_at, Question.answered_at)
        .join(Competition, Competition.id == Question.competition_id)
        .where(
            Competition.department_id == department_id,
            Competition.closed_at >= since,
        )
    )
    calendar = catalogue.calendar(session)
    left_open = [
        answered_at is None
        for asked_at, closes_at, answered_at in session.execute(query)
        if end_of_day(deadline(calendar, local_date(asked_at), 1)) <= closes_at
    ]
    return sum(left_open), len(left_open)


def published(department: ColumnElement[int] | None = None) -> Select[int]:
    """Every published notice by its department, as `id`; with a department only its own."""
    own = true() if department is None else Competition.department_id == department
    found = select(Competition.department_id.label("id"))
    return found.where(Competition.state.not_in(PREPARED), own)
