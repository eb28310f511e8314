"""A small stand-in for the approval platform, for demonstrations and tests; all in it is invented.

It knows nothing of the marketplace but the messages the two exchange.
"""
