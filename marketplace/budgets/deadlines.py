"""What falls due in budgets: payments nobody decides, work nobody pays, the end of a year."""

from datetime import datetime

from marketplace.budgets.queries import dues
from marketplace.budgets.services import holding, paying
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def tell_late_payments(opens: Opens, now: datetime) -> int:
    """Tell of every payment that was not decided, and of accepted work that was not paid."""
    with reading_session() as session:
        payments = list(dues.due_payments(session, now))
        holds = list(dues.due_holds(session, now))
    told = settle_each(opens, payments, lambda uow, key: paying.escalate_payment(uow, payment=key))
    return told + settle_each(opens, holds, lambda uow, key: holding.escalate_hold(uow, hold=key))


def carry_commitments_over(opens: Opens, now: datetime) -> int:
    """Carry what is committed and unpaid into the next year, each hold in an act of its own."""
    with reading_session() as session:
        holds = list(dues.holds_to_carry(session, now))
    return settle_each(opens, holds, lambda uow, key: holding.carry_over(uow, hold=key))
