"""How an engagement ends: terminated, paid, closed; and what time does: reminders, lapses."""

from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import lapses_at
from marketplace.engagements import events, policy, rules
from marketplace.engagements.models import Engagement, SettledDay
from marketplace.engagements.queries import standings
from marketplace.engagements.rules import Side, State, Told
from marketplace.engagements.services import working
from marketplace.engagements.services.beginning import cancel
from marketplace.engagements.services.doing import end_open_pause
from marketplace.engagements.services.working import release, step_back
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date


def terminate_engagement(uow: UnitOfWork, *, engagement: int | str, reason: str) -> None:
    """End it before acceptance, with reasons; claim and money go back."""
    row, standing = working.lock_engagement(uow, engagement)
    policy.may_terminate(uow.actor, standing).require()
    reason = required(reason, "reason")
    was = end(uow, row)
    tell_end(uow, row, was, reason)


def end_for_project(uow: UnitOfWork, *, engagement: int, cause: str, reason: str = "") -> None:
    """The project is not active any more: what has no contract is cancelled, the rest terminated.

    An award goes to nobody else then. Called by the feature that asks the client, inside its own
    act, which has asked who may.
    """
    row = uow.lock(Engagement, engagement)
    if row.state in rules.TERMINABLE:
        tell_end(uow, row, end(uow, row), reason)
        return
    cancel(uow, row, cause=cause, reason=reason)


def end(uow: UnitOfWork, row: Engagement) -> State:
    """Take the last step: the clock stops, claim and money go back; returns the state left."""
    was = row.state
    end_open_pause(uow, row)
    working.enter(uow, row, State.TERMINATED)
    release(uow, row)
    return was


def tell_end(uow: UnitOfWork, row: Engagement, was: State, reason: str) -> None:
    """Record an end with its reasons, and with the successor if there is one."""
    uow.record(events.EngagementTerminated.of(row, was=was.value), words=reason)


def note_asked_payment(
    uow: UnitOfWork, *, engagement: int, payment_id: int, amount_fen: int
) -> None:
    """A payment out of the department's budget was proposed: the history tells of it."""
    row = uow.lock(Engagement, engagement)
    policy.may_settle(uow.actor).require()
    uow.record(events.PaymentAsked.of(row, payment_id=payment_id, amount_fen=amount_fen))


def note_payment(uow: UnitOfWork, *, engagement: int, amount_fen: int) -> None:
    """A payment was approved: add it up, and close the engagement when nothing is owed."""
    row = uow.lock(Engagement, engagement)
    policy.may_settle(uow.actor).require()
    row.paid_fen += amount_fen
    rest = max(0, (row.amount_fen or 0) - row.paid_fen)
    uow.record(events.EngagementPaid.of(row, amount_fen=amount_fen, rest_fen=rest))
    close_when_done(uow, row)


def note_rating(uow: UnitOfWork, *, engagement: int | str) -> None:
    """The client has rated: close the engagement when nothing else is owed.

    Called by the rating's own act, which has recorded its event.
    """
    row = uow.lock(Engagement, engagement)
    row.rated_at = row.rated_at or uow.now
    close_when_done(uow, row)


def close_when_done(uow: UnitOfWork, row: Engagement) -> bool:
    """Close an accepted engagement that owes nothing any more; True when it was closed.

    Rated, or the days for rating are over; and where a department pays, paid or released.
    """
    if row.state is not State.ACCEPTED or not _rating_over(uow, row):
        return False
    if standings.money_is_owed(uow.session, row):
        return False
    working.enter(uow, row, State.CLOSED)
    uow.record(events.EngagementClosed.of(row, rated=row.rated_at is not None))
    return True


def _rating_over(uow: UnitOfWork, row: Engagement) -> bool:
    due = row.turn_due_on
    return row.rated_at is not None or (due is not None and local_date(uow.now) > due)


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
    uow.record(
        events.EngagementDueSoon.of(
            row, what=rules.AWAITED[row.state], due_on=due, owes=_owing(row)
        )
    )


def _settle_end(uow: UnitOfWork, row: Engagement, due: date) -> None:
    if rules.lapses(row.state, row.origin):
        was = row.state
        working.enter(uow, row, State.LAPSED)
        step_back(uow, row)
        uow.record(events.EngagementLapsed.of(row, was=was.value, due_on=due))
    elif not close_when_done(uow, row):
        row.told, row.attention_at = Told.OVER, None
        what = "payment" if row.state is State.ACCEPTED else rules.AWAITED[row.state]
        uow.record(events.EngagementOverdue.of(row, what=what, due_on=due, owes=_owing(row)))


def _owing(row: Engagement) -> str:
    return rules.owes(row.state, row.paused_by, row.contract_owed_by) or Side.CLIENT


def settle_days(uow: UnitOfWork, *, through: date) -> int:
    """Keep how every day up to `through` is counted, so that no later import recounts it.

    Begins where the last settling ended, at first with the day of the earliest start.
    """
    policy.may_settle(uow.actor).require()
    day = standings.first_unsettled(uow.session, through)
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
    attention, reminder = row.attention_at, row.remind_on
    if was is None or was < today:
        return False
    working.reschedule(uow, row)
    if row.turn_due_on == was or row.turn_due_on is None:
        # The reminder of a day that stays is kept where it was announced.
        row.told, row.attention_at, row.remind_on = told, attention, reminder
        return False
    working.tell_moved(uow, row, rules.AWAITED[row.state], was, row.turn_due_on)
    return True
