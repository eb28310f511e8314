"""Somebody at a browser, who knows the product by its addresses and forms only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask import Flask
from werkzeug.test import TestResponse

_CODE = re.compile(r"\b(\d{3}) (\d{3})\b")
_SEEN = 303
_NO_VALUE = {"submit", "file", "button"}
_CHOICES = {"checkbox", "radio"}


@dataclass
class Form:
    """A form as it stands on its page: what is filled in, and what may be chosen."""

    address: str
    posts: bool
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def answered(self) -> dict[str, str]:
        """What is filled in, and the first choice where nothing is chosen."""
        firsts = {name: offered[0] for name, offered in self.choices.items() if offered}
        return firsts | {
            name: one for name, one in self.values.items() if one or name not in firsts
        }


class Page(HTMLParser):
    """The links and forms of a page, which stands at this address."""

    def __init__(self, text: str, address: str = "") -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._address = address
        self._inside = False
        self._select = ""
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form, or a field of the form that is open."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "form":
            address = urljoin(self._address, has.get("action", ""))
            self.forms.append(Form(address, has.get("method", "get").casefold() == "post"))
            self._inside = True
        elif self._inside:
            self._note_field(tag, has)

    def handle_endtag(self, tag: str) -> None:
        """The form is over, or one of its fields."""
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """What stands in a text area; browsers drop the line break it begins with."""
        if self._area:
            values, lines = self.forms[-1].values, data.replace("\r\n", "\n")
            values[self._area] += lines if values[self._area] else lines.removeprefix("\n")

    def _note_field(self, tag: str, has: Mapping[str, str]) -> None:
        name, value = has.get("name", ""), has.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and value:
            self._note_choice(self._select, value, chosen="selected" in has)
        elif tag == "textarea" and name:
            self.forms[-1].values[name], self._area = "", name
        elif tag == "input" and name and has.get("type") in _CHOICES:
            self._note_choice(name, value, chosen="checked" in has)
        elif tag == "input" and name and has.get("type") not in _NO_VALUE:
            self.forms[-1].values[name] = value

    def _note_choice(self, name: str, value: str, *, chosen: bool) -> None:
        self.forms[-1].choices.setdefault(name, []).append(value)
        if chosen:
            self.forms[-1].values[name] = value

    @property
    def form(self) -> Form:
        """The form that is sent: the last one that posts."""
        return next(form for form in reversed(self.forms) if form.posts)

    def leads_to(self, pattern: str) -> list[str]:
        """The addresses on this page that match from beginning to end, each once."""
        return list(dict.fromkeys(link for link in self.links if re.fullmatch(pattern, link)))


def code_of(mail: str, entrance: str) -> str:
    """The six digits that somebody's second factor shows now, as the page of the demo tells."""
    rows = re.findall(r"<tr.*?</tr>", entrance, re.DOTALL)
    row = next(row for row in rows if re.search(rf"(?<![\w.]){re.escape(mail)}", row))
    found = _CODE.search(re.sub(r"<[^>]+>", " ", row.replace(mail, "")))
    assert found is not None, mail
    return "".join(found.groups())


class Visitor:
    """A browser of its own; each request stands alone."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def look(self, path: str) -> Page:
        """Open a page that is there."""
        answer = self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.location)
        return Page(answer.text)

    def send(self, path: str, page: Page | None = None, **filled: str) -> TestResponse:
        """Fill the form of the page, by default the one at this address, and send it."""
        form = (page or self.look(path)).form
        return self._client.post(path, data=form.values | filled)

    def sign_in(self, mail: str, password: str) -> None:
        """Sign in to the demo, with the code of its entrance where one is asked for."""
        answer = self.send("/sign-in", email=mail, password=password)
        assert answer.status_code == _SEEN, (mail, answer.status_code)
        if (answer.location or "").endswith("/code"):
            code = code_of(mail, self._client.get("/demo").text)
            answer = self.send(answer.location, one_time_code=code)
            assert answer.status_code == _SEEN, (mail, answer.status_code)
