"""What time does to payments: a missed day is told once, a new calendar moves days to come."""

from marketplace.budgets.events import (
    FundsDueMoved,
    FundsOverdue,
    PaymentDueMoved,
    PaymentOverdue,
)
from marketplace.budgets.services import holding, paying
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date


def escalate_payment(uow: UnitOfWork, *, payment: int) -> bool:
    """Nobody decided in time: told once; False when another worker was first."""
    found = paying.lock_payment(uow, payment)
    row = found.payment
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    row.attention_at = None
    paying.record(uow, found, PaymentOverdue, approve_by=row.approve_by)
    return True


def escalate_hold(uow: UnitOfWork, *, hold: int) -> bool:
    """Accepted work was not paid in time: told once; False when another worker was first."""
    line, row = paying.lock_hold(uow, hold)
    if row.attention_at is None or row.attention_at > uow.now or row.pay_by is None:
        return False
    row.attention_at = None
    holding.record(uow, line, row, FundsOverdue, row.committed_fen, pay_by=row.pay_by)
    return True


def move_payment_day(uow: UnitOfWork, *, payment: int) -> bool:
    """Recompute the day of a payment after a calendar import; days past are never touched."""
    found = paying.lock_payment(uow, payment)
    row = found.payment
    was, due = row.approve_by, paying.approval_day(uow, local_date(row.proposed_at))
    if row.attention_at is None or was < local_date(uow.now) or due == was:
        return False
    row.approve_by, row.attention_at = due, lapses_at(due)
    paying.record(uow, found, PaymentDueMoved, due_was=was, due_on=due)
    return True


def move_pay_day(uow: UnitOfWork, *, hold: int) -> bool:
    """Recompute the day by which accepted work has to be paid; days past are never touched."""
    line, row = paying.lock_hold(uow, hold)
    was = row.pay_by
    if row.payable_on is None or was is None or row.attention_at is None:
        return False
    days = catalogue.rule(uow.session, "payment.after_acceptance_days", row.payable_on)
    due = deadline(catalogue.calendar(uow.session), row.payable_on, days)
    if was < local_date(uow.now) or due == was:
        return False
    row.pay_by, row.attention_at = due, lapses_at(due)
    holding.record(uow, line, row, FundsDueMoved, row.committed_fen, due_was=was, due_on=due)
    return True
