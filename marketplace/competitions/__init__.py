"""Department commissions: notice, bids, opening, evaluation, award."""
