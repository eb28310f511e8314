"""People on both sides, with two accounts, just left, or gone: told through the real services."""
