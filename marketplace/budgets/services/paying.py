"""Payments: proposed by one person, approved or refused by another, never above the contract."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from marketplace.budgets import policy
from marketplace.budgets.events import (
    PaymentApproved,
    PaymentEvent,
    PaymentProposed,
    PaymentRefused,
)
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.rules import Bucket, EntryKind, PaymentState, check_payment, step
from marketplace.budgets.services.ledger import Why, end_if_empty, move, release
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date

E = TypeVar("E", bound=PaymentEvent)


@dataclass(frozen=True)
class PaymentRef:
    """A payment that was just proposed."""

    id: int
    public_id: str
    number: str


@dataclass(frozen=True)
class Paying:
    """A payment with the hold and the line it is paid from, all locked."""

    line: BudgetLine
    hold: BudgetHold
    payment: Payment


def lock_hold(uow: UnitOfWork, key: int | str) -> tuple[BudgetLine, BudgetHold]:
    """Lock a hold after its line; to other departments it does not exist (`NotFound`)."""
    line_id = uow.find(BudgetHold, key).line_id
    line = uow.lock(BudgetLine, line_id)
    if not policy.may_see(uow.actor, line):
        raise NotFound
    return line, uow.lock(BudgetHold, key)


def lock_payment(uow: UnitOfWork, key: int | str) -> Paying:
    """Lock a payment after its line and hold."""
    line, hold = lock_hold(uow, uow.find(Payment, key).hold_id)
    return Paying(line, hold, uow.lock(Payment, key))


def record(uow: UnitOfWork, paying: Paying, event: type[E], **facts: Any) -> None:
    """Record an event of this payment."""
    uow.record(
        event(
            subject_id=paying.payment.id,
            department_id=paying.line.department_id,
            line_id=paying.line.id,
            hold_id=paying.hold.id,
            amount_fen=paying.payment.amount_fen,
            to_kind=paying.hold.purpose_kind,
            to_id=paying.hold.purpose_id,
            **facts,
        )
    )


def approval_day(uow: UnitOfWork, proposed_on: date) -> date:
    """The day by which a payment proposed on that day has to be decided."""
    days = catalogue.rule(uow.session, "payment.approval_days", proposed_on)
    return deadline(catalogue.calendar(uow.session), proposed_on, days)


def propose_payment(
    uow: UnitOfWork, *, hold: int | str, amount_fen: int, note: str = "", final: bool = False
) -> PaymentRef:
    """Propose to pay for accepted work, to another person.

    All payments together stay within the contract. A final one gives what is left of the contract
    back to the line when it is approved.
    """
    line, row = lock_hold(uow, hold)
    payable = row.committed_fen - row.proposed_fen
    standing = policy.HoldStanding(line.department_id, row.payable_on, payable)
    policy.may_propose_payment(uow.actor, standing).require()
    check_payment(amount_fen, payable)
    today = local_date(uow.now)
    due = approval_day(uow, today)
    row.proposed_fen += amount_fen
    payment = uow.add(
        Payment(
            number=next_number(uow.session, "ZF", today.year),
            hold_id=row.id,
            amount_fen=amount_fen,
            final=final,
            note=note.strip(),
            proposer_id=uow.user_id,
            proposed_at=uow.now,
            approve_by=due,
            attention_at=lapses_at(due),
        )
    )
    paying = Paying(line, row, payment)
    record(uow, paying, PaymentProposed, number=payment.number, approve_by=due)
    return PaymentRef(payment.id, payment.public_id, payment.number)


def _decide(uow: UnitOfWork, key: int | str, outcome: PaymentState) -> Paying:
    paying = lock_payment(uow, key)
    payment = paying.payment
    standing = policy.PaymentStanding(paying.line.department_id, payment.state, payment.proposer_id)
    policy.may_decide_payment(uow.actor, standing).require()
    payment.state = step(payment.state, outcome)
    payment.decider_id, payment.decided_at = uow.user_id, uow.now
    payment.attention_at = None
    paying.hold.proposed_fen -= payment.amount_fen
    return paying


def approve_payment(uow: UnitOfWork, *, payment: int | str) -> None:
    """Another person approves: the money is paid, and after a final payment the rest released.

    Refuses the proposer, and a final payment while another one still awaits approval.
    """
    paying = _decide(uow, payment, PaymentState.APPROVED)
    line, hold, row = paying.line, paying.hold, paying.payment
    if row.final and hold.proposed_fen:
        raise Refused("budget.payment_open")
    why = Why(hold_id=hold.id, payment_id=row.id)
    way = (Bucket.COMMITTED, Bucket.PAID)
    hold.committed_fen -= row.amount_fen
    hold.paid_fen += row.amount_fen
    move(uow, line, EntryKind.PAY, way, row.amount_fen, why)
    rest = hold.committed_fen if row.final else 0
    release(uow, line, hold, Bucket.COMMITTED, rest, why)
    settled = end_if_empty(hold)
    uow.flush()
    record(uow, paying, PaymentApproved, released_fen=rest, settled=settled)


def refuse_payment(uow: UnitOfWork, *, payment: int | str, reason: str) -> None:
    """Another person refuses, with a reason; what was proposed may be proposed anew."""
    reason = required(reason, "reason")
    paying = _decide(uow, payment, PaymentState.REFUSED)
    paying.payment.reason = reason
    uow.flush()
    record(uow, paying, PaymentRefused)
