"""A message in the present language: its title and its sentence."""

from collections.abc import Mapping
from typing import Any

from marketplace.catalogue.queries import find_item
from marketplace.notifications.messages import MESSAGES
from marketplace.web.context import reading_session
from marketplace.web.wording import label
from marketplace.web.words import local_name

_LABELLED = {"outcome": "outcome", "ground": "ground", "way": "way"}


def message_title(kind: str, details: Mapping[str, Any]) -> str:
    """The title of a message in the present language."""
    return _filled(kind, 0, details)


def message_text(kind: str, details: Mapping[str, Any]) -> str:
    """The sentence of a message in the present language."""
    return _filled(kind, 1, details)


def _filled(kind: str, part: int, details: Mapping[str, Any]) -> str:
    values = {name: _shown(name, value) for name, value in details.items()}
    return str(MESSAGES[kind][part]) % values


def _shown(name: str, value: object) -> object:
    if name == "item":
        item = find_item(reading_session(), str(value))
        return value if item is None else local_name(item)
    if name == "points":
        return len(value) if isinstance(value, list | tuple) else value
    if name in _LABELLED:
        return label(f"{_LABELLED[name]}.{value}")
    return value
