"""The product as real processes on a database of the test's own, and browsers that use it.

`running_market` fills the database through the services in this process, then starts what bin/serve
starts: four web processes and a worker under the supervisor. Mail goes to a server of the test.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from aiosmtpd.controller import Controller
from flask import Flask
from flask_migrate import stamp
from itsdangerous import URLSafeTimedSerializer

from marketplace.accounts.models import UserSession
from marketplace.accounts.rules import Stage
from marketplace.accounts.services.sessions import Browser as Where
from marketplace.accounts.services.sessions import add_session
from marketplace.accounts.views import identity
from marketplace.app import create_app
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.infra.rights import owner_engine
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.settings import Settings
from marketplace.web.signing import SignedSessions
from tests.conftest import make_settings
from tests.factories import seed_catalogue
from tests.postgres import owner_url
from tests.product import Product, free_port

ANSWER_SECONDS = 60.0
LEASE_SECONDS = 2.0
T = TypeVar("T")


class Postman:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def ids(self) -> list[str]:
        """The ids of all letters, in the order of their arrival."""
        return [str(letter["Message-ID"]) for letter in list(self.letters)]


@dataclass(frozen=True)
class Market:
    """The running product, this process's own view of its database, and its letters."""

    name: str
    app: Flask
    product: Product
    postman: Postman

    def browser(self, actor: Actor) -> "Browser":
        """A browser in which this person is signed in."""
        cookie, token = signed_in_cookie(self.app, actor)
        name = self.app.config["SESSION_COOKIE_NAME"]
        return Browser(self.product.url, f"{name}={cookie}", token, self.product.last_words)

    def visitor(self) -> "Browser":
        """A browser in which nobody is signed in."""
        return Browser(self.product.url, "lang=zh", "", self.product.last_words)


@dataclass(frozen=True)
class Sent:
    """What a form was answered with."""

    status: int
    location: str
    text: str


@dataclass(frozen=True)
class Browser:
    """A person's browser; each request opens its own connection, as 32 strangers would."""

    address: str
    cookie: str
    csrf_token: str
    last_words: Callable[[], str]

    def read(self, path: str) -> Sent:
        """Open a page."""
        with self._client() as client:
            return self._said(client.get(path))

    def send(
        self,
        path: str,
        *,
        key: str = "",
        prefix: str = "",
        papers: Mapping[str, tuple[str, bytes]] | None = None,
        **fields: str,
    ) -> Sent:
        """Send a form; a form shown once has one key, a new key means a form opened anew."""
        values = {f"{prefix}{name}": value for name, value in fields.items()}
        values[f"{prefix}once"] = key or new_key()
        values["csrf_token"] = self.csrf_token
        with self._client() as client:
            return self._said(client.post(path, data=values, files=papers))

    def _client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.address,
            headers={"Cookie": self.cookie},
            timeout=ANSWER_SECONDS,
            trust_env=False,
            verify=False,
        )

    def _said(self, answer: httpx2.Response) -> Sent:
        if answer.status_code >= 500:
            raise AssertionError(f"{answer.status_code}\n{self.last_words()}")
        return Sent(answer.status_code, answer.headers.get("location", ""), answer.text)


def new_key() -> str:
    """The hidden key of a form that was just opened."""
    return secrets.token_urlsafe(12)


def signed_in_cookie(app: Flask, actor: Actor) -> tuple[str, str]:
    """The cookie of an open session of this person, and the token its forms carry."""
    now, secret = real_now(), secrets.token_hex(20)
    assert actor.user_id is not None
    with UnitOfWork(SYSTEM, now) as uow:
        opened = add_session(
            uow,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            stage=Stage.OPEN,
            browser=Where(address="127.0.0.1", name="Test"),
            at=now,
        )
        # However long a busy machine takes: these people have just proved who they are.
        uow.session.get_one(UserSession, opened.session_id).proven_until = now + timedelta(hours=1)
    content: dict[str, Any] = {"csrf_token": secret, "lang": "zh"}
    identity.put_token(content, opened)
    signer = SignedSessions().get_signing_serializer(app)
    assert signer is not None
    assert app.secret_key is not None
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(secret)
    return str(signer.dumps(content)), str(token)


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Make all calls at the same moment, each in a thread of its own; their answers in order."""
    gate = threading.Barrier(len(calls))

    def go(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(go, calls))


def make_tables(settings: Settings) -> None:
    """As migrations would, by whoever may; stamping gives the service its rights."""
    engine = owner_engine(settings) if settings.owner_url else db.engine
    db.metadata.create_all(engine)


@contextmanager
def running_market(name: str, home: Path, url: str | None, **more: str) -> Iterator[Market]:
    """The product running on SQLite in its home, or on the PostgreSQL database at `url`.

    `more` are further settings of its environment.
    """
    settings = make_settings(home)
    if url is not None:
        settings = replace(settings, database_url=url, owner_url=owner_url(url))
    postman = Postman()
    port = free_port()
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    environ = {
        "DATABASE_URL": settings.database_url,
        "MARKETPLACE_OWNER_URL": settings.owner_url,
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": str(port),
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "POLL_SECONDS": "0.1",
        "RETRY_DELAYS": "0.2,0.5,1,2,2,2",
        **more,
    }
    app = create_app(settings)
    try:
        with app.app_context():
            make_tables(settings)
            stamp()
            seed_catalogue()
            db.session.remove()
        # No context stays open here: tests of other things run beside in this process.
        with Product(home, environ=environ) as product:
            yield Market(name, app, product, postman)
        with app.app_context():
            db.engine.dispose()
    finally:
        controller.stop()
