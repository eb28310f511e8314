"""A person at a browser: opens a page, fills its form, sends it; reads the letters."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from marketplace.infra.database import db
from marketplace.infra.mail import SunkMail, sunk_mails
from marketplace.infra.outbox.delivery import deliver_all

_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_LINK = re.compile(r"https?://[^/\s]+(/\S+)")

REGISTRATION: dict[str, Any] = {
    "organisation_name": "测试咨询有限公司",
    "credit_code": "91110000600037341L",
    "capacity": "institution",
    "region_code": "220100",
    "person_name": "王一",
    "mobile": "13812345678",
    "email": "wang@example.cn",
    "password": "四匹马 purple staple",
    "password_again": "四匹马 purple staple",
    "accept": "y",
}


def hidden_fields(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's main form (the last form has the fullest set)."""
    found: dict[str, str] = {}
    main = page.text[page.text.index('<main id="content"') :]
    for tag in _INPUT.findall(main):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if attributes.get("type") == "hidden":
            found[attributes["name"]] = attributes.get("value", "")
    return found


Send = Callable[..., TestResponse]


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """`send(path, **fields)`: open the page, fill its form, send it."""

    def sends(path: str, *, browser: FlaskClient = client, **fields: Any) -> TestResponse:
        opened = browser.get(path)
        assert opened.status_code == 200, (opened.status_code, opened.location)
        values = MultiDict(hidden_fields(opened))
        for name, value in fields.items():
            values.setlist(name, value if isinstance(value, list) else [value])
        return browser.post(path, data=values)

    return sends


@pytest.fixture
def letters(app: Flask) -> Callable[[str], tuple[SunkMail, ...]]:
    """Deliver what is due and return the letters to an address, newest first."""

    def reads(to: str) -> tuple[SunkMail, ...]:
        db.session.rollback()
        deliver_all(app.extensions["settings"], raise_errors=True)
        return sunk_mails(db.session(), to=to)

    return reads


@pytest.fixture
def mailed_link(letters: Callable[[str], tuple[SunkMail, ...]]) -> Callable[[str], str]:
    """The path of the link in the newest letter to an address."""

    def finds(to: str) -> str:
        found = _LINK.search(letters(to)[0].text)
        assert found is not None
        return found.group(1)

    return finds
