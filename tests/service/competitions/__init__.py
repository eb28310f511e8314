"""Competitions on a database."""
