"""The platform without features: its own tests need no catalogue and no accounts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from marketplace import app as factory
from marketplace.infra import unit_of_work
from marketplace.infra.database import db
from marketplace.infra.outbox import listening
from marketplace.settings import Settings
from tests.visitor import Visitor


def build(settings: Settings) -> Flask:
    """An application of the platform alone.

    It knows all tables: what the factory imports brings some of them, which point to others.
    """
    for feature in factory.FEATURES:
        factory.part_of(feature)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factory, "FEATURES", ())
        app = factory.create_app(settings)
    app.testing = True
    app.test_client_class = Visitor
    return app


@contextmanager
def platform(settings: Settings, *, create: bool = True) -> Iterator[Flask]:
    """The platform inside an application context, its tables made."""
    app = build(settings)
    with app.app_context():
        if create:
            db.create_all()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def own_subscribers() -> Iterator[None]:
    """Nobody listens but those who subscribe inside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listening, "_handlers", {})
        patch.setattr(listening, "_steps", {})
        patch.setattr(listening, "_effects", {})
        patch.setattr(unit_of_work, "_subscribers", {})
        yield
