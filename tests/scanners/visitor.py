"""Somebody who signs in at the product's own pages, and what of them takes parameters."""

import time
from urllib.parse import urlencode

import httpx2

from benchmarks.visiting import Form, Page, code_of
from marketplace.demo.cast import DOMAIN, PASSWORD

_FIELD = "one_time_code"
_STEPS = 40
_PAUSE = 2.0


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
        return Page(answer.text, str(answer.url)).forms

    def sign_in(self, user: str) -> None:
        """Sign in as somebody of the demo world, with the code of the moment where one is asked."""
        email, used = f"{user}@{DOMAIN}", ""
        answer = self.http.get("/sign-in")
        for _ in range(_STEPS):
            if "/sign-in" not in answer.url.path:
                return
            forms = Page(answer.text, str(answer.url)).forms
            form = next(one for one in forms if one.posts and "/sign-in" in one.address)
            known = {"email": email, "password": PASSWORD}
            if _FIELD in form.values:
                known[_FIELD] = code_of(email, self.http.get("/demo").text)
                if known[_FIELD] == used:  # a code is good once; the next comes
                    time.sleep(_PAUSE)
                    continue
                used = known[_FIELD]
            filled = {name: value for name, value in known.items() if name in form.values}
            answer = self.http.post(form.address, data=form.values | filled)
        raise AssertionError(f"{user} cannot sign in: {answer.url} {answer.status_code}")

    def is_signed_in(self) -> bool:
        """Whether the product still knows this browser."""
        return "/sign-in" not in self.http.get("/my/account").url.path

    def question(self, path: str) -> str:
        """The address of a list with every parameter that its page asks for."""
        asked: dict[str, str] = {}
        for form in self.forms(path):
            if not form.posts:
                asked |= {name: value or "1" for name, value in form.answered().items()}
        asked |= {"page": "1", "sort": asked.get("sort", "name")}
        return f"{self.home}{path}?{urlencode(asked)}"

    def order(self, path: str) -> Form:
        """The last form of the page that is posted, each empty field filled.

        What it showed at first is left out, so that it may be sent over what it has changed.
        """
        form = [one for one in self.forms(path) if one.posts][-1]
        answers = form.answered().items()
        form.values = {name: value or "1" for name, value in answers if name != "seen"}
        return form
