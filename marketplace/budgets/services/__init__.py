"""Acts on budgets. Each locks the line first: its balances, holds and payments wait for it."""

from marketplace.budgets.services.carrying import carry_over
from marketplace.budgets.services.holding import (
    commit_hold,
    make_payable,
    release_hold,
    reserve,
)
from marketplace.budgets.services.lines import adjust_line, open_line
from marketplace.budgets.services.paying import (
    PaymentRef,
    approve_payment,
    propose_payment,
    refuse_payment,
)
from marketplace.budgets.services.settling import (
    escalate_hold,
    escalate_payment,
    move_pay_day,
    move_payment_day,
)

__all__ = [
    "PaymentRef",
    "adjust_line",
    "approve_payment",
    "carry_over",
    "commit_hold",
    "escalate_hold",
    "escalate_payment",
    "make_payable",
    "move_pay_day",
    "move_payment_day",
    "open_line",
    "propose_payment",
    "refuse_payment",
    "release_hold",
    "reserve",
]
