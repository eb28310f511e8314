"""Signed messages: the published vector, rotation, and what strangers may send."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.kernel import webhooks
from marketplace.kernel.webhooks import CloudEvent, NotGenuine

SIGNED_WITH = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = b'{"test": 2432232314}'
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_the_published_vector_is_signed_as_published():
    headers = webhooks.signed_headers(
        SIGNED_WITH, MESSAGE, datetime.fromtimestamp(1614265330, UTC), BODY
    )

    assert headers == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    ("signed_with", "known"),
    [
        (SIGNED_WITH, SIGNED_WITH),
        (f"{OTHER} {SIGNED_WITH}", SIGNED_WITH),
        (SIGNED_WITH, f"{OTHER} {SIGNED_WITH}"),
    ],
)
def test_one_shared_secret_is_enough_while_another_replaces_it(signed_with, known):
    headers = webhooks.signed_headers(signed_with, MESSAGE, datetime.now(UTC), BODY)
    assert webhooks.check(known, headers, BODY) == MESSAGE


def genuine() -> dict[str, str]:
    return webhooks.signed_headers(SIGNED_WITH, MESSAGE, datetime.now(UTC), BODY)


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({}, BODY + b" "),
        ({"webhook-id": "msg_other"}, BODY),
        ({"webhook-timestamp": "1614265330"}, BODY),
        ({"webhook-timestamp": "tomorrow"}, BODY),
        ({"webhook-timestamp": "1e400"}, BODY),
        ({"webhook-timestamp": "nan"}, BODY),
        ({"webhook-timestamp": ""}, BODY),
        ({"webhook-signature": ""}, BODY),
        ({"webhook-signature": "v1"}, BODY),
        ({"webhook-signature": "v1,%%%"}, BODY),
        ({"webhook-signature": "v1,äöü"}, BODY),
        ({"webhook-signature": "v2,AAAA"}, BODY),
        ({}, b"\xff\xfe"),
    ],
)
def test_what_was_not_signed_by_us_is_not_believed(changes, body):
    with pytest.raises(NotGenuine):
        webhooks.check(SIGNED_WITH, genuine() | changes, body)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_message_is_believed_for_five_minutes(minutes):
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    headers = webhooks.signed_headers(SIGNED_WITH, MESSAGE, at, BODY)
    with pytest.raises(NotGenuine):
        webhooks.check(SIGNED_WITH, headers, BODY)


def test_without_a_secret_nobody_is_believed():
    with pytest.raises(NotGenuine):
        webhooks.check("", genuine(), BODY)


def test_an_event_is_the_same_bytes_each_time_and_reads_back():
    event = CloudEvent(
        id="msg_1",
        source="https://market.example",
        type="cn.example.engagement.contracted",
        subject="WT-2026-000001",
        time=datetime(2026, 11, 23, 4, tzinfo=UTC),
        data={"amount_fen": 1200, "item": "环评"},
        extensions={"sequence": "3"},
    )
    body = webhooks.event_body(event)

    assert body == webhooks.event_body(event)
    fields = webhooks.read_event(body)
    assert (fields["specversion"], fields["sequence"]) == ("1.0", "3")
    assert fields["time"] == "2026-11-23T04:00:00.000+00:00"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"nonsense", b'{"specversion":"0.3"}', b'{"specversion":"1.0"}']
)
def test_what_is_no_event_is_refused(body):
    with pytest.raises(ValueError):  # noqa: PT011 - any of json's or ours
        webhooks.read_event(body)
