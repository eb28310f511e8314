"""Pure rules of institutions: life cycles, completeness, expiry, the undertaking."""
