"""What every act on a competition begins with: lock and see; and how its state moves."""

from datetime import date, datetime

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.competitions import policy, rules
from marketplace.competitions.models import Competition
from marketplace.competitions.queries import reading
from marketplace.competitions.rules import OWED, PREPARED, CompetitionState
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date

PURPOSE = "competition"


def lock_own(uow: UnitOfWork, key: int | str) -> tuple[Competition, policy.Standing]:
    """Lock a competition of the actor's department; to others it does not exist."""
    row = uow.lock(Competition, key)
    if not (uow.actor.is_system or policy.may_see(uow.actor, row.department_id)):
        raise NotFound
    return row, reading.standing(uow.session, row, today(uow))


def lock_public(uow: UnitOfWork, key: int | str) -> tuple[Competition, policy.Standing]:
    """Lock a competition that was published; one that is only prepared does not exist."""
    row = uow.lock(Competition, key)
    if row.state in PREPARED:
        raise NotFound
    return row, reading.standing(uow.session, row, today(uow))


def move(uow: UnitOfWork, row: Competition, target: CompetitionState) -> None:
    """The only place where the state of a competition changes: through its table of steps."""
    target = rules.step(row.state, target)
    due = due_day(uow, row, target, uow.now)
    row.state, row.state_since, row.due_on = target, uow.now, due


def end(uow: UnitOfWork, row: Competition, target: CompetitionState) -> None:
    """Take a last step: nothing falls due any more."""
    move(uow, row, target)
    row.ended_at = uow.now
    row.attention_at = None


def due_day(
    uow: UnitOfWork, row: Competition, state: CompetitionState, since: datetime
) -> date | None:
    """The last day for what the department does next in a state; None where that is nothing.

    The days for opening the bids count from the closing: asking for it does not begin them anew.
    """
    if state is CompetitionState.PUBLISHED:
        return local_date(row.closes_at)
    if state not in OWED:
        return None
    opens = state in {CompetitionState.CLOSED, CompetitionState.OPENING_REQUESTED}
    start = local_date(row.closed_at if opens and row.closed_at else since)
    days = reading.days_of(uow.session, OWED[state].days, start)
    return deadline(catalogue.calendar(uow.session), start, days)


def today(uow: UnitOfWork) -> date:
    """The Shanghai day of the act."""
    return local_date(uow.now)


def days(uow: UnitOfWork, key: str) -> int:
    """A number of working days of the rulebook, today."""
    return reading.days_of(uow.session, key, today(uow))
