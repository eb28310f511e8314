"""Whoever has database and files, but no keys, finds no secret in them: neither read nor guessed.

Secrets are planted through the pages as people send them, then everything that is kept is searched.
What is random (tokens, codes of mailed links) may be kept as a plain hash; what can be guessed may
not.
"""

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.queries import parties
from marketplace.infra import blobs
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.institutions.models.dossier import Affiliation, InstitutionFacts, Practitioner
from marketplace.kernel.actors import Capacity, Role
from tests.cases import make_association
from tests.competitions import make_competition
from tests.conftest import NOON
from tests.dossiers import a_scan, admitted_listing
from tests.factories import (
    code_now,
    give_password,
    make_member,
    make_organisation,
    make_plain_agent,
    open_session_for,
    system_work,
)
from tests.market import offer
from tests.personas import Persona, sign_in
from tests.web.accounts.conftest import REGISTRATION, hidden_fields
from tests.web.vetting.conftest import Person, filled

LATE = NOON + timedelta(minutes=40)


@dataclass(frozen=True)
class Secret:
    """Something planted: `field` is how forms call it.

    It is `guessable` where people choose it, or there are few of its kind.
    """

    name: str
    value: str | bytes
    field: str = ""
    guessable: bool = True


@pytest.fixture
def browsers(app) -> Callable[[], FlaskClient]:
    return app.test_client


def in_an_account(client: FlaskClient, send: Any, mailed_link: Any) -> Iterator[Secret]:
    """Registering, a forgotten password."""
    send("/register", **REGISTRATION)
    link = mailed_link(REGISTRATION["email"])
    yield Secret("link of a registration", link.rsplit("/", 1)[1], guessable=False)
    send(link)
    send("/password", email=REGISTRATION["email"])
    link = mailed_link(REGISTRATION["email"])
    yield Secret("link of a new password", link.rsplit("/", 1)[1], guessable=False)
    send(link, password="五匹马 amber chest", password_again="五匹马 amber chest")
    send("/sign-in", email=REGISTRATION["email"], password="五匹马 amber chest")
    yield Secret("mobile", REGISTRATION["mobile"], "mobile")
    yield Secret("first password", REGISTRATION["password"], "password")
    yield Secret("second password", "五匹马 amber chest", "password")
    with client.session_transaction() as cookie:
        tokens = {name: value for name, value in cookie.items() if len(str(value)) >= 20}
    assert len(tokens) >= 2
    for name, value in tokens.items():
        yield Secret(f"{name} of a browser", value, guessable=False)


def in_a_second_factor(client: FlaskClient, send: Any) -> Iterator[Secret]:
    """The secret, a code, a spare code."""
    from marketplace.accounts.models import User
    from marketplace.accounts.services.sessions import clear_second_factor

    association = make_organisation(Capacity.ASSOCIATION, name="某某协会")
    actor = make_member(association, Role.ASSOCIATION_EXAMINER, email="new@example.cn")
    with system_work() as uow:
        clear_second_factor(uow, uow.find(User, actor.user_id))
    give_password(actor.user_id, "six horses in a row")
    send("/sign-in", browser=client, email="new@example.cn", password="six horses in a row")
    client.get("/sign-in/enrol")
    secret = parties.enrolment_secret(db.session(), actor.user_id)
    code = pyotp.TOTP(secret).at(real_now())
    enrolled = send("/sign-in/enrol", browser=client, one_time_code=code)
    page = client.get(enrolled.location).text
    yield Secret("password of staff", "six horses in a row", "password")
    yield Secret("secret of the second factor", secret, "totp_secret")
    yield Secret("spare code", re.findall(r"[a-z2-7]{5}(?:-[a-z2-7]{5}){4}", page)[0], "code")


def in_a_token(client: FlaskClient, send: Any) -> Iterator[Secret]:
    """The token of a program, while its page still shows it."""
    sign_in(client, Persona.ENTERPRISE_AGENT)
    said = {"purpose": "进度同步", "scopes": ["projects:read"], "days": "90"}
    said["one_time_code"] = code_now()
    address = send("/my/api-tokens/new", browser=client, **said).location
    page = client.get(address).text
    token = page.split('id="token">', 1)[1].split("<", 1)[0]
    yield Secret("token of a program", token, guessable=False)


def in_a_bid(app: Any) -> Iterator[Secret]:
    """All of an offer, and who stands behind the bidder."""
    scan, world, found = a_scan("测绘方案终稿.png"), make_competition(), offer()
    agent = Person(app, found.agent)
    path = f"/competitions/{world.public_id}/bid"
    form = filled(agent.get(path))
    said = {"price": "76543.21", "promised_days": "9", "statement": "两名高级工程师踏勘三次"}
    for name, value in said.items():
        form.setlist(name, [value])
    form.setlist("proposal", [(io.BytesIO(scan.data), scan.name)])
    answer = agent.browser.post(path, data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    yield Secret("price", "76543.21", "price")
    yield Secret("price in fen", "7654321", "price_fen")
    yield Secret("statement", said["statement"], "statement")
    yield Secret("name of a file", "测绘方案终稿", "proposal")
    yield Secret("content of a file", scan.data, "proposal")
    yield Secret("key of a form", form["once"], guessable=False)
    session = db.session()
    for column in (Affiliation.id_number, Practitioner.id_number, InstitutionFacts.contact_mobile):
        value = session.scalars(select(column).where(column.is_not(None))).first()
        assert value
        yield Secret(str(column), value, column.key)


def from_the_public(client: FlaskClient) -> Iterator[Secret]:
    """A complaint without an account, and a fault."""
    make_association()
    listing = institutions.listing(db.session(), admitted_listing(make_plain_agent()))
    path = f"/complaints/new?institution={listing.institution_public_id}"
    form = filled(client.get(path))
    said = {
        "headline": "迟迟不交报告", "body": "约定十日，至今二十日仍未交付。",
        "name": "欧阳明德", "reach": "ouyang.mingde@b.example.cn",
    }  # fmt: skip
    for name, value in said.items():
        form.setlist(name, [value])
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    yield Secret("code to follow a complaint", answer.location.rsplit("/", 1)[1], guessable=False)
    for name in ("body", "name", "reach"):
        yield Secret(f"{name} of a complaint", said[name], name)


def in_a_kept_form(client: FlaskClient) -> Iterator[Secret]:
    """What was typed when the session had ended."""
    actor = make_plain_agent(email="author@example.cn")
    open_session_for(client, actor)
    page = "/my/account/details"
    typed = {"name": "改后的姓名", "mobile": "13900001111", "locale": "zh"}
    values = hidden_fields(client.get(page)) | typed
    with time_machine.travel(LATE, tick=True):
        assert "kept=1" in client.post(page, data=values).location
    yield Secret("name typed", "改后的姓名", "name")
    yield Secret("mobile typed", "13900001111", "mobile")


def raw(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def readable(value: str | bytes) -> dict[str, bytes]:
    """How a value could stand somewhere."""
    bare = raw(value)
    found = {
        "plain": bare,
        "base64": base64.b64encode(bare).rstrip(b"=")[: len(bare) * 4 // 3 // 4 * 4],
        "hex": bare.hex().encode(),
    }
    if isinstance(value, str):
        found["utf-16"] = value.encode("utf-16-le")
        found["json"] = json.dumps(value)[1:-1].encode()
    return found


def guessed(value: str | bytes, field: str) -> dict[str, bytes]:
    """What whoever guesses the value of a field would compare with."""
    assert field
    found, bare, called = {}, raw(value), field.encode()
    for name, said in {
        "value": bare,
        "field": called + b"\x01" + bare,
        "form": called + b"=" + bare,
    }.items():
        for make in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            hashed = hashlib.new(make, said)
            found |= {
                f"{make} of {name}": hashed.hexdigest()[:24].encode(),
                f"{make} of {name}, raw": hashed.digest()[:16],
                f"{make} of {name}, base64": base64.b64encode(hashed.digest())[:20],
            }
    return found


def kept(home: Path) -> dict[str, bytes]:
    """The dump, every file but the keys, and the names of the files."""
    db.session.remove()
    found = {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name != "secret"
    }
    found["names"] = "\n".join(found).encode()
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        found["dump"] = "\n".join(raw.iterdump()).encode()
    return found


def test_neither_reading_nor_guessing_finds_a_secret(
    app, home, client, browsers, send, mailed_link
):
    secrets = [
        *in_an_account(client, send, mailed_link),
        *in_a_second_factor(browsers(), send),
        *in_a_token(browsers(), send),
        *in_a_bid(app),
        *from_the_public(browsers()),
        *in_a_kept_form(browsers()),
    ]
    assert len({one.name for one in secrets}) == len(secrets) > 20
    # Where no mail host is set up, as in tests, mails are kept to be looked at.
    with db.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("DELETE FROM sunk_mail")
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    everything = kept(home)
    assert len(everything) > 3
    for one in secrets:
        wanted = readable(one.value) | (guessed(one.value, one.field) if one.guessable else {})
        where = [
            (one.name, how, place)
            for how, form in wanted.items()
            for place, content in everything.items()
            if form in content
        ]
        assert where == []


def test_what_is_searched_for_would_be_found():
    planted = "76543.21"
    found = guessed(planted, "price")
    for form in (*readable(planted).values(), *found.values()):
        assert len(form) >= 8
    for said, name in ((b"76543.21", "value"), (b"price\x0176543.21", "field")):
        whole = hashlib.sha256(said).hexdigest().encode()
        assert found[f"sha256 of {name}"] in whole


def test_a_file_kept_as_it_came_or_under_its_digest_would_be_found(app, home):
    scan = a_scan()
    digest = blobs.put(scan.data, sealed=False)
    everything = kept(home)

    assert readable(scan.data)["plain"] in b"".join(everything.values())
    assert guessed(scan.data, "proposal")["sha256 of value"] in everything["names"]
    assert digest.startswith(guessed(scan.data, "proposal")["sha256 of value"].decode())
