"""What budgets do when others change: the days of payments follow the calendar."""

from marketplace.budgets.queries import dues
from marketplace.budgets.services import holding, paying
from marketplace.clocks.handlers import follows_calendar
from marketplace.infra.unit_of_work import UnitOfWork


def move_due_days(uow: UnitOfWork) -> None:
    """Recompute the day of every payment and of accepted work; each that moves says so."""
    for payment in dues.dated_payments(uow.session):
        paying.move_payment_day(uow, payment=payment)
    for hold in dues.dated_holds(uow.session):
        holding.move_pay_day(uow, hold=hold)


HANDLERS = (follows_calendar("budget-due-days", move_due_days),)
