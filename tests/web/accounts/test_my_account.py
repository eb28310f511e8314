"""My account: details, password, e-mail, sessions, second factor."""

import io

import pyotp
import pytest
from werkzeug.test import TestResponse

from marketplace.accounts.queries import bearers, parties
from marketplace.accounts.services import sessions, signing_in
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.infra.files import files_of
from tests import documents
from tests.factories import (
    TOTP_SECRET,
    give_password,
    make_plain_agent,
    open_session_for,
    system_work,
)
from tests.personas import Persona, sign_in
from tests.web.accounts.conftest import hidden_fields


@pytest.fixture
def me(client):
    actor = make_plain_agent(email="me@example.cn")
    give_password(actor.user_id, "four horses in a barn")
    return open_session_for(client, actor)


def test_details_are_saved_and_the_language_follows(client, send, me):
    saved = send("/my/account/details", name="新名", mobile="13955556666", locale="en")

    assert saved.location == "/my/account"
    page = client.get("/my/account").text
    assert "新名" in page
    assert "My account" in page


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(app, client, send, me):
    other = app.test_client()
    open_session_for(other, me)
    new = {"password": "another four horses", "password_again": "another four horses"}

    wrong = send("/my/account/password", present_password="wrong", **new)
    assert wrong.status_code == 422
    assert 'id="present_password-error"' in wrong.text
    values = hidden_fields(client.get("/my/account/password"))
    values |= {"present_password": "four horses in a barn", **new}
    answers = [client.post("/my/account/password", data=values) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/my/account"] * 2
    assert client.get("/my/account").status_code == 200
    assert other.get("/my/account").status_code == 303


def test_a_new_address_counts_once_its_link_is_opened(client, send, me, mailed_link):
    asked = send(
        "/my/account/email", email="New@example.cn", present_password="four horses in a barn"
    )
    assert asked.location == "/my/account"
    assert "me@example.cn" in client.get("/my/account").text
    link = mailed_link("new@example.cn")

    assert send(link).location == "/my/account"

    assert parties.find_user(db.session(), "new@example.cn").id == me.user_id
    assert client.get(link).status_code == 410


def test_a_new_address_that_has_an_account_is_refused_by_its_link(send, me, mailed_link):
    send("/my/account/email", email="new@example.cn", present_password="four horses in a barn")
    link = mailed_link("new@example.cn")
    make_plain_agent(email="new@example.cn")

    answer = send(link)

    assert answer.status_code == 409
    assert 'data-reason="account.email_taken"' in answer.text


def test_my_sessions_are_listed_and_can_be_ended(app, client, me):
    other = app.test_client()
    open_session_for(other, me)
    rows = bearers.my_sessions(db.session(), me.user_id, current=0, at=real_now())
    assert len(rows) == 2
    page = client.get("/my/sessions")
    with client.session_transaction() as cookie:
        mine = bearers.session_of(db.session(), cookie["_user_id"], real_now()).public_id
    theirs = next(row.public_id for row in rows if row.public_id != mine)

    ended = client.post(f"/my/sessions/{theirs}/end", data=hidden_fields(page))

    assert ended.status_code == 303
    assert other.get("/my/account").status_code == 303
    assert client.get("/my/account").status_code == 200


def test_nobody_ends_the_sessions_of_others(client, me):
    stranger = make_plain_agent()
    open_session_for(client.application.test_client(), stranger)
    rows = bearers.my_sessions(db.session(), stranger.user_id, current=0, at=real_now())
    page = client.get("/my/account/details")

    answer = client.post(f"/my/sessions/{rows[0].public_id}/end", data=hidden_fields(page))

    assert answer.status_code == 404


def test_a_second_factor_is_set_up_renewed_and_removed(client, send, me):
    begun = client.post(
        "/my/second-factor/begin", data=hidden_fields(client.get("/my/second-factor"))
    )
    assert begun.location == "/my/second-factor/confirm"
    secret = parties.enrolment_secret(db.session(), me.user_id)
    assert send(begun.location, one_time_code="12345").status_code == 422
    assert send(begun.location, one_time_code=pyotp.TOTP(secret).at(real_now())).status_code == 303
    assert parties.enrolment_secret(db.session(), me.user_id) is None
    first = client.get("/my/second-factor/recovery-codes").text
    spare = first.split('<span class="code">')[1].split("<")[0]
    send("/my/second-factor/recovery-codes")
    assert send("/my/second-factor/renew", one_time_code="000000").status_code == 422

    removed = send("/my/second-factor/remove", one_time_code=spare)

    assert removed.status_code == 303
    assert not parties.account(db.session(), me.user_id).has_second_factor


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_password_that_rests_on_its_owner_is_refused_beside_the_field(
    client, send, mailed_link, language
):
    actor = make_plain_agent(email="zhangxiaoming@example.cn", name="吉林省测试咨询有限公司")
    give_password(actor.user_id, "four horses in a barn")
    open_session_for(client, actor)
    client.get(f"/?lang={language}")
    weak = {"password": "ceshizixun@2026", "password_again": "ceshizixun@2026"}

    changed = send("/my/account/password", present_password="four horses in a barn", **weak)

    assert changed.status_code == 422
    words = {"zh": "本人的姓名", "en": "mostly your name"}[language]
    assert words in changed.text
    hint = client.post(
        "/password-strength", data=weak | hidden_fields(client.get("/my/account/password"))
    )
    assert words in hint.text


@pytest.mark.parametrize("path", ["renew", "remove"])
def test_a_right_code_counts_for_nothing_when_too_much_has_failed_meanwhile(
    send, me, monkeypatch, path
):
    with system_work() as uow:
        sessions.install_second_factor(uow, user_id=me.user_id, secret=TOTP_SECRET)
    # The attempt had begun before the others failed.
    monkeypatch.setattr(signing_in, "begin_attempt", lambda *_args, **_facts: False)
    for _failure in range(5):
        assert send(f"/my/second-factor/{path}", one_time_code="000000").status_code == 422
    code = parties.current_code(db.session(), me.user_id, real_now())

    refused = send(f"/my/second-factor/{path}", one_time_code=code)

    assert 'data-reason="account.locked"' in refused.text
    account = parties.account(db.session(), me.user_id)
    assert (account.has_second_factor, account.recovery_codes_left) == (True, 0)


def test_setting_up_a_second_factor_ends_the_sessions_opened_without(app, client, send, me):
    other = app.test_client()
    open_session_for(other, me)
    client.post("/my/second-factor/begin", data=hidden_fields(client.get("/my/second-factor")))
    secret = parties.enrolment_secret(db.session(), me.user_id)

    send("/my/second-factor/confirm", one_time_code=pyotp.TOTP(secret).at(real_now()))

    assert client.get("/my/account").status_code == 200
    assert other.get("/my/account").status_code == 303


def test_another_file_of_the_same_name_is_not_taken_for_the_first(app, client):
    actor = make_plain_agent(provisional=True)
    open_session_for(client, actor)
    form = hidden_fields(client.get("/my/authorisation"))

    def hands_in(data: bytes, fields: dict[str, str]) -> TestResponse:
        values = fields | {"letter": (io.BytesIO(data), "letter.pdf")}
        return client.post("/my/authorisation", data=values)

    first, corrected = documents.pdf(1), documents.pdf(2)
    assert [hands_in(first, form).status_code for _ in range(2)] == [303, 303]
    asked = hands_in(corrected, form)

    assert asked.status_code == 422
    assert hands_in(corrected, hidden_fields(asked)).status_code == 303
    db.session.rollback()
    kept = files_of(db.session(), "organisation", actor.organisation_id)
    assert [row.pages for row in kept] == [2, 1]


def test_staff_cannot_do_without(client):
    sign_in(client, Persona.ASSOCIATION_EXAMINER)

    page = client.get("/my/second-factor")
    answer = client.get("/my/second-factor/remove")

    assert 'data-reason="account.second_factor_required"' in page.text
    assert answer.status_code == 409
