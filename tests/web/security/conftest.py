"""A person at a browser, as in the tests of accounts; the application as production runs it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import make_settings
from tests.factories import give_password, make_plain_agent
from tests.platform_app import platform
from tests.web.accounts.conftest import letters, mailed_link, send

__all__ = ["letters", "mailed_link", "send"]

PASSWORD = "four horses in a barn"


@pytest.fixture
def agent(app):
    """An agent who signs in with mail address and password."""
    actor = make_plain_agent(email="agent@example.cn", name="测试咨询有限公司")
    give_password(actor.user_id, PASSWORD)
    return actor


@pytest.fixture
def behind_proxy(tmp_path: Path) -> Iterator[FlaskClient]:
    """The platform of production behind its proxy."""
    settings = replace(
        make_settings(tmp_path / "home"),
        environment="production",
        behind_proxy=True,
        base_url="https://market.example",
    )
    with platform(settings) as app:
        yield app.test_client()
