"""Whole parts of the catalogue kept in the process for as long as their change stamp stands."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import CatalogueStamp
from marketplace.catalogue.rules.parts import Part

Value = TypeVar("Value")

# More than one for each part, because tests move between databases within one process.
_MOST_KEPT = 32
# Under this name a session keeps its transaction and the stamps seen in it.
_SEEN = "catalogue stamps"
_kept: OrderedDict[tuple[str, str, str], Any] = OrderedDict()
_guard = threading.Lock()
_TOKEN = select(CatalogueStamp.token).where(CatalogueStamp.part == bindparam("part"))


def catalogue_token(session: Session, part: Part | str) -> str:
    """A text that changes whenever the part changes; empty while the catalogue is empty."""
    return session.scalar(_TOKEN, {"part": str(part)}) or ""


def _token_of_transaction(session: Session, part: Part) -> str:
    """The stamp as this transaction sees it: asked once where nothing can change it.

    A page that names an item in every line asks no oftener than one that names a single item.
    """
    if session.get_bind().get_execution_options().get("writes", False):
        return catalogue_token(session, part)
    seen, tokens = session.info.get(_SEEN, (None, {}))
    if seen is None or seen is not session.get_transaction():
        tokens = {}
    if part not in tokens:
        tokens[part] = catalogue_token(session, part)
        session.info[_SEEN] = (session.get_transaction(), tokens)
    token: str = tokens[part]
    return token


def snapshot(session: Session, part: Part, name: str, load: Callable[[Session], Value]) -> Value:
    """What `load` reads, read again only when the part's stamp has moved.

    The stamp is read before the rows, so that rows which are newer than their stamp are at
    worst read twice; the value must not be changed by whoever gets it.
    """
    token = _token_of_transaction(session, part)
    if not token:
        return load(session)
    key = (part.value, name, token)
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
            known: Value = _kept[key]
            return known
    value = load(session)
    with _guard:
        _kept[key] = value
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return value
