"""Words of accounts."""
