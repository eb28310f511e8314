"""How a department pays for accepted work: by the day that was set for it, or after it."""

from datetime import date

from sqlalchemy import Date, Integer, String, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.rules import PaymentState
from marketplace.infra.local_days import local_day

_since = cast(bindparam("since", type_=Date), String)
_today = cast(bindparam("today", type_=Date), String)
# Each work that became payable, on whichever lines its money lay from year to year.
_work = (
    select(
        func.max(cast(BudgetHold.pay_by, String)).label("pay_by"),
        func.max(local_day(Payment.decided_at)).label("paid_on"),
        func.max(case((BudgetHold.committed_fen > 0, 1), else_=0)).label("unpaid"),
    )
    .join(BudgetLine, BudgetLine.id == BudgetHold.line_id)
    .outerjoin(
        Payment, and_(Payment.hold_id == BudgetHold.id, Payment.state == PaymentState.APPROVED)
    )
    .where(
        BudgetLine.department_id == bindparam("department", type_=Integer),
        BudgetHold.purpose_kind == "engagement",
        BudgetHold.pay_by.is_not(None),
    )
    .group_by(BudgetHold.purpose_id)
    .subquery()
)
_overdue = and_(_work.c.unpaid == 1, _work.c.pay_by < _today)
_paid = and_(_work.c.unpaid == 0, _work.c.paid_on.is_not(None))
_late = or_(_overdue, _work.c.paid_on > _work.c.pay_by)
_settled_on = case((_overdue, _work.c.pay_by), else_=_work.c.paid_on)
_PAID_LATE = select(func.coalesce(func.sum(case((_late, 1), else_=0)), 0), func.count()).where(
    or_(_overdue, _paid), _settled_on >= _since
)


def paid_late(session: Session, department_id: int, since: date, today: date) -> tuple[int, int]:
    """Of how many accepted works the last payment came after its day, or has not come yet.

    Counted are those wholly paid since a day, and those not paid whose day is over; how many these
    are comes second.
    """
    asked = {"department": department_id, "since": since, "today": today}
    late, every = session.execute(_PAID_LATE, asked).one()
    return int(late), int(every)
