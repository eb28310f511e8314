"""Measurements that are run by hand; their figures are in docs/performance.md and docs/house.md."""
