"""The door for the platform's messages, and the operator's page about the link."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.approvals.services.outgoing import close_channel
from marketplace.kernel import webhooks
from marketplace.kernel.webhooks import CloudEvent
from marketplace.projects import queries
from tests.factories import system_work
from tests.personas import Persona, sign_in
from tests.projects import make_project, new_code

ADDRESS = "/approvals/webhooks"


@pytest.fixture
def secret(app) -> str:
    return app.extensions["settings"].approvals_secret


def news(code: object, revision: object = 2) -> bytes:
    event = CloudEvent(
        id="evt_1",
        source="urn:example:approval-platform",
        type="cn.example.approvals.project.changed",
        subject=str(code),
        time=datetime.now(UTC),
        data={"code": code, "revision": revision},
        extensions={},
    )
    return webhooks.event_body(event)


def send(client, secret, body: bytes, key: str = "msg_1", at: datetime | None = None):
    headers = webhooks.signed_headers(secret, key, at or datetime.now(UTC), body)
    return client.post(ADDRESS, data=body, headers=headers, content_type=webhooks.MEDIA_TYPE)


def waiting(session) -> tuple[str, ...]:
    session.rollback()
    return queries.waiting_codes(session, 10)


def test_news_of_a_mirrored_project_has_it_looked_up_again(client, session, secret):
    code = new_code()
    make_project(code=code)
    answers = [send(client, secret, news(code)).status_code for _ in range(3)]

    assert answers == [204, 204, 204]
    assert waiting(session) == (code,)


def test_the_same_message_counts_once_and_another_one_again(client, session, secret, uow):
    from marketplace.projects import services as projects

    code = new_code()
    make_project(code=code)
    send(client, secret, news(code))
    with uow() as work:
        projects.refuse_wanted(work, code=code, reason="project.unknown_code")
    send(client, secret, news(code))
    assert waiting(session) == ()
    send(client, secret, news(code), key="msg_2")
    assert waiting(session) == (code,)


def test_news_of_what_is_here_already_or_unknown_are_taken_in_and_change_nothing(
    client, session, secret
):
    code = new_code()
    make_project(code=code, revision=5)
    assert send(client, secret, news(code, 5)).status_code == 204
    assert send(client, secret, news(new_code()), key="msg_2").status_code == 204
    other = json.dumps({"specversion": "1.0", "id": "1", "source": "x", "type": "else"}).encode()
    assert send(client, secret, other, key="msg_3").status_code == 204
    assert waiting(session) == ()


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_a_future_message_is_refused(client, secret, minutes):
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert send(client, secret, news(new_code()), at=at).status_code == 401


def test_what_was_not_signed_with_our_secret_is_refused(client, session, secret):
    code = new_code()
    make_project(code=code)
    other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert send(client, other, news(code)).status_code == 401
    assert client.post(ADDRESS, data=news(code)).status_code == 401
    assert waiting(session) == ()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"nonsense", 400),
        (b"[]", 400),
        (b"{}", 400),
        (news("nonsense"), 400),
        (news(None), 400),
        (news("2106-220102-04-01-123455", "2"), 400),
        (news("2106-220102-04-01-123455", -2), 400),
        (news("2106-220102-04-01-123455", 2**40), 400),
        (b"x" * (65 * 1024), 413),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(client, secret, body, status):
    assert send(client, secret, body).status_code == status


def test_an_endless_id_is_refused(client, secret):
    assert send(client, secret, news(new_code()), key="m" * 300).status_code == 400


def test_a_page_is_not_to_be_had_there(client):
    assert client.get(ADDRESS).status_code == 405


def test_the_operator_reopens_a_closed_way(client, app, monkeypatch):
    with system_work() as uow:
        close_channel(uow)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    sign_in(client, Persona.SYSTEM_ADMIN)
    assert "/approvals" in client.get("/desk").text
    before = client.get("/approvals").text
    assert client.post("/approvals", data={"once": "1"}).status_code == 303
    after = client.get("/approvals").text
    assert before != after
    sign_in(client, Persona.AUDIT_ADMIN)
    assert client.get("/approvals").status_code == 404
