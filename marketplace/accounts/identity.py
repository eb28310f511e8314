"""What accounts supplies to the shared edge: who asks, the frame's words, forms kept for later."""

import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from marketplace.accounts import login, passwords, queries, rules, services, tokens
from marketplace.accounts.queries import SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.wording import capacities_text, roles_text, scopes_text
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.settings import Settings
from marketplace.web.api_bearers import Bearer, current_bearer
from marketplace.web.api_problems import is_api_request
from marketplace.web.context import reading_session

_MOST_KEPT = 1024 * 1024


class AccountsIdentity:
    """Implements `web.context.Identity`."""

    def actor(self) -> Actor:
        """The person and membership of the request's session or token, or `ANONYMOUS`."""
        if is_api_request():
            bearer = current_bearer()
            return bearer.actor if bearer else ANONYMOUS
        row = login.known_session()
        if row is None or not row.live:
            return ANONYMOUS
        _touch(row)
        return row.actor

    def remember_form(self, path: str, fields: list[tuple[str, str]]) -> bool:
        """Keep what was typed for the user of the ended session that the cookie names, if any."""
        row = login.known_session()
        body = json.dumps(fields, ensure_ascii=False)
        if row is None or not fields or len(body) > _MOST_KEPT or len(path) > 500:
            return False
        if row.live and row.stage is Stage.OPEN:
            return False
        now = real_now()
        # Of two equal forms sent at once the database keeps one.
        with suppress(IntegrityError), UnitOfWork(SYSTEM, now) as uow:
            services.keep_form(uow, user_id=row.user_id, path=_bare(path), body=body, at=now)
        return True

    def remembered_form(self, path: str) -> list[tuple[str, str]]:
        """What was kept for this person and page; shown until it is sent or the hour is over."""
        row = login.live_session(Stage.OPEN)
        if row is None or not row.has_kept_forms:
            return []
        return queries.kept_form(reading_session(), row.user_id, _bare(path), real_now())


class AccountsFrame:
    """Implements `web.frame.FrameSource`; the counter is whatever notifications registers."""

    def person(self, actor: Actor) -> dict[str, Any]:
        """The name of whoever is signed in, for whom they act and might act."""
        row = login.known_session()
        if row is None or actor.user_id is None:
            return {}
        memberships = queries.memberships_of(reading_session(), actor.user_id)
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
        row = queries.bearer(reading_session(), token, now)
        if row is None:
            return None
        if row.last_used_at is None or now - row.last_used_at >= rules.TOKEN_TOUCH_EVERY:
            reading_session().rollback()
            with UnitOfWork(SYSTEM, now) as uow:
                services.touch_api_token(uow, token_id=row.id, at=now)
        return Bearer(key=row.public_id, actor=row.actor, scopes=row.scopes)


def init_app(app: Flask) -> None:
    """Wire accounts into the application."""
    settings: Settings = app.extensions["settings"]
    tokens.use_settings(secret_key=settings.secret_key, base_url=settings.base_url)
    passwords.use_cost(cheap=settings.environment == "test")
    login.init_app(app)
    app.extensions["identity"] = AccountsIdentity()
    app.extensions["frame"] = AccountsFrame()
    app.extensions["bearers"] = AccountsBearers()
    app.after_request(_forget_sent_form)
    app.jinja_env.filters.update(roles=roles_text, capacities=capacities_text, scopes=scopes_text)


def _bare(path: str) -> str:
    """The path without its query: the page, whatever its language or filters."""
    return urlsplit(path).path


def _touch(row: SessionRow) -> None:
    now = real_now()
    if now - row.last_seen_at >= rules.TOUCH_EVERY:
        with UnitOfWork(SYSTEM, now) as uow:
            services.touch_session(uow, session_id=row.id, at=now)


def _forget_sent_form(response: Response) -> Response:
    """A form that was sent successfully needs no keeping any more."""
    if request.method != "POST" or response.status_code != 303:
        return response
    row = login.live_session(Stage.OPEN)
    if row is not None and row.has_kept_forms:
        with UnitOfWork(SYSTEM, real_now()) as uow:
            services.forget_form(uow, user_id=row.user_id, path=_bare(request.path))
    return response
