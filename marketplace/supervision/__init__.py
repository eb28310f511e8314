"""Supervision: every light that is not green, by organisation, in one place."""
