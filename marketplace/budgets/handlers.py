"""What budgets do when others change: the days of payments follow the calendar."""

from marketplace.budgets.queries import dues
from marketplace.budgets.services import holding, paying
from marketplace.clocks.handlers import Dated, follows_calendar

HANDLERS = (
    follows_calendar(
        "budget-due-days",
        Dated(dues.DATED_PAYMENTS, lambda uow, key: paying.move_payment_day(uow, payment=key)),
        Dated(dues.DATED_HOLDS, lambda uow, key: holding.move_pay_day(uow, hold=key)),
    ),
)
