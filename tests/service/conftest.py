"""An empty database of each kind, for what is done to whole databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace.app import create_app
from marketplace.infra.database import db
from tests.conftest import make_settings


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database of each kind."""
    changes = {}
    if request.param == "postgresql":
        changes["database_url"] = request.getfixturevalue("empty_postgres_url")
    app = create_app(make_settings(tmp_path / "home", **changes))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
