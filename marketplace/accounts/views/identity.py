"""Who asks: the session of a request through Flask-Login, its actor, the frame's words."""

import json
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from marketplace.accounts import rules
from marketplace.accounts.queries import bearers, parties
from marketplace.accounts.queries.rows import SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import credentials, proofs, sessions
from marketplace.accounts.services.sessions import Browser, Opened
from marketplace.accounts.wording.words import capacities_text, roles_text, scopes_text
from marketplace.infra.clock import real_now
from marketplace.infra.room import LeftOutWhenFull
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.settings import Settings
from marketplace.web.api_bearers import Bearer, current_bearer
from marketplace.web.api_problems import is_api_request
from marketplace.web.context import reading_session
from marketplace.web.forms import opened_for, page_of_form
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


def init_login(app: Flask) -> None:
    """Let Flask-Login find the session of each request."""
    manager = LoginManager()
    # Tokens are random and end in the database; a browser's address may change on the way.
    manager.session_protection = None
    manager.user_loader(_find)
    manager.init_app(app)


def _find(token: str) -> _Bearer | None:
    row = bearers.session_of(reading_session(), token, real_now())
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
    """Take the session from the browser; the language stays.

    The names of the ended session and of its forms stay, too: they open nothing, and what was
    being typed in another tab is kept for its owner when it is sent.
    """
    kept = {name: session[name] for name in ("lang", "csrf_token", _TOKEN) if name in session}
    logout_user()
    session.clear()
    session.update(kept)
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


_MOST_KEPT = 1024 * 1024


class AccountsIdentity:
    """Implements `web.context.Identity`."""

    def actor(self) -> Actor:
        """The person and membership of the request's session or token, or `ANONYMOUS`."""
        if is_api_request():
            bearer = current_bearer()
            return bearer.actor if bearer else ANONYMOUS
        row = known_session()
        if row is None or not row.live:
            return ANONYMOUS
        _touch(row)
        return row.actor

    def acting_as(self) -> str:
        """The public id of the membership of the request's session, or an empty text."""
        row = None if is_api_request() else live_session(Stage.OPEN)
        return row.acting_as if row is not None else ""

    def prove(self, shown: str) -> None:
        """Let the person of the session prove once more who they are."""
        current_app.extensions["prover"](shown)
        _forget_actor()
        # The session is read anew: Flask-Login has asked for it once and does not again.
        _find(session[_TOKEN])

    def display(self) -> dict[str, str]:
        """How the person of the session wants to see pages, as far as they have chosen."""
        row = None if is_api_request() else live_session(Stage.OPEN)
        return {"theme": row.theme, "print": row.print_size} if row is not None else {}

    def keep_display(self, chosen: dict[str, str]) -> bool:
        """Keep how the person wants to see pages; False where nobody is signed in."""
        row = live_session(Stage.OPEN)
        if row is None:
            return False
        kept = self.display() | chosen
        # Of two first choices at once the database keeps one.
        with (
            LeftOutWhenFull("display"),
            suppress(IntegrityError),
            UnitOfWork(SYSTEM, real_now()) as uow,
        ):
            sessions.keep_display(
                uow, user_id=row.user_id, theme=kept["theme"], print_size=kept["print"]
            )
        return True

    def set_aside(
        self, path: str, fields: list[tuple[str, str]], acting_as: str
    ) -> tuple[str, bool]:
        """Keep a form that this person opened through another membership of theirs."""
        row = live_session(Stage.OPEN)
        mine = parties.memberships_of(reading_session(), row.user_id) if row else ()
        for one in mine:
            if one.public_id == acting_as and row is not None:
                return one.organisation_name, _keep(row.user_id, path, fields)
        return "", False

    def remember_form(self, path: str, fields: list[tuple[str, str]]) -> bool:
        """Keep what was typed for the user of the session that the cookie names, if any."""
        row = known_session()
        return row is not None and _keep(row.user_id, path, fields)

    def remembered_form(self, path: str) -> list[tuple[str, str]]:
        """What was kept for this person and page; shown until it is sent or the hour is over."""
        row = live_session(Stage.OPEN)
        if row is None or not row.has_kept_forms:
            return []
        return bearers.kept_form(
            reading_session(), row.user_id, row.acting_as, _bare(path), real_now()
        )


def _keep(user_id: int, path: str, fields: list[tuple[str, str]]) -> bool:
    body, now, path = json.dumps(fields, ensure_ascii=False), real_now(), _bare(path)
    if not fields or len(body) > _MOST_KEPT:
        return False
    # Of two equal forms sent at once the database keeps one.
    with LeftOutWhenFull("form"):
        with suppress(IntegrityError), UnitOfWork(SYSTEM, now) as uow:
            sessions.keep_form(
                uow,
                user_id=user_id,
                acting_as=opened_for(fields)[:10],
                path=path,
                body=body,
                at=now,
            )
        return True
    return False


class AccountsFrame:
    """Implements `web.frame.FrameSource`; the counter is whatever notifications registers."""

    def person(self, actor: Actor) -> dict[str, Any]:
        """The name of whoever is signed in, for whom they act and might act."""
        row = known_session()
        if row is None or actor.user_id is None:
            return {}
        memberships = parties.memberships_of(reading_session(), actor.user_id)
        return {
            "user_name": row.user_name,
            "organisation_name": row.organisation_name,
            "memberships": [
                {
                    "id": each.public_id,
                    "organisation_name": each.organisation_name,
                    "roles": roles_text(each.roles),
                    "current": each.id == actor.membership_id,
                }
                for each in memberships
            ],
        }

    def unread(self, actor: Actor) -> int:
        """How many notifications are unread, by `app.extensions["unread_counter"]`."""
        counter = current_app.extensions.get("unread_counter")
        return int(counter(actor)) if counter else 0


class AccountsBearers:
    """Implements `web.api_bearers.Bearers`."""

    def holder(self, token: str) -> Bearer | None:
        """Who holds a token of the public interface; its use is noted now and then."""
        now = real_now()
        row = bearers.bearer(reading_session(), token, now)
        if row is None:
            return None
        if row.last_used_at is None or now - row.last_used_at >= rules.TOKEN_TOUCH_EVERY:
            reading_session().rollback()
            with LeftOutWhenFull("token"), UnitOfWork(SYSTEM, now) as uow:
                credentials.touch_api_token(uow, token_id=row.id, at=now)
        return Bearer(key=row.public_id, actor=row.actor, scopes=row.scopes)


def init_app(app: Flask) -> None:
    """Wire accounts into the application."""
    settings: Settings = app.extensions["settings"]
    proofs.use_settings(secret_key=settings.secret_key, base_url=settings.base_url)
    proofs.use_cost(cheap=settings.environment == "test")
    init_login(app)
    app.extensions["identity"] = AccountsIdentity()
    app.extensions["frame"] = AccountsFrame()
    app.extensions["bearers"] = AccountsBearers()
    app.after_request(_forget_sent_form)
    app.jinja_env.filters.update(roles=roles_text, capacities=capacities_text, scopes=scopes_text)


# What an address asks for and what does not make it another page.
_NO_OTHER_PAGE = frozenset({"lang", "kept", "page"})


def _bare(address: str) -> str:
    """The address of a page in one way of writing, whatever its language."""
    parts = urlsplit(address)
    asked = [pair for pair in parse_qsl(parts.query) if pair[0] not in _NO_OTHER_PAGE]
    return f"{parts.path}?{urlencode(sorted(asked))}".rstrip("?")


def _touch(row: SessionRow) -> None:
    now = real_now()
    if now - row.last_seen_at >= rules.TOUCH_EVERY:
        with LeftOutWhenFull("session"), UnitOfWork(SYSTEM, now) as uow:
            sessions.touch_session(uow, session_id=row.id, at=now)


def _forget_sent_form(response: Response) -> Response:
    """A form that was sent successfully needs no keeping any more."""
    if request.method != "POST" or response.status_code != 303 or g.get("form_waits"):
        return response
    row = live_session(Stage.OPEN)
    if row is not None and row.has_kept_forms:
        with LeftOutWhenFull("kept form"), UnitOfWork(SYSTEM, real_now()) as uow:
            sessions.forget_form(
                uow, user_id=row.user_id, acting_as=row.acting_as, path=_bare(page_of_form())
            )
    return response
