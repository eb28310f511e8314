"""Signed-in pages that gather from many features; owns no table."""
