"""Accepted work that the approving department gives back, for the feature that keeps its verdicts.

That feature has recorded its event; what is held for the payment follows in the same act.
"""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.budgets.services import holding
from marketplace.engagements.models import Engagement
from marketplace.engagements.queries.facts import days_used
from marketplace.engagements.queries.standings import counting_calendar
from marketplace.engagements.rules import ClientKind, State, Verdict
from marketplace.engagements.services import working
from marketplace.engagements.services.doing import end_open_pause
from marketplace.engagements.services.working import RECORD
from marketplace.infra.rows import LATER, row_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class JudgedWork:
    """Work as it is held for a verdict.

    `versions` is how many were delivered, `accepted` the one that was accepted last where no other
    followed it, `given_back` whether it came back from there.
    """

    id: int
    number: str
    project_id: int
    item_code: str
    item_version_id: int
    listing_id: int
    client_id: int
    client_kind: ClientKind
    provider_id: int
    state: State
    versions: int
    accepted: int | None
    given_back: bool


@dataclass(frozen=True)
class Rework:
    """The second clock: since when it runs, and its limit in working days."""

    since: datetime
    days: int


_WORK = row_of(JudgedWork, Engagement, versions=LATER, accepted=LATER, given_back=LATER)


def hold_judged(uow: UnitOfWork, *, engagement: int) -> JudgedWork:
    """Lock the work for what the approving department says of it."""
    return _judged(uow.lock(Engagement, engagement))


def _judged(row: Engagement) -> JudgedWork:
    last = row.deliveries[-1] if row.deliveries else None
    accepted = last.version if last is not None and last.verdict is Verdict.ACCEPTED else None
    reworked = State.RETURNED in {row.state, row.resumes_to}
    return _WORK.of(
        row,
        versions=len(row.deliveries),
        accepted=accepted,
        given_back=accepted is not None and reworked,
    )


def give_back(uow: UnitOfWork, *, engagement: int, days: int) -> date:
    """Accepted work goes back to the institution: a second clock of so many working days starts.

    What the first one counted stays as it is; nothing is paid until the work is accepted again.
    Returns the last day.
    """
    row = uow.lock(Engagement, engagement)
    row.days_used = days_used(counting_calendar(uow.session, local_date(row.requested_at)), row)
    row.accepted_at = None
    row.rework_since, row.rework_days = uow.now, days
    working.enter(uow, row, State.RETURNED)
    holding.withhold(uow, purpose_kind=RECORD, purpose_id=row.id)
    return row.turn_due_on or local_date(uow.now)


def accept_again(uow: UnitOfWork, *, engagement: int, before: Rework | None) -> None:
    """The verdict was corrected: the work is accepted as it was, and the second clock is void.

    `before` is the clock of an earlier verdict that still counts.
    """
    row = uow.lock(Engagement, engagement)
    if row.state is State.PAUSED:
        end_open_pause(uow, row)
        working.enter(uow, row, State.RETURNED)
    row.accepted_at = row.deliveries[-1].answered_at
    row.rework_since = before.since if before else None
    row.rework_days = before.days if before else None
    working.enter(uow, row, State.ACCEPTED)
    holding.make_payable(uow, purpose_kind=RECORD, purpose_id=row.id)
