"""Payments: proposed by one person, approved or refused by another, never above the contract."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.budgets import events, policy
from marketplace.budgets.models import BudgetHold, BudgetLine, LedgerEntry, Payment
from marketplace.budgets.rules import Bucket, EntryKind, PaymentState, check_payment, step
from marketplace.budgets.services.ledger import end_if_empty, lock_hold, move, release
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date


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

    def told_as(self, event: type[events.PaymentEvent], **facts: Any) -> events.PaymentEvent:
        """An event of this payment."""
        return event.of(
            self.payment,
            department_id=self.line.department_id,
            line_id=self.line.id,
            to_kind=self.hold.purpose_kind,
            to_id=self.hold.purpose_id,
            **facts,
        )


def _lock(uow: UnitOfWork, key: int | str) -> Paying:
    line, hold = lock_hold(uow, uow.find(Payment, key).hold_id)
    return Paying(line, hold, uow.lock(Payment, key))


def _approval_day(uow: UnitOfWork, proposed_on: date) -> date:
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
    withheld = row.withheld_on is not None
    standing = policy.HoldStanding(line.department_id, row.payable_on, payable, withheld)
    policy.may_propose_payment(uow.actor, standing).require()
    check_payment(amount_fen, payable)
    today = local_date(uow.now)
    due = _approval_day(uow, today)
    row.proposed_fen += amount_fen
    payment = uow.add(
        Payment(
            number=next_number(uow.session, "ZF", today.year),
            hold_id=row.id,
            amount_fen=amount_fen,
            final=final,
            note=optional(note, "note"),
            proposer_id=uow.user_id,
            proposed_at=uow.now,
            approve_by=due,
            attention_at=lapses_at(due),
        )
    )
    uow.record(Paying(line, row, payment).told_as(events.PaymentProposed))
    return PaymentRef(payment.id, payment.public_id, payment.number)


def _decide(uow: UnitOfWork, key: int | str, outcome: PaymentState) -> Paying:
    paying = _lock(uow, key)
    payment = paying.payment
    standing = policy.PaymentStanding(
        paying.line.department_id,
        payment.state,
        payment.proposer_id,
        withheld=paying.hold.withheld_on is not None,
    )
    if outcome is PaymentState.APPROVED:
        policy.may_approve_payment(uow.actor, standing).require()
    else:
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
    left = hold.committed_fen - row.amount_fen
    rest = left if row.final else 0
    approved = paying.told_as(events.PaymentApproved, released_fen=rest, settled=left == rest)
    told = uow.record(approved)
    entry = LedgerEntry(
        kind=EntryKind.PAY,
        source=Bucket.COMMITTED,
        target=Bucket.PAID,
        amount_fen=row.amount_fen,
        event_id=told.id,
        payment_id=row.id,
    )
    move(uow, line, entry, hold)
    if row.final:
        release(uow, line, hold, told.id, Bucket.COMMITTED, row.id)
    end_if_empty(hold)


def refuse_payment(uow: UnitOfWork, *, payment: int | str, reason: str) -> None:
    """Another person refuses, with a reason; what was proposed may be proposed anew."""
    reason = required(reason, "reason")
    paying = _decide(uow, payment, PaymentState.REFUSED)
    paying.payment.reason = reason
    uow.record(paying.told_as(events.PaymentRefused))


def escalate_payment(uow: UnitOfWork, *, payment: int) -> bool:
    """Nobody decided in time: told once; False when another worker was first."""
    paying = _lock(uow, payment)
    row = paying.payment
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    row.attention_at = None
    uow.record(paying.told_as(events.PaymentOverdue))
    return True


def move_payment_day(uow: UnitOfWork, *, payment: int) -> bool:
    """Recompute the day of a payment after a calendar import; days past are never touched."""
    paying = _lock(uow, payment)
    row = paying.payment
    was, due = row.approve_by, _approval_day(uow, local_date(row.proposed_at))
    if row.attention_at is None or was < local_date(uow.now) or due == was:
        return False
    row.approve_by, row.attention_at = due, lapses_at(due)
    uow.record(paying.told_as(events.PaymentDueMoved, due_was=was, due_on=due))
    return True
