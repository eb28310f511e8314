"""Money kept for a purpose: reserved, committed, given back, taken over; and what time brings."""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select, update

from marketplace.budgets import policy
from marketplace.budgets.events import (
    FundsCarriedIn,
    FundsCarriedOut,
    FundsCommitted,
    FundsDueMoved,
    FundsEvent,
    FundsOverdue,
    FundsPayable,
    FundsReleased,
    FundsReserved,
    PaymentDueMoved,
    PaymentOverdue,
)
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.rules import Bucket, EntryKind, PaymentState, check_amount, check_contract
from marketplace.budgets.services import paying
from marketplace.budgets.services.ledger import Why, end_if_empty, move, next_years_line, release
from marketplace.budgets.services.paying import lock_hold
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date

E = TypeVar("E", bound=FundsEvent)

Held = tuple[BudgetLine, BudgetHold]


def find_hold(uow: UnitOfWork, purpose_kind: str, purpose_id: int) -> Held | None:
    """The active hold of a purpose with its line, both locked: the line first, always."""
    found = _active(uow, purpose_kind, purpose_id)
    if found is None:
        return None
    line, hold = uow.lock(BudgetLine, found.line_id), uow.lock(BudgetHold, found.id)
    still = (hold.purpose_kind, hold.purpose_id) == (purpose_kind, purpose_id)
    return (line, hold) if hold.active and still else None


def _active(uow: UnitOfWork, purpose_kind: str, purpose_id: int) -> BudgetHold | None:
    query = select(BudgetHold).where(
        BudgetHold.purpose_kind == purpose_kind,
        BudgetHold.purpose_id == purpose_id,
        BudgetHold.active,
    )
    return uow.session.scalars(query).one_or_none()


def record(
    uow: UnitOfWork, line: BudgetLine, hold: BudgetHold, event: type[E], amount: int, **facts: Any
) -> None:
    """Record what happened to money of the line that is held for a purpose."""
    uow.record(
        event(
            subject_id=line.id,
            department_id=line.department_id,
            hold_id=hold.id,
            amount_fen=amount,
            purpose_kind=hold.purpose_kind,
            purpose_id=hold.purpose_id,
            **facts,
        )
    )


def reserve(
    uow: UnitOfWork,
    *,
    line_id: int | str,
    amount_fen: int,
    purpose_kind: str,
    purpose_id: int,
    item_code: str | None = None,
) -> int:
    """Reserve money of a line of this fiscal year for a purpose; return the hold's key.

    Refuses what is not free (`budget.not_enough` says what is), another department's line, a line
    of another year or kept for another item, and a purpose for which money is held already.
    """
    line = uow.lock(BudgetLine, line_id)
    policy.may_use_line(uow.actor, line).require()
    if line.fiscal_year != local_date(uow.now).year:
        raise Refused("budget.not_this_year", year=line.fiscal_year)
    if item_code is not None and line.item_code not in {None, item_code}:
        raise Refused("budget.other_item")
    check_amount(amount_fen)
    if _active(uow, purpose_kind, purpose_id) is not None:
        raise Refused("budget.already_held")
    hold = uow.add(
        BudgetHold(
            line_id=line.id,
            purpose_kind=purpose_kind,
            purpose_id=purpose_id,
            origin_kind=purpose_kind,
            origin_id=purpose_id,
            made_at=uow.now,
            reserved_fen=amount_fen,
        )
    )
    way = (Bucket.FREE, Bucket.RESERVED)
    move(uow, line, EntryKind.RESERVE, way, amount_fen, Why(hold_id=hold.id))
    record(uow, line, hold, FundsReserved, amount_fen)
    return hold.id


def commit_hold(
    uow: UnitOfWork,
    *,
    purpose_kind: str,
    purpose_id: int,
    amount_fen: int,
    to_kind: str = "engagement",
    to_id: int,
) -> int:
    """Commit what is reserved to a contract of this amount; the rest goes back to the line.

    Refuses a contract above what is reserved, and a second one for the same engagement. From
    here on the money is held for `to`, and payments together stay within the contract. Returns
    the hold's key.
    """
    found = find_hold(uow, purpose_kind, purpose_id)
    if found is None:
        raise Refused("budget.no_hold")
    line, hold = found
    check_amount(amount_fen)
    check_contract(amount_fen, hold.reserved_fen)
    if _active(uow, to_kind, to_id) is not None:
        raise Refused("budget.already_held")
    why = Why(hold_id=hold.id)
    move(uow, line, EntryKind.COMMIT, (Bucket.RESERVED, Bucket.COMMITTED), amount_fen, why)
    hold.reserved_fen -= amount_fen
    hold.committed_fen = hold.contract_fen = amount_fen
    hold.purpose_kind, hold.purpose_id = to_kind, to_id
    rest = release(uow, line, hold, Bucket.RESERVED, hold.reserved_fen, why)
    uow.flush()
    record(uow, line, hold, FundsCommitted, amount_fen, released_fen=rest)
    return hold.id


def release_hold(uow: UnitOfWork, *, purpose_kind: str, purpose_id: int) -> int:
    """Give back to the line whatever is still reserved or committed for a purpose; return the fen.

    Where nothing is held (any more) nothing happens. Refused while a payment awaits approval.
    """
    found = find_hold(uow, purpose_kind, purpose_id)
    if found is None:
        return 0
    line, hold = found
    if hold.proposed_fen:
        raise Refused("budget.payment_open")
    why = Why(hold_id=hold.id)
    given = release(uow, line, hold, Bucket.RESERVED, hold.reserved_fen, why)
    given += release(uow, line, hold, Bucket.COMMITTED, hold.committed_fen, why)
    end_if_empty(hold)
    uow.flush()
    record(uow, line, hold, FundsReleased, given)
    return given


def make_payable(
    uow: UnitOfWork, *, purpose_kind: str = "engagement", purpose_id: int
) -> date | None:
    """The work is accepted: what is committed to it may be paid, and the clock of payment runs.

    Returns the day by which to pay; None where no department's money is committed. Done twice, it
    keeps the first day.
    """
    found = find_hold(uow, purpose_kind, purpose_id)
    if found is None or not found[1].committed_fen:
        return None
    line, hold = found
    if hold.pay_by is not None:
        return hold.pay_by
    today = local_date(uow.now)
    days = catalogue.rule(uow.session, "payment.after_acceptance_days", today)
    due = deadline(catalogue.calendar(uow.session), today, days)
    hold.payable_on, hold.pay_by, hold.attention_at = today, due, lapses_at(due)
    uow.flush()
    record(uow, line, hold, FundsPayable, hold.committed_fen, pay_by=due)
    return due


def carry_over(uow: UnitOfWork, *, hold: int) -> bool:
    """Carry an unpaid commitment of a year that is over into the next year's line.

    The appropriation goes with it: by a pair of entries, the second naming the first. Payments
    that await approval go along. Done twice, the second time nothing is left to carry.
    """
    line, old = lock_hold(uow, hold)
    amount = old.committed_fen
    if not amount or line.fiscal_year >= local_date(uow.now).year:
        return False
    target = next_years_line(uow, line)
    new = _take_over(uow, old, target, amount)
    out = move(
        uow, line, EntryKind.CARRY, (Bucket.COMMITTED, Bucket.OUTSIDE), amount, Why(hold_id=old.id)
    )
    why = Why(hold_id=new.id, counterpart_id=out.id)
    move(uow, target, EntryKind.CARRY, (Bucket.OUTSIDE, Bucket.COMMITTED), amount, why)
    record(uow, line, old, FundsCarriedOut, amount, other_line_id=target.id)
    record(uow, target, new, FundsCarriedIn, amount, other_line_id=line.id)
    return True


def _take_over(uow: UnitOfWork, old: BudgetHold, target: BudgetLine, amount: int) -> BudgetHold:
    """The hold on the new line; the old one ends with what was paid from it."""
    new = BudgetHold(
        line_id=target.id,
        purpose_kind=old.purpose_kind,
        purpose_id=old.purpose_id,
        origin_kind=old.origin_kind,
        origin_id=old.origin_id,
        committed_fen=amount,
        contract_fen=amount,
        proposed_fen=old.proposed_fen,
        made_at=uow.now,
        payable_on=old.payable_on,
        pay_by=old.pay_by,
        attention_at=old.attention_at,
        carried_from_id=old.id,
    )
    old.committed_fen, old.proposed_fen = 0, 0
    end_if_empty(old)
    uow.flush()
    uow.add(new)
    uow.session.execute(
        update(Payment)
        .where(Payment.hold_id == old.id, Payment.state == PaymentState.PROPOSED)
        .values(hold_id=new.id)
        .execution_options(synchronize_session=False)
    )
    return new


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
    record(uow, line, row, FundsOverdue, row.committed_fen, pay_by=row.pay_by)
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
    record(uow, line, row, FundsDueMoved, row.committed_fen, due_was=was, due_on=due)
    return True
