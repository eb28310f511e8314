"""Tests of the rules of what is counted of clients."""
