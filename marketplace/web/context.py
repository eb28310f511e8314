"""What a view needs of its request: the actor, the instant, the language, a unit of work."""

from datetime import datetime
from typing import Protocol

from flask import current_app, g, request
from flask_babel import get_locale
from sqlalchemy.orm import Session

from marketplace.infra import security_log
from marketplace.infra.clock import business_now
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import ANONYMOUS, Actor
from marketplace.kernel.errors import Refused


class Identity(Protocol):
    """What the edge asks of whoever knows the users; `accounts` supplies it."""

    def actor(self) -> Actor:
        """The person and membership of the present request, or `ANONYMOUS`."""
        ...

    def acting_as(self) -> str:
        """The public id of the membership that the person acts through, or an empty text."""
        ...

    def prove(self, shown: str) -> None:
        """Let the person of the session prove once more who they are, by their code or password.

        Refuses, beside the field, what is wrong; it counts as a failed sign-in.
        """
        ...

    def display(self) -> dict[str, str]:
        """How the person of the session wants to see pages, as far as they have chosen."""
        ...

    def keep_display(self, chosen: dict[str, str]) -> bool:
        """Keep how the person wants to see pages; False where nobody is signed in."""
        ...

    def set_aside(
        self, path: str, fields: list[tuple[str, str]], acting_as: str
    ) -> tuple[str, bool]:
        """Keep what a person typed while acting through another membership of theirs.

        Gives the name of its organisation, empty where it is not theirs, and whether it is kept.
        """
        ...

    def remember_form(self, path: str, fields: list[tuple[str, str]]) -> bool:
        """Keep what was typed when the session ended or a proof is due; True when it could be."""
        ...

    def remembered_form(self, path: str) -> list[tuple[str, str]]:
        """What was kept for this person and page, once; empty when nothing was."""
        ...


class _Nobody:
    def actor(self) -> Actor:
        return ANONYMOUS

    def acting_as(self) -> str:
        return ""

    def prove(self, _shown: str) -> None:
        raise Refused("request.sign_in")

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


def identity() -> Identity:
    """The supplier of identities that `app` wired."""
    supplier: Identity = current_app.extensions.get("identity", _Nobody())
    return supplier


def current_actor() -> Actor:
    """Who is asking, the same for the whole request."""
    if "actor" not in g:
        g.actor = identity().actor()
        security_log.asked_by(g.actor)
    actor: Actor = g.actor
    return actor


def address_pattern() -> str:
    """The pattern of the present address, without what stands in it: that may be a secret."""
    return request.url_rule.rule if request.url_rule else ""


def request_time() -> datetime:
    """The business instant of this request, the same for the whole request."""
    if "request_time" not in g:
        g.request_time = business_now(db.session())
    instant: datetime = g.request_time
    return instant


def reading_session() -> Session:
    """The request's session for queries; writes go through `unit_of_work`."""
    return db.session()


def unit_of_work() -> UnitOfWork:
    """A unit of work of the present actor at the present instant.

    The reading transaction is ended first, so that what follows reads what the act wrote.
    """
    actor, now = current_actor(), request_time()
    db.session.rollback()
    return UnitOfWork(actor, now, request_id=g.get("request_id", ""))


def language() -> str:
    """The language of the page: `zh` or `en`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"
