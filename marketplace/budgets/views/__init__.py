"""Pages of budgets: the budget officer's desk, lines, what is held on them, payments."""

from marketplace.budgets.views import desk, lines, payments
from marketplace.budgets.views.blueprint import bp

__all__ = ["bp", "desk", "lines", "payments"]
