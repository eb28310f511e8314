"""Pages of budgets: lines with their ledger, what is held on them, payments."""
