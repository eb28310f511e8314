"""An administrator at a browser: opens a page, changes its form, sends it."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord

# What the content policy would block, in a page as it was sent.
UNSEEMLY = re.compile(
    r"\son[a-z]+\s*=\s*[\"']|javascript:|\sstyle\s*=|bootstrap4|jquery", re.IGNORECASE
)


class _Fields(HTMLParser):
    """The fields of the main part's posting form, as a browser would send them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: MultiDict[str, str] = MultiDict()
        self._inside = False
        self._name = ""
        self._text = ""
        self._choices: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "form":
            self._inside = found.get("method") == "post" and "data-once" in found
        if not self._inside:
            return
        if tag == "input" and "name" in found and found.get("type") not in {"file", "submit"}:
            if found.get("type") not in {"checkbox", "radio"} or "checked" in found:
                self.values.add(str(found["name"]), found.get("value") or "")
        elif tag in {"textarea", "select"}:
            self._name, self._text, self._choices = str(found["name"]), "", []
        elif tag == "option":
            self._choices.append((found.get("value") or "", "selected" in found))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif self._inside and tag == "textarea":
            self.values.add(self._name, self._text.removeprefix("\r\n").removeprefix("\n"))
        elif self._inside and tag == "select":
            chosen = [value for value, on in self._choices if on] or [self._choices[0][0]]
            self.values.add(self._name, chosen[0])


def fields_of(page: TestResponse) -> MultiDict[str, str]:
    """What the page's form would send as it stands."""
    parser = _Fields()
    parser.feed(page.text)
    return parser.values


def filled(page: TestResponse, **fields: Any) -> MultiDict[str, str]:
    """The page's form with these fields changed."""
    values = fields_of(page)
    for name, value in fields.items():
        values.setlist(name, value if isinstance(value, list) else [value])
    return values


Send = Callable[..., TestResponse]


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """`send(path, **fields)`: open the page, change these fields, send it."""

    def sends(path: str, **fields: Any) -> TestResponse:
        opened = client.get(path)
        assert opened.status_code == 200, (opened.status_code, opened.location)
        return client.post(path, data=filled(opened, **fields))

    return sends


def recorded(*kinds: str) -> int:
    """How many events there are, of these kinds or of any."""
    db.session.rollback()
    query = select(func.count()).select_from(EventRecord)
    return db.session.scalar(query.where(EventRecord.kind.in_(kinds)) if kinds else query) or 0
