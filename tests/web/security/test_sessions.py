"""Sessions and mailed links: who signs them, what they are worth, when they end."""

import hashlib
import random
import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from itsdangerous import Signer, TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import select

from marketplace.accounts.models import UserSession
from marketplace.accounts.services import credentials, proofs, sessions
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.kernel.errors import Refused
from marketplace.web.signing import SignedSessions
from tests.conftest import NOON
from tests.factories import (
    TOTP_SECRET,
    give_password,
    make_member,
    make_organisation,
    open_session_for,
    system_work,
)
from tests.personas import Persona, sign_in
from tests.web.accounts.conftest import hidden_fields
from tests.web.security.conftest import PASSWORD


def cookie_of(client) -> tuple[str, str]:
    """Name and value of the session's cookie."""
    (found,) = [each for each in client._cookies.values() if "session" in each.key]
    return found.key, found.value


def is_in(client) -> bool:
    return client.get("/my/account").status_code == 200


@pytest.mark.parametrize("place", [0, 5, 20, -1, -10, -30])
def test_a_cookie_that_was_altered_opens_nothing(client, agent, place):
    open_session_for(client, agent)
    assert is_in(client)
    name, value = cookie_of(client)
    other = "A" if value[place] != "A" else "B"
    changed = value[: place % len(value)] + other + value[place % len(value) + 1 :]
    # The last letter of base64 carries bits that say nothing.
    changed = changed if place != -1 else value[:-2] + ("AA" if value[-2:] != "AA" else "BB")

    client.set_cookie(name, changed)

    assert not is_in(client)


@pytest.mark.parametrize(
    ("key", "digest"),
    [("another key " * 4, "sha256"), ("", "sha256"), (None, "sha1"), (None, "md5")],
)
def test_a_cookie_signed_otherwise_opens_nothing(app, client, agent, key, digest):
    open_session_for(client, agent)
    name, value = cookie_of(client)

    def signed(secret: str, how: str) -> str:
        signer = TimestampSigner(
            secret,
            salt=SignedSessions.salt,
            key_derivation=SignedSessions.key_derivation,
            digest_method=getattr(hashlib, how),
        )
        return signer.sign(value.rsplit(".", 2)[0]).decode()

    client.set_cookie(name, signed(app.secret_key, "sha256"))
    assert is_in(client)
    client.set_cookie(name, signed(app.secret_key if key is None else key, digest))

    assert not is_in(client)


def test_a_cookie_without_signature_or_with_a_made_up_token_opens_nothing(app, client, agent):
    open_session_for(client, agent)
    name, value = cookie_of(client)
    stored = db.session.scalars(select(UserSession)).one()
    client.set_cookie(name, value.rsplit(".", 2)[0])
    assert not is_in(client)
    for token in (stored.token_hash, str(stored.id), stored.public_id, str(stored.user_id), ""):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        assert not is_in(client)


def test_every_session_has_a_random_token_of_its_own_whatever_the_seed(app, client, agent):
    tokens = set()
    for _ in range(8):
        random.seed(7)
        open_session_for(client, agent)
        with client.session_transaction() as cookie:
            tokens.add(cookie["_user_id"])

    assert len(tokens) == 8
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)  # 256 bits
    kept = db.session.scalars(select(UserSession.token_hash)).all()
    assert not set(kept) & tokens


def test_codes_and_secrets_are_random_whatever_the_seed(app):
    seen = []
    for _ in range(2):
        random.seed(7)
        seen.append((pyotp.random_base32(), sessions._random_code()))

    assert seen[0][0] != seen[1][0]
    assert seen[0][1] != seen[1][1]
    assert len(seen[0][0]) * 5 >= 160
    assert len(seen[0][1].replace("-", "")) * 5 >= 112


def test_a_link_opens_no_session(app, client, agent, send, mailed_link):
    send("/password", email="agent@example.cn")
    link = mailed_link("agent@example.cn")

    assert client.get(link).status_code == 200
    assert not is_in(client)
    send(link, password="another four horses", password_again="another four horses")
    assert not is_in(client)


def test_a_new_password_by_link_leaves_the_second_factor_asked_for(client, send, app, mailed_link):
    member = make_member(make_organisation(), email="member@example.cn")
    give_password(member.user_id, PASSWORD)
    send("/password", email="member@example.cn")
    link = mailed_link("member@example.cn")
    send(link, password="another four horses", password_again="another four horses")

    answer = send("/sign-in", email="member@example.cn", password="another four horses")

    assert answer.location == "/sign-in/code"
    assert not is_in(client)
    code = pyotp.TOTP(TOTP_SECRET).at(real_now())
    assert send("/sign-in/code", one_time_code=code).status_code == 303
    assert is_in(client)


def test_a_code_of_a_minute_ago_opens_nothing(client, send, app):
    member = make_member(make_organisation(), email="member@example.cn")
    give_password(member.user_id, PASSWORD)
    send("/sign-in", email="member@example.cn", password=PASSWORD)
    old = pyotp.TOTP(TOTP_SECRET).at(real_now() - timedelta(seconds=61))

    assert send("/sign-in/code", one_time_code=old).status_code == 422


PURPOSES = {
    "register": "/register/confirm/{}",
    "invitation": "/invitations/{}",
    "password": "/password/{}",
    "first-password": "/password/first/{}",
    "unlock": "/unlock/{}",
    "email": "/my/account/email/{}",
}


def stamped(agent) -> tuple[str, str]:
    with system_work() as uow:
        row = uow.find(credentials.User, agent.user_id)
        return row.public_id, credentials.password_stamp(row)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_is_good_for_its_own_purpose_only(client, agent, purpose):
    path = PURPOSES[purpose].format(proofs.sign(purpose, *stamped(agent)))
    own = client.get(path).status_code
    others = [
        client.get(PURPOSES[other].format(proofs.sign(purpose, *stamped(agent)))).status_code
        for other in PURPOSES
        if other != purpose
    ]

    assert set(others) == {410}
    assert own == (200 if purpose in {"password", "first-password"} else own)


def test_a_link_is_not_taken_for_a_session_nor_a_session_for_a_link(client, agent):
    open_session_for(client, agent)
    name, value = cookie_of(client)

    assert client.get(f"/password/{value}").status_code == 410
    client.set_cookie(name, proofs.sign("password", *stamped(agent)))
    assert not is_in(client)


@pytest.mark.parametrize(
    "forge",
    [
        lambda key, data: URLSafeTimedSerializer("guess" * 8, salt="accounts.password").dumps(data),
        lambda key, data: URLSafeTimedSerializer("", salt="accounts.password").dumps(data),
        lambda key, data: URLSafeTimedSerializer(key, salt="accounts").dumps(data),
        lambda key, data: URLSafeTimedSerializer(
            key, salt="accounts.password", signer_kwargs={"digest_method": hashlib.sha1}
        ).dumps(data),
        lambda key, data: URLSafeTimedSerializer(
            key, salt="accounts.password", signer_kwargs={"key_derivation": "none"}
        ).dumps(data),
        lambda key, data: (
            "eyJhbGciOiJub25lIn0." + URLSafeTimedSerializer(key, salt="x").dumps(data)
        ),
    ],
    ids=["another key", "no key", "no purpose", "SHA-1", "plain key", "none"],
)
def test_a_link_signed_otherwise_is_refused(app, client, agent, forge):
    data = list(stamped(agent))
    right = URLSafeTimedSerializer(app.secret_key, salt="accounts.password").dumps(data)
    assert client.get(f"/password/{right}").status_code == 200

    assert client.get(f"/password/{forge(app.secret_key, data)}").status_code == 410


def test_a_link_counts_within_its_time_only(client, agent):
    link = f"/password/{proofs.sign('password', *stamped(agent))}"

    with time_machine.travel(NOON + timedelta(minutes=59), tick=True):
        assert client.get(link).status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=61), tick=True):
        assert client.get(link).status_code == 410
    with pytest.raises(Refused):
        proofs.read("password", "", max_age=60)


def test_all_that_is_signed_is_signed_with_sha_256(app):
    assert Signer("key").digest_method is hashlib.sha256
    assert app.session_interface.digest_method is hashlib.sha256


@pytest.mark.parametrize("persona", [p for p in Persona if p is not Persona.VISITOR])
def test_signing_out_is_on_every_page(client, persona):
    sign_in(client, persona)

    for path in ("/", "/desk", "/my/account", "/nowhere", "/items"):
        page = client.get(path).text
        forms = re.findall(
            r'<form[^>]*action="/sign-out"[^>]*method="post"|<form[^>]*method="post"[^>]*action="/sign-out"',
            page,
        )
        assert forms, path


def test_by_https_the_cookie_is_of_this_host_only_and_for_nobody_else(behind_proxy):
    by_proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "market.example"}
    answer = behind_proxy.get("/?lang=en", headers=by_proxy)

    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *facts = cookie.split("; ")
    assert name.startswith("__Host-marketplace_session=")
    assert set(facts) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_signing_out_clears_what_the_browser_cached_and_keeps_the_language(client, agent):
    open_session_for(client, agent)
    client.get("/?lang=en")
    token = hidden_fields(client.get("/my/organisations/new"))["csrf_token"]

    answer = client.post("/sign-out", data={"csrf_token": token})

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert '<html lang="en"' in client.get(answer.location).text
    assert not is_in(client)


def test_a_session_stays_ended_however_its_cookie_comes_back(app, client, agent):
    open_session_for(client, agent)
    name, value = cookie_of(client)
    token = hidden_fields(client.get("/my/organisations/new"))["csrf_token"]
    client.post("/sign-out", data={"csrf_token": token})
    for _ in range(2):
        client.set_cookie(name, value)
        assert not is_in(client)
