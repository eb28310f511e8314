"""Who owes the next step of a competition, and by when: the lights of departments."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting, deadline, light
from marketplace.competitions.models import Competition, Question
from marketplace.competitions.queries.reading import seen
from marketplace.competitions.queries.rows import CompetitionRow, Due
from marketplace.competitions.rules import CompetitionState
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit

_S = CompetitionState
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
