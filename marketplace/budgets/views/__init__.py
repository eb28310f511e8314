"""Pages of budgets: the budget officer's desk, lines, what is held on them, payments."""
