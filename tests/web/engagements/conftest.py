"""Browsers of the two sides of an engagement, in English."""

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.kernel.actors import Actor
from tests.web.vetting.conftest import Person, filled, follow

__all__ = ["Person", "filled", "follow"]


@pytest.fixture
def person(app: Flask) -> Callable[[Actor], Person]:
    """Sign an actor in and let them read English."""

    def open_one(actor: Actor) -> Person:
        found = Person(app, actor)
        found.get("/?lang=en")
        return found

    return open_one
