"""People at browsers in vetting: each signed in, each filling the forms a page shows."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from marketplace.kernel.actors import Actor
from tests.factories import open_session_for

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>")
_AREA = re.compile(r"<textarea\b([^>]*)>(.*?)</textarea>", re.DOTALL)
_SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
_OPTION = re.compile(r"<option\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(text)}


def filled(page: TestResponse, action: str = "") -> MultiDict[str, str]:
    """What the form with this action would send as the page shows it."""
    main = page.text[page.text.index('<main id="content"') :]
    for head, body in _FORM.findall(main):
        attributes = _attributes(head)
        if attributes.get("method") != "post" or attributes.get("action", "") != action:
            continue
        values: MultiDict[str, str] = MultiDict()
        for found in _INPUT.findall(body):
            field = _attributes(found)
            if field.get("type") in {"radio", "checkbox"} and "checked" not in field:
                continue
            values.add(field["name"], field.get("value", ""))
        for found, text in _AREA.findall(body):
            values.add(_attributes(found)["name"], html.unescape(text).lstrip("\r\n"))
        for found, options in _SELECT.findall(body):
            given = [_attributes(one) for one in _OPTION.findall(options)]
            chosen = [one["value"] for one in given if "selected" in one]
            values.add(_attributes(found)["name"], (chosen or [given[0]["value"]])[0])
        return values
    raise AssertionError(f"no form with action {action!r}")


class Person:
    """Somebody signed in at a browser of their own."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.actor = actor
        self.browser: FlaskClient = app.test_client()
        open_session_for(self.browser, actor)

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.browser.get(path)

    def send(self, path: str, *, to: str = "", **fields: str) -> TestResponse:
        """Open a page, change some fields of its form (that with the action `to`), send it."""
        values = filled(self.get(path), to)
        for name, value in fields.items():
            values.setlist(name.replace("__", "-"), [value])
        return self.browser.post(to or path, data=values)


@pytest.fixture
def person(app: Flask) -> Callable[[Actor], Person]:
    """Sign an actor in."""
    return lambda actor: Person(app, actor)


def follow(person: Person, answer: TestResponse) -> TestResponse:
    """The page an act leads to."""
    assert answer.status_code == 303, (answer.status_code, answer.text[:2000])
    return person.get(answer.location.partition("#")[0])
