"""Budgets: a department's lines, the ledger of what is reserved, committed and paid, payments."""
