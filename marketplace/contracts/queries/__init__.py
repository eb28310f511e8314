"""What a contract is drawn up from, and what pages and other features read of contracts."""
