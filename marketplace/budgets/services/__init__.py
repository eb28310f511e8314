"""Acts on budgets. Each locks the line first: its balances, holds and payments wait for it."""

from marketplace.budgets.services.holding import commit_hold, make_payable, release_hold, reserve
