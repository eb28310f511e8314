"""The world of the access table, built once; each request of a row finds it as it was made."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.accounts.models import UserSession
from marketplace.app import create_app
from marketplace.infra.database import db
from tests.conftest import NOON, make_settings
from tests.factories import open_session_for
from tests.personas import Persona, actor
from tests.visitor import Visitor
from tests.web.access.table import Row
from tests.web.access.world import build

BEFORE = timedelta(minutes=10)
_CSRF = "a-secret-of-the-browser"


@dataclass
class Cast:
    """Everybody's browser on the world, and the world as it was made."""

    app: Flask
    names: dict[str, str]
    cookies: dict[Persona, str]
    browser: Visitor
    copy: Path

    def ask(self, persona: Persona, row: Row, *, csrf: bool = True) -> TestResponse:
        """Make the row's request; afterwards nothing has happened."""
        path = row.path.format(**self.names)
        browser = self.browser
        browser.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[persona])
        if row.method == "GET":
            return browser.get(path)
        sent = {name: text.format(**self.names) for name, text in row.sent.items()}
        if csrf:
            signer = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token")
            sent["csrf_token"] = signer.dumps(_CSRF)
        answer = browser.post(path, data=sent)
        if answer.status_code == 303:
            self.restore()
        return answer

    def restore(self) -> None:
        """Put the world back."""
        db.session.remove()
        home = self.app.extensions["settings"].home
        with sqlite3.connect(self.copy) as source, sqlite3.connect(home / "marketplace.db") as to:
            source.backup(to)
        source.close()
        to.close()


@pytest.fixture(scope="module")
def cast(template_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The cast before the world of the table."""
    home = tmp_path_factory.mktemp("access")
    for name in ("marketplace.db", "secret"):
        shutil.copy(template_home / name, home / name)
    settings = make_settings(home)
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Visitor
    # Each test begins at noon; what it finds was made before.
    with time_machine.travel(NOON - BEFORE, tick=True), app.app_context():
        names = build(settings)
        cookies = {persona: _cookie(app, persona) for persona in Persona}
        names["session"] = _a_session(Persona.INSTITUTION_AGENT)
        db.session.remove()
        with sqlite3.connect(home / "marketplace.db") as made:
            made.execute("VACUUM INTO ?", (str(home / "made.db"),))
        made.close()
    with app.app_context():
        yield Cast(app, names, cookies, Context().run(app.test_client), home / "made.db")
        db.session.remove()
        db.engine.dispose()


def _cookie(app: Flask, persona: Persona) -> str:
    browser: Visitor = Context().run(app.test_client)
    who = actor(persona)
    if who.signed_in:
        open_session_for(browser, who)
    with browser.session_transaction() as content:
        content["csrf_token"] = _CSRF
    cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


def _a_session(persona: Persona) -> str:
    """The public id of the persona's session, as it stands in the list of their sessions."""
    query = select(UserSession.public_id).where(UserSession.user_id == actor(persona).user_id)
    db.session.rollback()
    return str(db.session.scalars(query).one())
