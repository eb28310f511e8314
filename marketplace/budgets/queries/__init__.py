"""Reading budgets; never writes."""

from marketplace.budgets.queries.appropriations import DeskFilter, Late, desk, line, lines
from marketplace.budgets.queries.rows import HoldRow, PaymentRow, Purpose
from marketplace.budgets.queries.spending import (
    PURPOSES,
    department_payments,
    hold_of,
    payable_holds,
    payment,
    purposes_of,
    waiting,
)
