"""The platform over HTTP, with an identity the test chooses."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace.infra import files
from marketplace.infra.database import db
from marketplace.kernel.actors import ANONYMOUS, Actor
from tests.conftest import make_settings
from tests.platform_app import own_subscribers, platform

SignsIn = Callable[[Actor], None]


class ChosenIdentity:
    """Everybody is whom the test says."""

    def __init__(self) -> None:
        self.who = ANONYMOUS

    def actor(self) -> Actor:
        return self.who

    def acting_as(self) -> str:
        return ""

    def display(self) -> dict[str, str]:
        return {}

    def keep_display(self, _chosen: dict[str, str]) -> bool:
        return False

    def set_aside(
        self, _path: str, _fields: list[tuple[str, str]], _acting_as: str
    ) -> tuple[str, bool]:
        return "", False

    def remember_form(self, _path: str, _fields: list[tuple[str, str]]) -> bool:
        return False

    def remembered_form(self, _path: str) -> list[tuple[str, str]]:
        return []


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The platform with a sign-in page to be sent to."""
    monkeypatch.setattr(files, "READERS", {})
    with own_subscribers(), platform(make_settings(tmp_path / "home")) as app:
        app.add_url_rule("/sign-in", "accounts.sign_in", lambda: "sign in")
        app.extensions["identity"] = ChosenIdentity()
        app.extensions.pop("frame", None)
        yield app


@pytest.fixture
def sign_in(app: Flask) -> SignsIn:
    """Makes the client that person."""

    def signs_in(actor: Actor) -> None:
        db.session.rollback()
        app.extensions["identity"].who = actor

    return signs_in
