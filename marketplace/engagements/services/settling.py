"""What time does to an engagement: reminders, lapses, red lights, closing; days that settle."""

from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import lapses_at
from marketplace.engagements import policy, queries, rules
from marketplace.engagements.events import (
    DueMoved,
    EngagementDueSoon,
    EngagementLapsed,
    EngagementOverdue,
)
from marketplace.engagements.models import Engagement, SettledDay
from marketplace.engagements.rules import Side, State, Told
from marketplace.engagements.services import working
from marketplace.engagements.services.closing import close_when_done
from marketplace.engagements.services.giving_up import step_back
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date


def settle_engagement(uow: UnitOfWork, *, engagement: int | str) -> bool:
    """Do what fell due: remind, lapse, tell of a red light, close; False when nothing is due."""
    policy.may_settle(uow.actor).require()
    row = uow.lock(Engagement, engagement)
    if row.attention_at is None or row.attention_at > uow.now or row.turn_due_on is None:
        return False
    if uow.now < lapses_at(row.turn_due_on):
        _remind(uow, row, row.turn_due_on)
    else:
        _settle_end(uow, row, row.turn_due_on)
    return True


def _remind(uow: UnitOfWork, row: Engagement, due: date) -> None:
    row.told, row.attention_at = Told.SOON, lapses_at(due)
    working.record(
        uow,
        row,
        EngagementDueSoon,
        what=rules.AWAITED[row.state],
        due_on=due,
        owes=_owing(row),
    )


def _settle_end(uow: UnitOfWork, row: Engagement, due: date) -> None:
    if row.state in {State.REQUESTED, State.TAKEN_ON}:
        was = row.state
        working.enter(uow, row, State.LAPSED)
        step_back(uow, row)
        working.record(uow, row, EngagementLapsed, was=was.value, due_on=due)
    elif not close_when_done(uow, row):
        row.told, row.attention_at = Told.OVER, None
        what = "payment" if row.state is State.ACCEPTED else rules.AWAITED[row.state]
        working.record(uow, row, EngagementOverdue, what=what, due_on=due, owes=_owing(row))


def _owing(row: Engagement) -> str:
    return rules.owes(row.state, row.paused_by) or Side.CLIENT


def settle_days(uow: UnitOfWork, *, through: date) -> int:
    """Keep how every day up to `through` is counted, so that no later import recounts it.

    Begins where the last settling ended, at first with the day of the earliest start.
    """
    policy.may_settle(uow.actor).require()
    day = queries.first_unsettled(uow.session, through)
    calendar, count = catalogue.calendar(uow.session), 0
    while day <= through:
        try:
            with uow.session.begin_nested():
                uow.session.add(
                    SettledDay(day=day, is_workday=calendar.is_workday(day), settled_at=uow.now)
                )
            count += 1
        except IntegrityError:
            # Another worker has settled it.
            pass
        day += timedelta(days=1)
    return count


def move_due_day(uow: UnitOfWork, *, engagement: int) -> bool:
    """Recompute the due days after a calendar import; days already come are counted as before."""
    policy.may_settle(uow.actor).require()
    row = uow.lock(Engagement, engagement)
    today, was, told = local_date(uow.now), row.turn_due_on, row.told
    attention = row.attention_at
    if was is None or was < today:
        return False
    working.reschedule(uow, row)
    if row.turn_due_on == was or row.turn_due_on is None:
        row.told, row.attention_at = told, attention
        return False
    working.record(
        uow,
        row,
        DueMoved,
        what=rules.AWAITED[row.state],
        due_was=was,
        due_on=row.turn_due_on,
    )
    return True
