"""Registering: entered, confirmed by the mailed link, signed in; and everything wrong with it."""

from datetime import timedelta

import pytest
import time_machine

from marketplace.accounts import queries
from marketplace.infra.database import db
from marketplace.infra.worker import settle_due
from tests.conftest import NOON
from tests.factories import make_plain_agent
from tests.web.accounts.conftest import REGISTRATION, hidden_fields


def test_an_agent_registers_confirms_and_signs_in(client, send, mailed_link):
    sent = send("/register", **REGISTRATION)
    assert sent.location == "/register/sent"
    assert (
        "链接" in client.get("/register/sent").text or client.get(sent.location).status_code == 200
    )
    confirmed = send(mailed_link("wang@example.cn"))
    assert confirmed.location == "/sign-in"

    entered = send("/sign-in", email="WANG@example.cn ", password=REGISTRATION["password"])

    assert entered.status_code == 303
    page = client.get("/my/account").text
    assert "王一" in page
    assert "测试咨询有限公司" in page
    row = queries.find_organisation(db.session(), REGISTRATION["credit_code"])
    assert row is not None
    assert not row.authorised
    assert queries.members_with(db.session(), row.id)[0].provisional


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("credit_code", "9111000060003734", "18"),
        ("credit_code", "91110000600037341I", "I, O, S, V"),
        ("credit_code", "91110000600037341M", "91110000600037341M"),
        ("credit_code", "", "credit"),
        ("mobile", "12345", "12345"),
        ("email", "no address", "no address"),
        ("region_code", "", "region"),
        ("capacity", "association", "capacity"),
        ("password", "short", "password"),
        ("password", "password1234", "password"),
        ("password_again", "another one altogether", "password_again"),
        ("accept", "", "accept"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    client, send, field, value, words
):
    answer = send("/register?lang=en", **(REGISTRATION | {field: value}))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert words in answer.text
    for kept in ("王一", "测试咨询有限公司"):
        assert kept in answer.text or field == "organisation_name"
    assert REGISTRATION["password"] not in answer.text


def test_full_width_characters_and_spaces_are_read_as_meant(client, send, mailed_link):
    typed = REGISTRATION | {
        "credit_code": "9111 0000 6000 37341l",
        "mobile": "138 1234 5678",
        "email": "Wang@Example.cn",
    }

    assert send("/register", **typed).status_code == 303
    assert send(mailed_link("wang@example.cn")).status_code == 303
    assert queries.find_organisation(db.session(), "91110000600037341L") is not None


def test_the_same_form_sent_twice_makes_one_registration_and_one_account(
    client, send, letters, mailed_link
):
    opened = client.get("/register")
    data = hidden_fields(opened) | REGISTRATION
    first = client.post("/register", data=data)
    again = client.post("/register", data=data)

    assert (first.status_code, again.status_code) == (303, 303)
    assert len(letters("wang@example.cn")) == 1
    link = mailed_link("wang@example.cn")
    confirmation = hidden_fields(client.get(link))
    answers = [client.post(link, data=confirmation).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert client.get(link).status_code == 410


def test_going_back_and_changing_something_asks_once_more_and_then_sends_it(client):
    opened = client.get("/register")
    data = hidden_fields(opened) | REGISTRATION
    client.post("/register", data=data)

    changed = client.post("/register", data=data | {"person_name": "王二"})

    assert changed.status_code == 422
    assert "王二" in changed.text
    renewed = hidden_fields(changed) | REGISTRATION | {"person_name": "王二"}
    assert client.post("/register", data=renewed).status_code == 303


def test_an_email_with_an_account_gets_another_letter_and_the_same_page(client, send, letters):
    make_plain_agent(email="wang@example.cn")

    answer = send("/register", **REGISTRATION)

    assert answer.location == "/register/sent"
    assert "/sign-in" in letters("wang@example.cn")[0].text
    assert "/register/confirm" not in letters("wang@example.cn")[0].text


def test_a_second_claim_on_a_code_asks_the_administrators(client, send, mailed_link, letters):
    make_plain_agent(email="first@example.cn", code=REGISTRATION["credit_code"], name="先到公司")
    send("/register", **REGISTRATION)
    send(mailed_link("wang@example.cn"))

    assert "王一" in letters("first@example.cn")[0].text
    send("/sign-in", email="wang@example.cn", password=REGISTRATION["password"])
    assert "先到公司" in client.get("/my/requests").text
    assert client.get("/my/colleagues").status_code == 302


def test_an_unconfirmed_registration_is_deleted_after_three_days(client, send, mailed_link):
    send("/register", **REGISTRATION)
    link = mailed_link("wang@example.cn")

    with time_machine.travel(NOON + timedelta(days=3, minutes=1), tick=True):
        settle_due(raise_errors=True)

        assert client.get(link).status_code == 410


def test_a_forged_link_says_what_to_do(client):
    answer = client.get("/register/confirm/forged")

    assert answer.status_code == 410
    assert "/register" in answer.text


def test_without_its_token_a_form_is_refused(client):
    assert client.post("/register", data=REGISTRATION).status_code == 400


def test_the_strength_of_a_password_is_said_in_words(client):
    token = hidden_fields(client.get("/register?lang=en"))["csrf_token"]

    def said(password: str) -> str:
        answer = client.post("/password-strength", data={"csrf_token": token, "password": password})
        return str(answer.text)

    assert "Weak" in said("password1234") or "weak" in said("password1234")
    assert "Strong" in said("correct Horse battery 9 staple")
    assert said("").strip() == ""


def test_somebody_signed_in_adds_a_further_organisation(client, send):
    from tests.personas import Persona, sign_in

    sign_in(client, Persona.INSTITUTION_AGENT)
    fields = ("organisation_name", "credit_code", "capacity", "region_code")

    answer = send("/my/organisations/new", **{name: REGISTRATION[name] for name in fields})

    assert answer.location == "/my/account"
    assert "测试咨询有限公司" in client.get("/my/account").text
    assert client.get("/register").location == "/my/organisations/new"
