"""What may be sent, from where it is read, and what it leaves behind."""

import base64
import hashlib
import io
import json
import logging
import re
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser
from sqlalchemy import func, select, text

from marketplace.accounts.models import User
from marketplace.accounts.queries import parties
from marketplace.infra import crypto
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.settings import ROOT
from tests.factories import open_session_for
from tests.personas import Persona, sign_in
from tests.programs import bearing, make_token
from tests.web.accounts.conftest import hidden_fields


def how_much_happened() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(EventRecord)) or 0


def user(agent) -> User:
    db.session.rollback()
    return db.session.get(User, agent.user_id)


# ------------------------------------------------------------------ where fields are read from

DETAILS = "/my/account/details"
WANTED = {"name": "新名", "mobile": "13955556666", "locale": "en"}


def test_a_field_that_the_form_does_not_have_changes_nothing(client, agent):
    open_session_for(client, agent)
    before = user(agent)
    kept = (before.email, before.password_hash, before.totp_secret, before.public_id)
    more = {
        "email": "evil@example.cn",
        "password_hash": "x",
        "totp_secret": "x",
        "public_id": "aaaaaaaaaa",
        "id": "1",
        "user_id": "1",
        "roles": "system_admin",
        "organisation_id": "1",
        "provisional": "",
        "created_at": "2000-01-01",
    }

    client.post(DETAILS, data={**hidden_fields(client.get(DETAILS)), **WANTED, **more})

    row = user(agent)
    assert (row.name, row.locale) == ("新名", "en")
    assert (row.email, row.password_hash, row.totp_secret, row.public_id) == kept
    roles = parties.actor_of(db.session(), agent.membership_id).roles
    assert roles == agent.roles


def test_a_field_is_read_from_its_own_place_and_once(client, agent):
    open_session_for(client, agent)
    fields = hidden_fields(client.get(DETAILS))
    # In the address, in a cookie or a header a field of the form is nothing.
    client.set_cookie("name", "由饼干")
    answer = client.post(
        f"{DETAILS}?name=由地址&mobile=13900000000&csrf_token={fields['csrf_token']}",
        data={**fields, **WANTED, "name": ["第一", "第二"]},
        headers={"X-Name": "header", "name": "header"},
    )
    assert answer.status_code == 303
    assert user(agent).name == "第一"
    only_in_address = {name: value for name, value in fields.items() if name != "csrf_token"}
    refused = client.post(
        f"{DETAILS}?csrf_token={fields['csrf_token']}", data={**only_in_address, **WANTED}
    )
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/sign-out",
        "/switch",
        "/my/second-factor/begin",
        "/my/account/details",
        "/my/account/password",
        "/my/organisations/new",
        "/register",
        "/password",
        "/notices/fault",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_an_act_asked_for_by_get_does_nothing(client, agent, path, method):
    open_session_for(client, agent)
    fields = hidden_fields(client.get(DETAILS))
    asked = fields | WANTED | {"email": "agent@example.cn", "present_password": "x", "words": "x"}
    before, name = how_much_happened(), user(agent).name

    client.open(path, method=method, query_string=asked)

    assert how_much_happened() == before
    assert user(agent).name == name
    assert client.get("/my/account").status_code == 200


# ------------------------------------------------------------------ tokens and cookies


def test_the_cookie_is_for_the_server_alone_and_its_token_stands_on_no_page(client, agent):
    open_session_for(client, agent)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    given = client.get("/my/account?lang=en").headers["Set-Cookie"]

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(given.split("; "))
    assert "Domain" not in given
    for path in ("/", "/my/account", "/my/sessions", "/desk"):
        assert token not in client.get(path).text


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Authorization", "bearer"])
def test_a_token_in_an_address_opens_nothing(app, client, name):
    token = make_token(sign_in(app.test_client(), Persona.ENTERPRISE_AGENT))
    assert client.get("/api/v1/projects", headers=bearing(token)).status_code == 200

    for answer in (
        client.get("/api/v1/projects", query_string={name: token}),
        client.get(f"/api/v1/projects;{name}={token}"),
    ):
        assert answer.status_code in {401, 404, 422}
    client.set_cookie(name, token)
    assert client.get("/api/v1/projects").status_code == 401


def test_the_interface_takes_no_body_that_a_form_of_another_site_could_send(app, client):
    agent = sign_in(client, Persona.ENTERPRISE_AGENT)
    token = make_token(agent)
    wish = json.dumps({"project_code": "2026-220100-48-01-000001"})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        headers = bearing(token, **{"Idempotency-Key": "k" * 20})
        answer = client.post("/api/v1/projects", data=wish, content_type=kind, headers=headers)
        assert answer.status_code == 415, kind
    # What a browser sends of itself, its cookie, opens nothing here.
    answer = client.post("/api/v1/projects", data=wish, content_type="application/json")
    assert answer.status_code == 401


def test_what_stands_in_addresses_of_letters_is_in_no_log(client, agent, send, mailed_link, caplog):
    send("/password", email="agent@example.cn")
    link = mailed_link("agent@example.cn")
    token = link.rsplit("/", 1)[1]

    with caplog.at_level(logging.DEBUG):
        assert client.get(link).status_code == 200
        assert client.get(f"/sign-in?next={link}").status_code == 200
        assert client.get(f"{link}x").status_code == 410

    lines = [str(record.msg) + record.getMessage() for record in caplog.records]
    assert any("/password/<token>" in line for line in lines)
    assert not any(token in line for line in lines)


# ------------------------------------------------------------------ how often, how much

VISITORS = [
    ("/register", 60, {}),
    ("/password", 30, {"email": "nobody@example.cn"}),
    ("/notices/fault", 20, {}),
    ("/complaints/new", 30, {}),
]


@pytest.mark.parametrize(("path", "most", "fields"), VISITORS, ids=[v[0] for v in VISITORS])
def test_what_visitors_may_send_is_counted(app, client, path, most, fields):
    sent = {"csrf_token": hidden_fields(client.get("/password"))["csrf_token"], **fields}

    answers = [client.post(path, data=sent).status_code for _ in range(most + 1)]

    assert answers[-1] == 429
    assert 429 not in answers[:most]
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.post(path, data=sent, environ_base=elsewhere).status_code != 429


SMUGGLED = {
    "length and chunks": "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
    "two lengths": "Content-Length: 4\r\nContent-Length: 5\r\n",
    "a length that is none": "Content-Length: +4\r\n",
    "a negative length": "Content-Length: -1\r\n",
    "an unknown encoding": "Transfer-Encoding: xchunked\r\n",
    "chunks twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "a space before the colon": "Transfer-Encoding : chunked\r\n",
    "a folded line": "X-A: b\r\n Transfer-Encoding: chunked\r\n",
    "a line end inside": "X-A: b\rTransfer-Encoding: chunked\r\n",
    "a name with an underscore twin": "Content_Length\x0b: 4\r\n",
}


@pytest.mark.parametrize("lines", SMUGGLED.values(), ids=SMUGGLED)
def test_a_request_with_two_ends_is_refused(lines):
    request = f"POST / HTTP/1.1\r\nHost: market.example\r\n{lines}\r\n0\r\n\r\nGET /x HTTP/1.1\r\n"

    with pytest.raises(ParseException):
        next(RequestParser(Config(), io.BytesIO(request.encode()), ("127.0.0.1", 1)))


# ------------------------------------------------------------------ what is stored


def stored(agent, column: str = "mobile") -> str:
    query = text(f"SELECT {column} FROM user_account WHERE id = :id")  # noqa: S608
    return db.session.execute(query, {"id": agent.user_id}).scalar_one()


def test_what_is_stored_opens_by_the_standard_alone(app, agent):
    form, key_id, body = stored(agent).split(".", 2)
    raw = base64.b64decode(body)
    key = app.extensions["settings"].data_keys[key_id]

    plain = AESGCM(key).decrypt(raw[:12], raw[12:], f"user_account.mobile|{agent.user_id}".encode())

    assert (form, len(key) * 8) == ("v2", 256)
    assert plain.decode() == user(agent).mobile


def test_equal_values_look_different_when_stored(app):
    with_key = {crypto.encrypt(b"13812345678", "user_account.mobile|1") for _ in range(16)}

    assert len(with_key) == 16
    bodies = [base64.b64decode(each.split(".", 2)[2]) for each in with_key]
    assert len({body[:12] for body in bodies}) == 16
    assert {len(body) for body in bodies} == {12 + 11 + 16}


@pytest.mark.parametrize("place", [3, 9, 20, 40, -8])
def test_an_altered_or_moved_value_does_not_open(agent, place):
    value, row = stored(agent), f"user_account.mobile|{agent.user_id}"
    assert crypto.decrypt(value, row).decode() == user(agent).mobile
    altered = value[:place] + ("y" if value[place] == "x" else "x") + value[place + 1 :]

    for moved in (f"{row}0", row.replace("mobile", "totp_secret"), ""):
        with pytest.raises(crypto.SealBroken):
            crypto.decrypt(value, moved)
    for other in (altered, value[:-8], value + "AAAA", value.replace("v2", "v1", 1), ""):
        with pytest.raises(crypto.SealBroken):
            crypto.decrypt(other, row)


def test_hashes_have_256_bits(agent):
    kept = stored(agent, "mobile_hash")

    assert len(bytes.fromhex(kept)) * 8 == 256
    assert kept != hashlib.sha256(user(agent).mobile.encode()).hexdigest()
    assert crypto.search_hash("a", "x") != crypto.search_hash("a", "y")


def test_whatever_is_guarded_by_not_being_guessed_has_128_bits(app, client, agent):
    token = make_token(sign_in(app.test_client(), Persona.ENTERPRISE_AGENT))
    page = client.get("/sign-in")
    fields = hidden_fields(page)
    nonce = re.search(r"'nonce-([\w-]+)'", page.headers["Content-Security-Policy"])

    assert nonce is not None
    assert len(nonce[1]) * 6 >= 128
    assert len(token.removeprefix("jlm_")) * 6 >= 256
    assert len(fields["once"]) * 6 >= 128


# ------------------------------------------------------------------ the scripts of the pages

SCRIPTS = [ROOT / "static" / "js" / name for name in ("app.js",)]
# The least of a browser: what the scripts look at is there, what they keep is written down.
BROWSER = """
const kept = {}, none = () => {};
const element = () => ({ dataset: {}, classList: { add: none, toggle: none }, append: none,
  addEventListener: none, setAttribute: none, after: none, focus: none, hidden: true });
globalThis.localStorage = { setItem: (k) => { kept["local " + k] = 1; } };
globalThis.sessionStorage = { setItem: (k) => { kept["session " + k] = 1; } };
globalThis.document = { documentElement: element(), addEventListener: none, createElement: element,
  querySelector: () => null, querySelectorAll: () => [], getElementById: () => null,
  set cookie(text) { kept["cookie " + text] = 1; }, cookie: "" };
const evil = "__proto__[x]=1&constructor[prototype][x]=1";
globalThis.location = { search: "?" + evil, hash: "#" + evil, href: "http://market/?" + evil };
globalThis.window = globalThis;
globalThis.addEventListener = none;
globalThis.matchMedia = () => ({ matches: true, addEventListener: none });
const members = () => Object.getOwnPropertyNames(Object.prototype).join();
const before = members();
for (const code of process.argv.slice(1)) eval(require("fs").readFileSync(code, "utf8"));
console.log(JSON.stringify({ kept, same: before === members(), x: ({}).x ?? null }));
"""


@pytest.fixture(scope="module")
def after_the_scripts():
    """What the script of every page leaves behind when it ran."""
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    done = subprocess.run(
        [node, "-e", BROWSER, *map(str, SCRIPTS)], text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_script_of_every_page_keeps_nothing(after_the_scripts):
    assert after_the_scripts["kept"] == {}


def test_no_address_changes_the_prototype_of_a_script(after_the_scripts):
    assert after_the_scripts["same"]
    assert after_the_scripts["x"] is None
