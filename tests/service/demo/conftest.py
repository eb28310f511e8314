"""Every test here works on a copy of the complete demo world."""

from pathlib import Path

import pytest

from tests.demo_world import DEMO_MARKS, app, home

__all__ = ["app", "home"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They hold on any day, take long, and share one process."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for mark in DEMO_MARKS:
                item.add_marker(mark)
