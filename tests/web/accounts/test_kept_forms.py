"""What was typed when a session ended comes back to its author, and to nobody else."""

from datetime import timedelta

import pytest
import time_machine

from marketplace.accounts.models import RescuedForm
from marketplace.infra.database import db
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity
from tests.conftest import NOON
from tests.factories import give_password, make_plain_agent, open_session_for
from tests.web.accounts.conftest import hidden_fields

PATH = "/my/account/details"
TYPED = {"name": "改了的姓名", "mobile": "13900001111", "locale": "zh"}
LATER = NOON + timedelta(minutes=40)


@pytest.fixture
def author(client):
    actor = make_plain_agent(email="author@example.cn")
    give_password(actor.user_id, "four horses in a barn")
    return open_session_for(client, actor)


def sign_in_again(client, answer, email="author@example.cn"):
    values = hidden_fields(client.get(answer.location))
    values |= {"email": email, "password": "four horses in a barn"}
    return client.post(answer.location, data=values)


def send_too_late(client):
    values = hidden_fields(client.get(PATH)) | TYPED
    with time_machine.travel(LATER, tick=True):
        return client.post(PATH, data=values)


def test_what_was_typed_is_shown_again_after_signing_in_and_sent_by_its_author(client, author):
    answer = send_too_late(client)

    assert answer.location == f"/sign-in?next={PATH}&kept=1"
    with time_machine.travel(LATER, tick=True):
        assert "kept for one hour" in client.get(answer.location + "&lang=en").text
        assert sign_in_again(client, answer).location == PATH
        shown = client.get(PATH)
        assert "改了的姓名" in shown.text
        assert "改了的姓名" not in client.get("/my/account").text
        assert "notice-info" in shown.text
        again = client.get(PATH)
        assert "改了的姓名" in again.text
        saved = client.post(PATH, data=hidden_fields(again) | TYPED)
        assert saved.status_code == 303
        assert "改了的姓名" in client.get("/my/account").text
        assert "notice-info" not in client.get(PATH).text
    assert db.session.query(RescuedForm).count() == 0


def test_another_user_of_the_same_browser_sees_nothing_of_it(client, author):
    other = make_plain_agent(email="other@example.cn")
    give_password(other.user_id, "four horses in a barn")
    answer = send_too_late(client)

    with time_machine.travel(LATER, tick=True):
        sign_in_again(client, answer, "other@example.cn")

        assert "改了的姓名" not in client.get(PATH).text


def test_it_is_kept_encrypted_and_without_passwords(client, author):
    values = hidden_fields(client.get("/my/account/password"))
    values |= {"present_password": "four horses", "password": "a secret", "password_again": "x"}
    with time_machine.travel(LATER, tick=True):
        answer = client.post("/my/account/password", data=values)
        assert "kept" not in answer.location
        client.post(PATH, data=hidden_fields(client.get("/sign-in")) | TYPED)

    stored = (
        db.session.connection().exec_driver_sql("SELECT body FROM rescued_form").scalars().all()
    )

    assert len(stored) == 1
    assert "13900001111" not in stored[0]
    assert stored[0].startswith("v2.")


def test_after_an_hour_it_is_gone(client, author):
    answer = send_too_late(client)

    with time_machine.travel(LATER + timedelta(minutes=61), tick=True):
        sign_in_again(client, answer)
        assert "改了的姓名" not in client.get(PATH).text
        settle_due(raise_errors=True)
    db.session.rollback()
    assert db.session.query(RescuedForm).count() == 0


def test_a_visitor_who_was_never_signed_in_keeps_nothing(client, app):
    values = hidden_fields(client.get("/sign-in")) | TYPED

    assert client.post(PATH, data=values).location == f"/sign-in?next={PATH}"
    assert db.session.query(RescuedForm).count() == 0


def test_a_form_of_another_page_address_leads_back_to_the_page_it_came_from(client, author):
    token = hidden_fields(client.get(PATH))["csrf_token"]
    with time_machine.travel(LATER, tick=True):
        answer = client.post(
            "/my/second-factor/begin",
            data={"csrf_token": token},
            headers={"Referer": "http://localhost/my/second-factor"},
        )

    assert answer.location == "/sign-in?next=/my/second-factor"


def test_a_file_must_be_chosen_again_and_the_page_says_so(client):
    from marketplace.accounts.services import sessions
    from marketplace.infra.clock import real_now
    from tests.factories import system_work

    agent = open_session_for(client, make_plain_agent(provisional=True))
    path = "/my/authorisation"
    with system_work() as uow:
        sessions.keep_form(
            uow, user_id=agent.user_id, path=path, body='[["letter", ""]]', at=real_now()
        )

    assert "choose your files again" in client.get(f"{path}?lang=en").text


def test_a_form_open_in_another_tab_can_be_sent_after_signing_in_again(client, author):
    values = hidden_fields(client.get(PATH)) | TYPED
    with time_machine.travel(LATER, tick=True):
        again = client.get("/my/account")
        sign_in_again(client, again)

        sent = client.post(PATH, data=values)

    assert sent.location == "/my/account"


def test_a_form_of_the_user_before_cannot_be_sent_by_the_next(client, author):
    other = make_plain_agent(email="other@example.cn")
    give_password(other.user_id, "four horses in a barn")
    values = hidden_fields(client.get(PATH)) | TYPED
    with time_machine.travel(LATER, tick=True):
        sign_in_again(client, client.get("/my/account"), "other@example.cn")

        assert client.post(PATH, data=values).status_code == 400


def test_the_code_of_a_project_is_kept_like_all_that_is_no_secret(client):
    actor = make_plain_agent(Capacity.ENTERPRISE, email="author@example.cn")
    give_password(actor.user_id, "four horses in a barn")
    open_session_for(client, actor)
    path = "/my/projects/add"
    values = hidden_fields(client.get(path)) | {"code": "2106-220102-04-01-123455"}
    with time_machine.travel(LATER, tick=True):
        answer = client.post(path, data=values)
        assert sign_in_again(client, answer).location == path
        assert "2106-220102-04-01-123455" in client.get(path).text
