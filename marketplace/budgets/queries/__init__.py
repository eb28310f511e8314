"""Reading budgets; never writes."""

from marketplace.budgets.queries.desk import (
    SORTS,
    BudgetDesk,
    DeskFilter,
    DeskLine,
    Late,
    desk,
    sums_of_entries,
    totals,
)
from marketplace.budgets.queries.holds import hold, hold_of, holds, payable_holds
from marketplace.budgets.queries.lines import entries, line, lines, usable_lines, years
from marketplace.budgets.queries.payments import (
    department_payments,
    payment,
    payments_of,
    payments_of_line,
)
from marketplace.budgets.queries.purposes import PURPOSES, HasPurpose, Purposes, purposes_of
from marketplace.budgets.queries.rows import EntryRow, HoldRow, LineRow, PaymentRow, Purpose
from marketplace.budgets.queries.waiting import (
    dated,
    due_holds,
    due_payments,
    holds_to_carry,
    waiting,
)

__all__ = [
    "PURPOSES",
    "SORTS",
    "BudgetDesk",
    "DeskFilter",
    "DeskLine",
    "EntryRow",
    "HasPurpose",
    "HoldRow",
    "Late",
    "LineRow",
    "PaymentRow",
    "Purpose",
    "Purposes",
    "dated",
    "department_payments",
    "desk",
    "due_holds",
    "due_payments",
    "entries",
    "hold",
    "hold_of",
    "holds",
    "holds_to_carry",
    "line",
    "lines",
    "payable_holds",
    "payment",
    "payments_of",
    "payments_of_line",
    "purposes_of",
    "sums_of_entries",
    "totals",
    "usable_lines",
    "waiting",
    "years",
]
