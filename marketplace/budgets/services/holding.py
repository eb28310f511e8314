"""Money kept for a purpose: reserved, committed, given back, taken over; and what time brings."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from marketplace.budgets import events, policy
from marketplace.budgets.models import BudgetHold, BudgetLine, LedgerEntry, Payment
from marketplace.budgets.rules import Bucket, EntryKind, PaymentState, check_amount, check_contract
from marketplace.budgets.services import ledger
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


def _find_hold(
    uow: UnitOfWork, purpose_kind: str, purpose_id: int
) -> tuple[BudgetLine, BudgetHold] | None:
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


def _tell(
    uow: UnitOfWork,
    event: type[events.FundsEvent],
    line: BudgetLine,
    hold: BudgetHold,
    amount_fen: int,
    **facts: Any,
) -> EventRecord:
    """Record what happened to money of the line that is held for a purpose."""
    told = event.of(
        line,
        hold_id=hold.id,
        amount_fen=amount_fen,
        purpose_kind=hold.purpose_kind,
        purpose_id=hold.purpose_id,
        **facts,
    )
    return uow.record(told)


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
        )
    )
    told = _tell(uow, events.FundsReserved, line, hold, amount_fen)
    entry = LedgerEntry(
        kind=EntryKind.RESERVE,
        source=Bucket.FREE,
        target=Bucket.RESERVED,
        amount_fen=amount_fen,
        event_id=told.id,
    )
    ledger.move(uow, line, entry, hold)
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
    found = _find_hold(uow, purpose_kind, purpose_id)
    if found is None:
        raise Refused("budget.no_hold")
    line, hold = found
    check_amount(amount_fen)
    check_contract(amount_fen, hold.reserved_fen)
    if _active(uow, to_kind, to_id) is not None:
        raise Refused("budget.already_held")
    hold.contract_fen = amount_fen
    hold.purpose_kind, hold.purpose_id = to_kind, to_id
    rest = hold.reserved_fen - amount_fen
    told = _tell(uow, events.FundsCommitted, line, hold, amount_fen, released_fen=rest)
    entry = LedgerEntry(
        kind=EntryKind.COMMIT,
        source=Bucket.RESERVED,
        target=Bucket.COMMITTED,
        amount_fen=amount_fen,
        event_id=told.id,
    )
    ledger.move(uow, line, entry, hold)
    ledger.release(uow, line, hold, told.id, Bucket.RESERVED)
    return hold.id


def release_hold(uow: UnitOfWork, *, purpose_kind: str, purpose_id: int) -> int:
    """Give back to the line whatever is still reserved or committed for a purpose; return the fen.

    Where nothing is held (any more) nothing happens. Refused while a payment awaits approval.
    """
    found = _find_hold(uow, purpose_kind, purpose_id)
    if found is None:
        return 0
    line, hold = found
    if hold.proposed_fen:
        raise Refused("budget.payment_open")
    given = hold.reserved_fen + hold.committed_fen
    told = _tell(uow, events.FundsReleased, line, hold, given)
    ledger.release(uow, line, hold, told.id, Bucket.RESERVED)
    ledger.release(uow, line, hold, told.id, Bucket.COMMITTED)
    ledger.end_if_empty(hold)
    return given


def make_payable(
    uow: UnitOfWork, *, purpose_kind: str = "engagement", purpose_id: int
) -> date | None:
    """The work is accepted: what is committed to it may be paid, and the clock of payment runs.

    Returns the day by which to pay; None where no department's money is committed. Done twice, it
    keeps the first day.
    """
    found = _find_hold(uow, purpose_kind, purpose_id)
    if found is None or not found[1].committed_fen:
        return None
    line, hold = found
    if hold.pay_by is not None:
        return hold.pay_by
    today = local_date(uow.now)
    due = _pay_day(uow, today)
    hold.payable_on, hold.pay_by, hold.attention_at = today, due, lapses_at(due)
    hold.withheld_on = None
    _tell(uow, events.FundsPayable, line, hold, hold.committed_fen, pay_by=due)
    return due


def withhold(uow: UnitOfWork, *, purpose_kind: str = "engagement", purpose_id: int) -> None:
    """Accepted work was given back: nothing is paid for it until it is accepted again.

    Nothing happens where no department's money is committed, or nothing was payable.
    """
    found = _find_hold(uow, purpose_kind, purpose_id)
    if found is None or found[1].payable_on is None:
        return
    line, hold = found
    hold.payable_on = hold.pay_by = hold.attention_at = None
    hold.withheld_on = local_date(uow.now)
    _tell(uow, events.FundsWithheld, line, hold, hold.committed_fen)


def _pay_day(uow: UnitOfWork, accepted_on: date) -> date:
    """The day by which work accepted on that day has to be paid."""
    days = catalogue.rule(uow.session, "payment.after_acceptance_days", accepted_on)
    return deadline(catalogue.calendar(uow.session), accepted_on, days)


def carry_over(uow: UnitOfWork, *, hold: int) -> bool:
    """Carry an unpaid commitment of a year that is over into the next year's line.

    The appropriation goes with it: by a pair of entries, the second naming the first. Payments
    that await approval go along. Done twice, the second time nothing is left to carry.
    """
    line, old = ledger.lock_hold(uow, hold)
    amount, proposed = old.committed_fen, old.proposed_fen
    if not amount or line.fiscal_year >= local_date(uow.now).year:
        return False
    target = ledger.next_years_line(uow, line)
    told = _tell(uow, events.FundsCarriedOut, line, old, amount, other_line_id=target.id)
    old.proposed_fen = 0
    gone = LedgerEntry(
        kind=EntryKind.CARRY,
        source=Bucket.COMMITTED,
        target=Bucket.OUTSIDE,
        amount_fen=amount,
        event_id=told.id,
    )
    ledger.move(uow, line, gone, old)
    new = _take_over(uow, old, target, amount)
    told = _tell(uow, events.FundsCarriedIn, target, new, amount, other_line_id=line.id)
    came = LedgerEntry(
        kind=EntryKind.CARRY,
        source=Bucket.OUTSIDE,
        target=Bucket.COMMITTED,
        amount_fen=amount,
        event_id=told.id,
        counterpart_id=gone.id,
    )
    ledger.move(uow, target, came, new)
    new.proposed_fen = proposed
    return True


def _take_over(uow: UnitOfWork, old: BudgetHold, target: BudgetLine, contract: int) -> BudgetHold:
    """The hold on the new line, still empty; the old one ends with what was paid from it."""
    new = BudgetHold(
        line_id=target.id,
        purpose_kind=old.purpose_kind,
        purpose_id=old.purpose_id,
        origin_kind=old.origin_kind,
        origin_id=old.origin_id,
        contract_fen=contract,
        made_at=uow.now,
        payable_on=old.payable_on,
        pay_by=old.pay_by,
        withheld_on=old.withheld_on,
        attention_at=old.attention_at,
        carried_from_id=old.id,
    )
    ledger.end_if_empty(old)
    uow.flush()
    uow.add(new)
    uow.session.execute(
        update(Payment)
        .where(Payment.hold_id == old.id, Payment.state == PaymentState.PROPOSED)
        .values(hold_id=new.id)
        .execution_options(synchronize_session=False)
    )
    return new


def escalate_hold(uow: UnitOfWork, *, hold: int) -> bool:
    """Accepted work was not paid in time: told once; False when another worker was first."""
    line, row = ledger.lock_hold(uow, hold)
    if row.attention_at is None or row.attention_at > uow.now or row.pay_by is None:
        return False
    row.attention_at = None
    _tell(uow, events.FundsOverdue, line, row, row.committed_fen, pay_by=row.pay_by)
    return True


def move_pay_day(uow: UnitOfWork, *, hold: int) -> bool:
    """Recompute the day by which accepted work has to be paid; days past are never touched."""
    line, row = ledger.lock_hold(uow, hold)
    was = row.pay_by
    if row.payable_on is None or was is None or row.attention_at is None:
        return False
    due = _pay_day(uow, row.payable_on)
    if was < local_date(uow.now) or due == was:
        return False
    row.pay_by, row.attention_at = due, lapses_at(due)
    _tell(uow, events.FundsDueMoved, line, row, row.committed_fen, due_was=was, due_on=due)
    return True
