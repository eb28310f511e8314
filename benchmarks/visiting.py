"""Somebody at a browser, who knows the product by its addresses and forms only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from werkzeug.test import TestResponse

_CODE = re.compile(r"\b(\d{3}) (\d{3})\b")
_SEEN = 303


@dataclass
class Form:
    """A form as it stands on the page: what is filled in, and what may be chosen."""

    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The links, table rows and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form, or a field of the form before."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "form":
            self.forms.append(Form(has.get("method", "get").casefold()))
        elif self.forms:
            self._note_field(tag, has)

    def _note_field(self, tag: str, has: Mapping[str, str]) -> None:
        form, name = self.forms[-1], has.get("name", "")
        if tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option" and has.get("value"):
            form.choices.setdefault(self._select, []).append(has["value"])
            if "selected" in has:
                form.values[self._select] = has["value"]
        elif tag == "textarea" and name:
            form.values.setdefault(name, "")
        elif tag == "input" and name and _counts(has):
            form.values[name] = has.get("value", "")

    @property
    def form(self) -> Form:
        """The form that is sent: the last one that posts."""
        return next(form for form in reversed(self.forms) if form.method == "post")

    def leads_to(self, pattern: str) -> list[str]:
        """The addresses on this page that match from beginning to end, each once."""
        return list(dict.fromkeys(link for link in self.links if re.fullmatch(pattern, link)))


def _counts(has: Mapping[str, str]) -> bool:
    kind = has.get("type", "text")
    return kind not in {"submit", "file", "button"} and (
        kind not in {"checkbox", "radio"} or "checked" in has
    )


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
            answer = self.send(answer.location, one_time_code=self._code_of(mail))
            assert answer.status_code == _SEEN, (mail, answer.status_code)

    def _code_of(self, mail: str) -> str:
        rows = re.findall(r"<tr.*?</tr>", self._client.get("/demo").text, re.DOTALL)
        row = next(row for row in rows if re.search(rf"(?<![\w.]){re.escape(mail)}", row))
        found = _CODE.search(row)
        assert found is not None, mail
        return "".join(found.groups())
