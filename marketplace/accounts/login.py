"""The one module that knows Flask-Login: which session a request belongs to, begun and ended.

What Flask-Login calls the user is here the session: its id is the token whose hash the database
keeps, so a session that is ended there is ended everywhere at once.
"""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from marketplace.accounts import queries
from marketplace.accounts.queries import SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import Browser, Opened
from marketplace.infra.clock import real_now
from marketplace.web.context import reading_session
from marketplace.web.limits import visitor

_TOKEN = "_user_id"  # noqa: S105 - the name under which Flask-Login keeps the id
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class _Bearer(UserMixin):
    """Whoever holds the token of a session."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        """What the cookie keeps, signed."""
        return self.token


def init_app(app: Flask) -> None:
    """Let Flask-Login find the session of each request."""
    manager = LoginManager()
    # Tokens are random and end in the database; a browser's address may change on the way.
    manager.session_protection = None
    manager.user_loader(_find)
    manager.init_app(app)


def _find(token: str) -> _Bearer | None:
    row = queries.session_of(reading_session(), token, real_now())
    g.session_row = row
    return _Bearer(token) if row is not None and row.live else None


def known_session() -> SessionRow | None:
    """The session that the cookie names, also when it has ended; one query a request."""
    if "session_row" not in g:
        g.session_row = None
        # Asking who the user is makes Flask-Login call `_find`, once.
        current_user.is_authenticated  # noqa: B018
    row: SessionRow | None = g.session_row
    return row


def live_session(*stages: Stage) -> SessionRow | None:
    """The session of the request if it is live and at one of the stages."""
    row = known_session()
    return row if row is not None and row.live and row.stage in stages else None


def start(opened: Opened, user_id: int, locale: str) -> None:
    """Give the browser the session; whatever the visitor's cookie held goes, planted or not.

    The token against forged forms stays when the cookie named an earlier session of the same
    user: a form still open in another tab can then be sent.
    """
    before = known_session()
    token = session.get("csrf_token") if before and before.user_id == user_id else None
    session.clear()
    session["lang"] = locale
    if token:
        session["csrf_token"] = token
    login_user(_Bearer(opened.token))
    _forget_actor()


def stop() -> None:
    """Take the session from the browser; the language stays."""
    locale = session.get("lang", "zh")
    logout_user()
    session.clear()
    session["lang"] = locale
    _forget_actor()


def put_token(cookie: MutableMapping[str, Any], opened: Opened) -> None:
    """Write the session into a test browser's cookie."""
    cookie[_TOKEN] = opened.token
    cookie["_fresh"] = True


def browser() -> Browser:
    """Where the request came from, in words short enough for a list."""
    agent = request.user_agent.string
    name = next((word for mark, word in _BROWSERS if mark in agent), "")
    system = next((word for mark, word in _SYSTEMS if mark in agent), "")
    return Browser(address=visitor(), name=" · ".join(part for part in (name, system) if part))


def _forget_actor() -> None:
    for name in ("actor", "session_row", "frame"):
        g.pop(name, None)
