"""Tests of what is counted of clients."""
