"""The filters of a list: the groups of the panel, and addresses that keep what was chosen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _

Value = TypeVar("Value", bound=str)


@dataclass(frozen=True)
class Choice:
    """One value of a filter: `count` is how much it finds, `level` how far it is indented."""

    value: str
    text: str
    count: int | None
    on: bool
    level: int = 0


@dataclass(frozen=True)
class Group:
    """One filter as the panel draws it; `value` is what stands in a text field."""

    name: str
    title: str
    options: tuple[Choice, ...] = ()
    kind: str = "checkbox"
    value: str = ""


def text_field(name: str, title: str, value: str) -> Group:
    """A field for words to look for."""
    return Group(name, title, kind="text", value=value)


def select_field(name: str, title: str, words: Mapping[str, str], chosen: str) -> Group:
    """One of many values, in a list that opens."""
    options = (Choice(key, text, None, key == chosen) for key, text in words.items())
    return Group(name, title, tuple(options), kind="select")


def radios(name: str, title: str, words: Mapping[str, str], chosen: str) -> Group:
    """One of several values, or all."""
    options = [Choice("", _("All"), None, not chosen)]
    options += [Choice(key, text, None, key == chosen) for key, text in words.items()]
    return Group(name, title, tuple(options), kind="radio")


def boxes(
    name: str,
    title: str,
    words: Mapping[Value, str],
    chosen: Collection[str],
    counts: Mapping[Value, int] | None = None,
) -> Group:
    """Any of several values, each with how much it finds where that is known."""
    options = (
        Choice(str(value), text, None if counts is None else counts.get(value, 0), value in chosen)
        for value, text in words.items()
    )
    return Group(name, title, tuple(options))


def same_list(address: str) -> str:
    """Another address of the list on the page, with the same filters."""
    return _with(address, list(request.args.items(multi=True)))


def carried(address: str, *left_out: str, **added: str | Collection[str]) -> str:
    """Another address that goes on asking what this one asks, but for some names, and for more."""
    given = {name: [one] if isinstance(one, str) else one for name, one in added.items()}
    kept = [
        (key, one)
        for key, one in request.args.items(multi=True)
        if key not in left_out and key not in given
    ]
    return _with(address, kept + [(name, one) for name, many in given.items() for one in many])


def without(address: str, name: str, value: str = "") -> str:
    """The list's first page without one value of a filter, or without the filter."""
    kept = [
        (key, one)
        for key, one in request.args.items(multi=True)
        if key != "page" and (key != name or (value and one != value))
    ]
    return _with(address, kept)


def _with(address: str, query: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
