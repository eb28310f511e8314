"""Clocks: the only place that computes a due date."""
