"""What becomes of an award before its contract, for a feature above that has asked who may."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.competitions.rules import Failure
from marketplace.engagements import events
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import Side, State, Told
from marketplace.engagements.services import beginning, working
from marketplace.infra.rows import row_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class AwardedWork:
    """The work of an award as it is held, and whose turn its contract is."""

    id: int
    project_id: int
    region_code: str
    item_code: str
    listing_id: int
    client_id: int
    provider_id: int
    contract_owed_by: Side | None


@dataclass(frozen=True)
class LetLie:
    """Who had the turn of the contract of an award, from when to when, and did nothing."""

    work: AwardedWork
    competition_id: int
    side: Side
    since: datetime
    until: date


_WORK = row_of(AwardedWork, Engagement)


def hold_award(uow: UnitOfWork, *, engagement: int | str) -> AwardedWork:
    """Lock the work of an award for an act about it."""
    return _WORK.of(uow.lock(Engagement, engagement))


def hold_let_lie(uow: UnitOfWork, *, engagement: int) -> LetLie | None:
    """Lock the work of an award whose contract is overdue by now; None where it is not any more."""
    row = uow.lock(Engagement, engagement)
    side, since, until = row.contract_owed_by, row.contract_owed_since, row.turn_due_on
    if row.competition_id is None or row.told is not Told.OVER:
        return None
    if side is None or since is None or until is None:
        return None
    return LetLie(_WORK.of(row), row.competition_id, side, since, until)


def give_new_term(uow: UnitOfWork, *, engagement: int) -> date:
    """Whoever has the turn has the days of the rulebook anew; returns the last of them."""
    row = uow.lock(Engagement, engagement)
    working.owes_contract(uow, row, row.contract_owed_by)
    working.reschedule(uow, row)
    return row.turn_due_on or local_date(uow.now)


def decline_award(uow: UnitOfWork, *, engagement: int) -> None:
    """The winner counts as having declined: the next in order follows."""
    row = uow.lock(Engagement, engagement)
    working.enter(uow, row, State.DECLINED)
    working.step_back(uow, row)
    uow.record(events.EngagementDeclined.of(row))


def cancel_award(uow: UnitOfWork, *, engagement: int, why: Failure, cause: str) -> None:
    """The competition fails and the work ends with it; `cause` says why, as a code of words."""
    beginning.cancel(uow, uow.lock(Engagement, engagement), cause=cause, fails=why)
