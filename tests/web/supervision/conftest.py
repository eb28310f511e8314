"""A supervisor at a browser."""

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.kernel.actors import Capacity, Role
from tests.factories import make_member, make_organisation, open_session_for
from tests.visitor import Visitor

Supervisor = Callable[..., Visitor]


@pytest.fixture
def supervisor(app: Flask) -> Supervisor:
    """`supervisor(region)`: signed in for an office of that region."""

    def signs_in(region_code: str = "220000") -> Visitor:
        office = make_organisation(Capacity.SUPERVISOR, region_code=region_code)
        browser: Visitor = app.test_client()
        open_session_for(browser, make_member(office, Role.SUPERVISOR))
        return browser

    return signs_in
