"""Who sends a request of the public interface: the holder of its bearer token."""

import re
from dataclasses import dataclass
from typing import Protocol

from flask import current_app, g, request

from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import Refused
from marketplace.kernel.scopes import Scope
from marketplace.web.limits import visitor

_TOKEN = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Bearer:
    """Whoever holds a token; `key` is the token's public id."""

    key: str
    actor: Actor
    scopes: frozenset[Scope]


class Bearers(Protocol):
    """What the edge asks of whoever knows the tokens; `accounts` supplies it."""

    def holder(self, token: str) -> Bearer | None:
        """Who holds the token; None when it opens nothing."""
        ...


def current_bearer() -> Bearer | None:
    """The holder of the request's token; None without one. Refuses a token that opens nothing."""
    if "bearer" not in g:
        g.bearer = _read()
    bearer: Bearer | None = g.bearer
    return bearer


def _read() -> Bearer | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    bearers: Bearers | None = current_app.extensions.get("bearers")
    found = None
    if bearers and scheme.lower() == "bearer" and _TOKEN.fullmatch(token.strip()):
        found = bearers.holder(token.strip())
    if found is None:
        raise Refused("api.token_unknown")
    return found


def require_scope(scope: Scope) -> None:
    """Refuses requests without a token, and tokens that do not allow this."""
    bearer = current_bearer()
    if bearer is None:
        raise Refused("request.sign_in")
    if scope not in bearer.scopes:
        raise Refused("api.scope_missing", scope=f"scope.{scope}")


def caller() -> str:
    """Who counts as one caller for the rate limit: the token, else the network address."""
    bearer = current_bearer()
    return f"token:{bearer.key}" if bearer else f"address:{visitor()}"
