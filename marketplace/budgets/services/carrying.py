"""What goes over into the next year: commitments that are not paid yet."""

from sqlalchemy import update

from marketplace.budgets.events import FundsCarriedIn, FundsCarriedOut
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.rules import Bucket, EntryKind, PaymentState
from marketplace.budgets.services.holding import record
from marketplace.budgets.services.ledger import Why, end_if_empty, move
from marketplace.budgets.services.lines import next_years_line
from marketplace.budgets.services.paying import lock_hold
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date


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
