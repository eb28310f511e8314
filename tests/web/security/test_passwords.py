"""Passwords as people choose, type and keep them; accounts that are there from the beginning."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from marketplace.accounts.models import ApiToken, User, UserSession
from marketplace.infra.database import db
from tests.conftest import NOON
from tests.factories import give_password, make_agent, open_session_for
from tests.web.accounts.conftest import REGISTRATION, hidden_fields
from tests.web.security.conftest import PASSWORD

LONG = "石榴 river ninety kettle " * 6


def enters(send, password, email="agent@example.cn"):
    return send("/sign-in", email=email, password=password).status_code


@pytest.mark.parametrize(
    "other",
    [
        PASSWORD.upper(),
        PASSWORD.capitalize(),
        PASSWORD + " ",
        " " + PASSWORD,
        PASSWORD[:-1],
        PASSWORD.replace(" ", ""),
        PASSWORD.replace(" ", "\u00a0"),
        "ｆｏｕｒ horses in a barn",
    ],
)
def test_a_password_is_compared_as_it_was_typed(client, send, agent, other):
    assert enters(send, other) == 422
    assert enters(send, PASSWORD) == 303


def test_a_long_password_is_neither_cut_nor_changed(client, send, agent):
    for length in (64, 72, 73, 100, 128):
        password = LONG[:length]
        give_password(agent.user_id, password)
        assert enters(send, password[:-1] + "!") == 422, length
        answer = send("/sign-in", email="agent@example.cn", password=password)
        assert answer.status_code == 303, length
        token = hidden_fields(client.get("/my/organisations/new"))["csrf_token"]
        client.post("/sign-out", data={"csrf_token": token})


@pytest.mark.parametrize(
    "password",
    [
        "purple staple horse barn",
        "PURPLESTAPLEHORSEBARN",
        "8264093175502986437190",
        "四匹马住在紫色的谷仓里面吃苹果",
        "🐴🐴 barn 🍎 kettle river",
        "!!?;:-_ #kettle (river)",
        LONG[:64],
        LONG[:128],
    ],
)
def test_any_characters_and_up_to_128_of_them_make_a_password(client, send, password):
    new = {**REGISTRATION, "password": password, "password_again": password}

    assert send("/register", **new).location == "/register/sent"


def doors(app, send, mailed_link, admin):
    """Whatever chooses a password: where it says its refusal, what it needs beside the password."""
    own = app.test_client()
    open_session_for(own, admin)
    send("/my/colleagues/invite", browser=own, email="new@example.cn", roles=["institution_agent"])
    invitation = mailed_link("new@example.cn")
    send("/password", browser=app.test_client(), email="agent@example.cn")
    link = mailed_link("agent@example.cn")
    return {
        "register": (app.test_client(), "/register", REGISTRATION),
        "join": (app.test_client(), invitation, {"name": "王一", "mobile": "13712345678"}),
        "link": (app.test_client(), link, {}),
        "account": (own, "/my/account/password", {"present_password": PASSWORD}),
    }


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("%Qp6uQhmjw3P", "stolen elsewhere and published"),
        ("1qaz2wsx3edc4rfv", "words and passwords that many use"),
        ("zhongjiechaoshi", "words of this site"),
        ("liuyang@1988.08.08", "rests on a date"),
        ("ceshizixun@8264", "mostly your name"),
        ("qwertyuiop[]asdf", "follows the alphabet"),
        ("short", "too short"),
    ],
)
def test_a_weak_password_is_refused_wherever_one_is_chosen(
    app, send, agent, mailed_link, password, words
):
    weak = {"password": password, "password_again": password}
    for door, (browser, path, others) in doors(app, send, mailed_link, agent).items():
        browser.get("/?lang=en")
        answer = send(path, browser=browser, **{**others, **weak})

        assert answer.status_code == 422, door
        assert words in answer.text, door


def test_a_password_is_good_until_its_owner_changes_it(client, send, agent):
    with time_machine.travel(NOON + timedelta(days=5 * 365), tick=True):
        assert enters(send, PASSWORD) == 303
        assert client.get("/my/account").status_code == 200


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/sign-in", {"password": "current-password"}),
        ("/register", {"password": "new-password", "password_again": "new-password"}),
    ],
)
def test_passwords_are_hidden_and_open_to_paste_and_managers(client, path, names):
    page = client.get(path).text
    fields = [
        dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]*>", page)
    ]
    found = {each["name"]: each for each in fields if each.get("type") == "password"}

    assert {name: each.get("autocomplete") for name, each in found.items()} == names
    assert all(not {"onpaste", "readonly", "disabled"} & set(each) for each in found.values())
    assert not any(
        field.get("type") != "password" and "password" in field.get("name", "") for field in fields
    )


def test_the_pages_inside_hide_passwords_too(client, agent):
    open_session_for(client, agent)
    for path in ("/my/account/password", "/my/account/email"):
        for tag in re.findall(r'<input[^>]*name="[^"]*password[^"]*"[^>]*>', client.get(path).text):
            assert 'type="password"' in tag, path


def test_there_is_no_account_nobody_made(app, client, send):
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
    for name in ("root", "admin", "administrator", "sa", "test", "guest"):
        for password in (name, "password", "admin", "123456"):
            answer = send("/sign-in", email=f"{name}@example.cn", password=password)
            assert answer.status_code in {409, 422}
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0
    assert db.session.scalar(select(func.count()).select_from(ApiToken)) == 0


def test_nothing_but_the_mail_address_is_asked_of_who_forgot_the_password(client):
    page = client.get("/password").text
    main = page[page.index('<main id="content"') :]
    asked = set(re.findall(r'<(?:input|select|textarea)[^>]*\sname="([^"]*)"', main))

    assert asked - {"csrf_token", "once", "acting_as", "seen"} == {"email"}


def test_a_new_account_has_no_password_until_its_owner_chooses_one(client, send, app):
    make_agent(email="new@example.cn")

    stored = db.session.scalar(select(User.password_hash).where(User.email == "new@example.cn"))
    assert stored == ""
    for password in ("", " ", "new@example.cn", "password"):
        assert client.get("/my/account").status_code == 303
        assert enters(send, password, "new@example.cn") in {409, 422}


def test_a_stored_password_tells_its_function_its_price_and_a_salt_of_its_own(app):
    from marketplace.accounts.services import proofs

    proofs.use_cost(cheap=False)
    try:
        first, second = (proofs.hash_password(PASSWORD) for _ in range(2))
    finally:
        proofs.use_cost(cheap=True)
    found = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)", first)

    assert found is not None
    memory, passes, _lanes = map(int, found.groups()[:3])
    assert memory >= 19 * 1024
    assert passes >= 2
    assert first.split("$")[4] != second.split("$")[4]
    assert proofs.matches(first, PASSWORD)
