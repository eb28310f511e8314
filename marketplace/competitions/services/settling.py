"""What time does to a competition: sign-up closes, the award holds."""

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.competitions import queries
from marketplace.competitions.events import CompetitionClosed, ObjectionDaysMoved
from marketplace.competitions.models import Award, Competition
from marketplace.competitions.rules import CompetitionState, Failure
from marketplace.competitions.services import working
from marketplace.competitions.services.awarding import make_award
from marketplace.competitions.services.publishing import fail
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date


def settle_competition(uow: UnitOfWork, *, competition: int | str) -> bool:
    """Do what fell due for a competition; False when another worker was first."""
    row = uow.lock(Competition, competition)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state is CompetitionState.PUBLISHED:
        _close(uow, row)
    elif row.state is CompetitionState.AWARD_PUBLISHED:
        make_award(uow, row)
    else:
        return False
    return True


def _close(uow: UnitOfWork, row: Competition) -> None:
    """Sign-up is over; with too few entrants the competition fails and the seals stay unbroken."""
    working.move(uow, row, CompetitionState.CLOSED)
    row.closed_at, row.attention_at = uow.now, None
    working.record(uow, row, CompetitionClosed)
    fewest = queries.fewest_entrants(uow.session, row, working.today(uow))
    if queries.bid_count(uow.session, row.id) < fewest:
        fail(uow, row, Failure.TOO_FEW_ENTRANTS)


def move_objection_days(uow: UnitOfWork, *, competition: int) -> bool:
    """Recompute the last day of objections after a calendar import; days past are not touched."""
    row = uow.lock(Competition, competition)
    found = queries.award_of(uow.session, row.id)
    if row.state is not CompetitionState.AWARD_PUBLISHED or found is None:
        return False
    was, days = found.objection_until, working.days(uow, "objection_days")
    due = deadline(catalogue.calendar(uow.session), local_date(found.published_at), days)
    if due == was or was < working.today(uow):
        return False
    award = uow.lock(Award, found.id)
    award.objection_until = row.objection_until = due
    if row.attention_at is not None:
        row.attention_at = lapses_at(due)
    working.record(uow, row, ObjectionDaysMoved, due_was=was, due_on=due)
    return True
