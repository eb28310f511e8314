"""Awards whose contract is overdue: who is heard, what is ruled, what it brings about."""
