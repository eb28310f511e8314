"""Complaints about what happens in the market, and objections to awards."""
