"""Milestones go to the platform: signed, in order, again until they are taken."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from marketplace.approvals import queries
from marketplace.approvals.services.calling import Client, Link, use_link
from marketplace.approvals.services.outgoing import reopen_channel, send_event
from marketplace.infra.clock import real_now
from marketplace.infra.outbox.delivery import Later, deliver_all
from marketplace.infra.outbox.models import Delivery, DeliveryState
from marketplace.kernel import webhooks
from marketplace.kernel.errors import Refused
from marketplace.kernel.webhooks import CloudEvent
from tests.engagements import make_engagement
from tests.personas import Persona, actor

pytestmark = pytest.mark.real_time


def an_event(key: str = "msg_1", sequence: int = 1) -> CloudEvent:
    return CloudEvent(
        id=key,
        source="https://market.example",
        type="cn.example.engagement.contracted",
        subject="WT-2026-000001",
        time=real_now(),
        data={"amount_fen": 1200, "item_code": "JL-Z01"},
        extensions={"sequence": str(sequence)},
    )


class Platform:
    """A platform of the test's own: answers as told, and keeps what it was sent."""

    def __init__(self, app, *answers: httpx2.Response | type[Exception]) -> None:
        self.requests: list[httpx2.Request] = []
        self._answers = list(answers)
        settings = replace(
            app.extensions["settings"],
            approvals_url="http://platform.example",
            approvals_hosts=frozenset({"platform.example"}),
        )
        transport = httpx2.MockTransport(self._answer)
        self.link = Link(settings, Client(settings, transport))
        use_link(self.link)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, httpx2.Response):
            return answer
        raise answer("broken")


@pytest.fixture(autouse=True)
def _resolved(monkeypatch):
    import socket

    known = socket.getaddrinfo
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda name, *a, **k: found if name == "platform.example" else known(name, *a, **k),
    )


def failure(platform: Platform, event: CloudEvent | None = None) -> Later:
    with pytest.raises(Later) as later:
        send_event(platform.link, event or an_event())
    return later.value


def test_an_event_arrives_signed_at_the_simulator(link, simulator):
    event = an_event("msg_arrives")
    send_event(link, event)
    send_event(link, event)

    (arrived,) = [one for one in simulator.milestones() if one["webhook_id"] == "msg_arrives"]
    assert (arrived["times"], arrived["altered"]) == (2, 0)
    assert json.loads(arrived["body"])["data"]["amount_fen"] == 1200


def test_a_message_signed_with_another_secret_is_refused(app, simulator):
    other = replace(
        simulator.settings(app.extensions["settings"]),
        approvals_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    with pytest.raises(Later, match="answered 401"):
        send_event(Link(other), an_event())


def test_the_same_id_and_body_are_signed_anew_at_each_attempt(app, monkeypatch):
    platform = Platform(app, httpx2.Response(500), httpx2.Response(204))
    event = an_event()
    failure(platform, event)
    later = real_now() + timedelta(minutes=4)
    monkeypatch.setattr("marketplace.approvals.services.outgoing.real_now", lambda: later)
    send_event(platform.link, event)

    first, second = platform.requests
    assert first.content == second.content
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == event.id
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert second.headers["content-type"] == webhooks.MEDIA_TYPE
    assert second.headers["host"] == "platform.example"
    webhooks.check(platform.link.settings.approvals_secret, second.headers, second.content)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_every_answer_of_2xx_is_success(app, status):
    send_event(Platform(app, httpx2.Response(status)).link, an_event())


@pytest.mark.parametrize("status", [301, 302, 304, 400, 401, 404, 409, 500, 503])
def test_every_other_answer_is_tried_again(app, status):
    answer = httpx2.Response(status, headers={"location": "http://elsewhere.example/"})
    platform = Platform(app, answer)
    later = failure(platform)

    assert (later.counts, later.never) == (True, False)
    assert len(platform.requests) == 1, "a redirect is not followed"


@pytest.mark.parametrize(
    ("asked", "seconds"), [("120", 120), ("Wed, 21 Oct", 0), ("-5", 0), ("9999999", 86400)]
)
def test_the_platform_may_ask_for_time(app, asked, seconds):
    platform = Platform(app, httpx2.Response(429, headers={"retry-after": asked}))
    assert failure(platform).seconds == seconds


def test_after_a_failure_the_platform_is_left_alone_for_a_while(app):
    platform = Platform(app, httpx2.ConnectError)
    assert failure(platform).counts is True
    platform.link.sending.failed()
    assert failure(platform).counts is False
    assert len(platform.requests) == 1


def test_an_answer_without_end_is_given_up(app):
    platform = Platform(app, httpx2.Response(200, content=b"x" * (1024 * 1024 + 1)))
    assert str(failure(platform)) == "answer too long"


def test_a_platform_in_our_own_network_is_not_called_unless_named(app):
    platform = Platform(app, httpx2.Response(204))
    closed = replace(platform.link.settings, approvals_hosts=frozenset())
    with pytest.raises(Later, match="forbidden address"):
        send_event(Link(closed), an_event())


def deliveries(session) -> list[Delivery]:
    session.rollback()
    query = select(Delivery).where(Delivery.subscriber == queries.SUBSCRIBER)
    return list(session.scalars(query.order_by(Delivery.event_id)))


def test_a_picked_engagement_is_told_to_the_platform(app, session):
    platform = Platform(app, httpx2.Response(204))
    world = make_engagement()
    deliver_all(app.extensions["settings"], raise_errors=True)

    (request,) = platform.requests
    event = webhooks.read_event(request.content)
    assert event["type"].endswith("engagement.requested")
    assert event["subject"] == event["data"]["engagement"]
    assert event["data"]["client"]["credit_code"]
    assert str(world.engagement_id) not in event["data"].values()
    assert [row.state for row in deliveries(session)] == [DeliveryState.DONE]


def test_a_platform_that_is_gone_is_sent_nothing_until_the_operator_reopens(app, session, uow):
    platform = Platform(app, httpx2.Response(410), httpx2.Response(204))
    make_engagement()
    settings = app.extensions["settings"]
    deliver_all(settings)
    assert queries.is_closed(session)
    (row,) = deliveries(session)
    assert (row.state, row.attempts) == (DeliveryState.PENDING, 0)

    with uow() as work:
        work.session.get(Delivery, row.id).next_attempt_at = real_now()
    deliver_all(settings)
    assert len(platform.requests) == 1, "nothing is sent while it is closed"
    session.rollback()

    with (
        pytest.raises(Refused, match=r"approvals\.operator_only"),
        uow(actor(Persona.AUDIT_ADMIN)) as work,
    ):
        reopen_channel(work)
    with uow(actor(Persona.SYSTEM_ADMIN)) as work:
        reopen_channel(work)
    with uow() as work:
        work.session.get(Delivery, row.id).next_attempt_at = real_now()
    deliver_all(settings)
    assert [each.state for each in deliveries(session)] == [DeliveryState.DONE]


def test_without_a_platform_milestones_are_done_at_once(app, session):
    make_engagement()
    deliver_all(app.extensions["settings"], raise_errors=True)
    assert [row.state for row in deliveries(session)] == [DeliveryState.DONE]
