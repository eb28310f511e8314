"""Somebody who signs in at the product's own pages, and what of them takes parameters."""

import re
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

import httpx2

from marketplace.demo.cast import DOMAIN, PASSWORD

_CODE = re.compile(r"\b(\d{3}) ?(\d{3})\b")
_FIELD = "one_time_code"
_NO_VALUE = {"submit", "file", "button"}
_CHOICES = {"checkbox", "radio"}
_STEPS = 40
_PAUSE = 2.0


@dataclass
class Form:
    """A form as it stands on its page."""

    address: str
    posts: bool
    values: dict[str, str]


class Forms(HTMLParser):
    """The forms of a page with their fields; of choices the one chosen, or the first."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._address = address
        self._inside = False
        self._select = ""
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the form before."""
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            address = urljoin(self._address, has.get("action", ""))
            self.found.append(Form(address, has.get("method", "get").casefold() == "post", {}))
            self._inside = True
        elif self._inside:
            self._note(tag, has)

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
            values, lines = self.found[-1].values, data.replace("\r\n", "\n")
            values[self._area] += lines if values[self._area] else lines.removeprefix("\n")

    def _note(self, tag: str, has: dict[str, str]) -> None:
        values, name = self.found[-1].values, has.get("name", "")
        if tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in has or not values.get(self._select):
                values[self._select] = has.get("value", "")
        elif tag == "textarea" and name:
            values[name], self._area = "", name
        elif tag == "input" and name and has.get("type") not in _NO_VALUE:
            if has.get("type") in _CHOICES and values.get(name):
                return
            values[name] = has.get("value", "")


class Visitor:
    """A browser that keeps its cookies."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.http = httpx2.Client(base_url=home, timeout=60, trust_env=False, follow_redirects=True)

    @property
    def cookies(self) -> str:
        """Its cookies, as they are sent."""
        return "; ".join(f"{one.name}={one.value}" for one in self.http.cookies.jar)

    def forms(self, path: str) -> list[Form]:
        """The forms of a page."""
        answer = self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return Forms(str(answer.url), answer.text).found

    def sign_in(self, user: str) -> None:
        """Sign in as somebody of the demo world, with the code of the moment where one is asked."""
        email, used = f"{user}@{DOMAIN}", ""
        answer = self.http.get("/sign-in")
        for _ in range(_STEPS):
            if "/sign-in" not in answer.url.path:
                return
            forms = Forms(str(answer.url), answer.text).found
            form = next(one for one in forms if one.posts and "/sign-in" in one.address)
            known = {"email": email, "password": PASSWORD}
            if _FIELD in form.values:
                known[_FIELD] = self.code_of(email)
                if known[_FIELD] == used:  # a code is good once; the next comes
                    time.sleep(_PAUSE)
                    continue
                used = known[_FIELD]
            filled = {name: value for name, value in known.items() if name in form.values}
            answer = self.http.post(form.address, data=form.values | filled)
        raise AssertionError(f"{user} cannot sign in: {answer.url} {answer.status_code}")

    def code_of(self, email: str) -> str:
        """The six digits that this person's second factor shows now: the demo computes them."""
        rows = re.findall(r"<tr.*?</tr>", self.http.get("/demo").text, re.DOTALL)
        row = next(row for row in rows if re.search(rf"(?<![\w.]){re.escape(email)}", row))
        found = _CODE.search(re.sub(r"<[^>]+>", " ", row.replace(email, "")))
        assert found is not None, email
        return "".join(found.groups())

    def is_signed_in(self) -> bool:
        """Whether the product still knows this browser."""
        return "/sign-in" not in self.http.get("/my/account").url.path

    def question(self, path: str) -> str:
        """The address of a list with every parameter that its page asks for."""
        asked: dict[str, str] = {}
        for form in self.forms(path):
            if not form.posts:
                asked |= {name: value or "1" for name, value in form.values.items()}
        asked |= {"page": "1", "sort": asked.get("sort", "name")}
        return f"{self.home}{path}?{urlencode(asked)}"

    def order(self, path: str) -> Form:
        """The last form of the page that is posted, each empty field filled.

        What it showed at first is left out, so that it may be sent over what it has changed.
        """
        form = [one for one in self.forms(path) if one.posts][-1]
        form.values = {name: value or "1" for name, value in form.values.items() if name != "seen"}
        return form
