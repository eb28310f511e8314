"""A department's people at browsers of their own, reading English pages."""

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.kernel.actors import Actor
from tests.money import Department, make_department
from tests.web.vetting.conftest import Person


@pytest.fixture
def department(app: Flask) -> Department:
    """A department with its officer, approver and budget officer."""
    return make_department()


@pytest.fixture
def person(app: Flask) -> Callable[[Actor], Person]:
    """Sign an actor in, with English pages."""

    def sign_in(actor: Actor) -> Person:
        someone = Person(app, actor)
        someone.get("/desk?lang=en")
        return someone

    return sign_in
