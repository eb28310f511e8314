"""A message in the present language: its title and its sentence."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString

from marketplace.catalogue.queries import find_item
from marketplace.infra.outbox.news import news_of
from marketplace.web.context import reading_session
from marketplace.web.wording import label
from marketplace.web.words import local_name

_LABELLED = {
    "outcome": "outcome",
    "ground": "ground",
    "way": "way",
    "waits_for": "path_wait",
    "turn_of": "path_owner",
}


def message_title(kind: str, details: Mapping[str, Any]) -> str:
    """The title of a message in the present language."""
    row = news_of(kind)
    return _filled(row.subject if row else None, kind, details)


def message_text(kind: str, details: Mapping[str, Any]) -> str:
    """The sentence of a message in the present language."""
    row = news_of(kind)
    return _filled(row.text if row else None, kind, details)


def _filled(words: LazyString | None, kind: str, details: Mapping[str, Any]) -> str:
    if words is None:
        return kind  # told by a release that knew the event
    return str(words) % {name: _shown(name, value) for name, value in details.items()}


def _shown(name: str, value: object) -> object:
    if name == "item":
        item = find_item(reading_session(), str(value))
        return value if item is None else local_name(item)
    if name == "points":
        return len(value) if isinstance(value, list | tuple) else value
    if name in _LABELLED:
        return label(f"{_LABELLED[name]}.{value}")
    return value
