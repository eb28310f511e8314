"""The demo world, loaded once and copied for each test."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from marketplace.app import create_app
from marketplace.infra.database import db
from marketplace.infra.tasks import run_task
from tests.conftest import NOON, make_settings
from tests.visitor import Visitor

# All tests of the demo world run in one process, so that it is loaded once.
DEMO_MARKS = (
    pytest.mark.calendar,
    pytest.mark.world,
    pytest.mark.slow,
    pytest.mark.xdist_group("demo"),
)
_BEFORE = timedelta(minutes=10)


def demo_app(home: Path) -> Flask:
    """The application of the demo environment."""
    app = create_app(make_settings(home, environment="demo"))
    app.testing = True
    app.test_client_class = Visitor
    return app


def make_demo_home(template_home: Path, home: Path) -> Path:
    """Load the demo world shortly before noon into a new home."""
    shutil.copytree(template_home, home)
    app = demo_app(home)
    with time_machine.travel(NOON - _BEFORE, tick=True), app.app_context():
        assert "complete" in run_task("demo_load")
        db.session.remove()
        db.engine.dispose()
    return home


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo world for one test."""
    target = tmp_path / "home"
    shutil.copytree(demo_home, target)
    return target


@pytest.fixture
def app(home: Path) -> Iterator[Flask]:
    """The demo's application on the copy."""
    app = demo_app(home)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
