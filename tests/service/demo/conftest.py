"""The tests here read one demo world together; they change nothing in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace.infra.database import db
from tests.demo_world import DEMO_MARKS, demo_app


@pytest.fixture(scope="module")
def app(demo_home: Path) -> Iterator[Flask]:
    """The demo's application on the world itself."""
    app = demo_app(demo_home)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They hold on any day, take long, and share one process."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for mark in DEMO_MARKS:
                item.add_marker(mark)
