"""Agents at browsers of their own, reading English pages, sending what they fill in."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace.institutions import queries
from marketplace.institutions.queries import Dossier
from marketplace.kernel.actors import Actor
from tests.dossiers import make_agent, start
from tests.factories import open_session_for

_HIDDEN = re.compile(r'name="(csrf_token|once)"[^>]*value="([^"]*)"')
HOME = "/my/institution"


class Person:
    """An agent signed in at a browser."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.actor = actor
        self.browser: FlaskClient = app.test_client()
        open_session_for(self.browser, actor)
        self.browser.get(f"{HOME}?lang=en")

    def get(self, path: str = "") -> TestResponse:
        """Open a page below the dossier."""
        return self.browser.get(HOME + path)

    def hidden(self, path: str) -> dict[str, str]:
        """The token and the key of the form on a page."""
        text = self.get(path).text
        main = text[text.index('<main id="content"') :]
        return dict(_HIDDEN.findall(main))

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Open a page and send its form with these fields; a pair of name and bytes is a file."""
        return self.post(path, self.hidden(path), **fields)

    def post(self, path: str, hidden: dict[str, str], **fields: Any) -> TestResponse:
        """Send a form that was opened before."""
        sent = {
            name: (io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value
            for name, value in fields.items()
        }
        return self.browser.post(HOME + path, data=hidden | sent)


@pytest.fixture
def agent(app: Flask) -> Person:
    """An agent whose authorisation is confirmed."""
    return Person(app, make_agent())


@pytest.fixture
def provisional(app: Flask) -> Person:
    """An agent who has just registered."""
    return Person(app, make_agent(provisional=True))


@pytest.fixture
def stranger(app: Flask) -> Person:
    """The agent of another institution."""
    return Person(app, make_agent())


def stated(session: Session, person: Person) -> Dossier:
    """What the person's institution says of itself now."""
    session.rollback()
    return queries.dossier(session, start(person.actor))
