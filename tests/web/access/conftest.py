"""The world of the access table, built once; each request of a row finds it as it was made."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.accounts.models import UserSession
from marketplace.app import create_app
from marketplace.infra.database import db
from marketplace.settings import Settings
from tests.conftest import NOON, make_settings
from tests.factories import open_session_for, seed_catalogue
from tests.personas import Persona, actor
from tests.postgres import OWNER, Cluster, give_rights, owner_url
from tests.visitor import Visitor
from tests.web.access.table import Row
from tests.web.access.world import build

BEFORE = timedelta(minutes=10)
_CSRF = "a-secret-of-the-browser"


@dataclass
class Cast:
    """Everybody's browser on the world, and the way back to the world as it was made."""

    app: Flask
    names: dict[str, str]
    cookies: dict[Persona, str]
    browser: Visitor
    put_back: Callable[[], None]

    def ask(self, persona: Persona, row: Row, *, csrf: bool = True) -> TestResponse:
        """Make the row's request; afterwards nothing has happened."""
        if row.method == "GET":
            return self.get(persona, row.path)
        sent = {name: text.format(**self.names) for name, text in row.sent.items()}
        return self.post(persona, row.path, sent, csrf=csrf)

    def get(self, persona: Persona, path: str, *, follow: bool = False) -> TestResponse:
        """Open a page of the world as this member of the cast."""
        self._be(persona)
        return self.browser.get(path.format(**self.names), follow_redirects=follow)

    def post(
        self, persona: Persona, path: str, sent: Mapping[str, Any], *, csrf: bool = True
    ) -> TestResponse:
        """Send a form as this member of the cast; what it changes is put back."""
        self._be(persona)
        token = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(_CSRF)
        data = {**sent, "csrf_token": token} if csrf else dict(sent)
        answer = self.browser.post(path.format(**self.names), data=data)
        if answer.status_code == 303:
            self.restore()
        return answer

    def _be(self, persona: Persona) -> None:
        self.browser.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[persona])

    def restore(self) -> None:
        """Put the world back."""
        db.session.remove()
        self.put_back()


@pytest.fixture(scope="module")
def cast(template_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The cast before the world of the table."""
    home = tmp_path_factory.mktemp("access")
    shutil.copy(template_home / "secret", home / "secret")
    shutil.copy(template_home / "marketplace.db", home / "marketplace.db")

    def keep() -> Callable[[], None]:
        made, live = home / "made.db", home / "marketplace.db"
        with closing(sqlite3.connect(live)) as source:
            source.execute("VACUUM INTO ?", (str(made),))
        as_made = _written(live)

        def put_back() -> None:
            nonlocal as_made
            if _written(live) == as_made:
                return
            with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(live)) as to:
                source.backup(to)
            as_made = _written(live)

        return put_back

    with _world(make_settings(home), keep) as found:
        yield found


def _written(database: Path) -> tuple[int, ...]:
    """When the database and its log were last written to; reading changes neither."""
    files = [database, database.with_name(f"{database.name}-wal")]
    return tuple(file.stat().st_mtime_ns for file in files if file.exists())


@pytest.fixture(scope="module")
def strict_cast(
    postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cast]:
    """The same on PostgreSQL, which takes no text that is too long and no number too large."""
    home = tmp_path_factory.mktemp("strict")
    url = postgres_cluster.create_database()
    name = url.split("@/", 1)[1].split("?", 1)[0]
    settings = replace(make_settings(home), database_url=url)

    def copy(source: str, target: str) -> None:
        db.engine.dispose()
        with postgres_cluster.connect("postgres") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" OWNER {OWNER}')

    def keep() -> Callable[[], None]:
        copy(name, f"{name}_made")
        return lambda: copy(f"{name}_made", name)

    as_owner = replace(settings, database_url=owner_url(url))
    with Context().run(_application, as_owner).app_context():
        db.create_all()
        seed_catalogue()
        db.session.remove()
        db.engine.dispose()
    give_rights(url)
    with _world(settings, keep) as found:
        yield found


def _application(settings: Settings) -> Flask:
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Visitor
    return app


@contextmanager
def _world(settings: Settings, keep: Callable[[], Callable[[], None]]) -> Iterator[Cast]:
    app = _application(settings)
    # Each test begins at noon; what it finds was made before.
    with time_machine.travel(NOON - BEFORE, tick=True), app.app_context():
        names = build(settings)
    # Everybody has just signed in, so that no request has to note again that they are here.
    with time_machine.travel(NOON, tick=True), app.app_context():
        cookies = {persona: _cookie(app, persona) for persona in Persona}
        names["session"] = _a_session(Persona.INSTITUTION_AGENT)
        db.session.remove()
        put_back = keep()
    with app.app_context():
        yield Cast(app, names, cookies, Context().run(app.test_client), put_back)
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
