"""Pages of lists by key: each answer names the next page by an opaque cursor in its body."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from marshmallow import fields

from marketplace.kernel.errors import Refused
from marketplace.web.api_fields import (
    N_,
    NOT_ASKED,
    Schema,
    WholeNumber,
    WholePattern,
    between,
    length,
)

T = TypeVar("T")
PAGE_SIZE, MOST_ROWS, LONGEST_CURSOR = 20, 100, 500
_NOT_ASKED = {"cursor", "limit"}


class Paging(Schema):
    """The parameters of every list."""

    limit = WholeNumber(
        load_default=PAGE_SIZE,
        validate=between(1, MOST_ROWS),
        metadata={"description": N_("How many rows at most.")},
    )
    cursor = fields.String(
        load_default=NOT_ASKED,
        validate=[length(1, LONGEST_CURSOR), WholePattern(r"^[A-Za-z0-9_.-]+$")],
        metadata={
            "description": N_("The “next” of the page before, with the same other parameters.")
        },
    )


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows and the cursor of the page that follows, None on the last."""

    data: Sequence[T]
    next: str | None


def read_cursor(asked: Mapping[str, Any]) -> list[Any] | None:
    """What the cursor of a request keeps, None without one.

    Refuses `api.page_unknown` for one that was not given here for the same parameters.
    """
    if not asked["cursor"]:
        return None
    try:
        mark, *kept = _serializer().loads(asked["cursor"])
    except BadSignature as error:
        raise Refused("api.page_unknown") from error
    if mark != _mark(asked):
        raise Refused("api.page_unknown")
    return list(kept)


def make_cursor(asked: Mapping[str, Any], *kept: Any) -> str:
    """The cursor of the page after the row that `kept` names."""
    return str(_serializer().dumps([_mark(asked), *kept]))


def page_of(rows: Iterable[T], asked: Mapping[str, Any], key: Callable[[T], str]) -> Page[T]:
    """A page of rows that are all at hand, by ascending keys."""
    kept = read_cursor(asked)
    known = sorted(rows, key=key)
    return fetched_page([row for row in known if kept is None or key(row) > kept[0]], asked, key)


def fetched_page(rows: Sequence[T], asked: Mapping[str, Any], key: Callable[[T], str]) -> Page[T]:
    """A page of rows that were fetched behind the cursor, one more than asked for if there is."""
    shown = rows[: asked["limit"]]
    more = len(rows) > len(shown)
    return Page(shown, make_cursor(asked, key(shown[-1])) if more else None)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="api.cursor")


def _mark(asked: Mapping[str, Any]) -> str:
    """A short mark of the other parameters: a cursor goes on with the question it came from."""
    others = {name: value for name, value in asked.items() if name not in _NOT_ASKED}
    text = json.dumps(others, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
