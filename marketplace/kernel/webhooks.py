"""Messages between systems: signed as Standard Webhooks, their bodies CloudEvents.

A secret is `whsec_` and base64; several, separated by spaces, allow one to replace another: a
message is signed with all of them, and one of them is enough to believe it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from marketplace.kernel.json_text import read_json

ID_HEADER = "webhook-id"
MEDIA_TYPE = "application/cloudevents+json"
SPEC_VERSION = "1.0"
_HEADERS = (ID_HEADER, "webhook-timestamp", "webhook-signature")
# Every failure of the library to make sense of what a stranger sent.
_NONSENSE = (WebhookVerificationError, ValueError, OverflowError, TypeError)


class NotGenuine(Exception):
    """The message was not signed with a secret we share, or not in the last five minutes."""


@dataclass(frozen=True)
class CloudEvent:
    """What happened, as another system is told it; `extensions` are attributes of our own."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: Mapping[str, Any]
    extensions: Mapping[str, str]


def event_body(event: CloudEvent) -> bytes:
    """The event as CloudEvents 1.0.2 JSON, the same bytes each time."""
    fields = {
        "specversion": SPEC_VERSION,
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.astimezone(UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": dict(event.data),
        **event.extensions,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def read_event(body: bytes) -> dict[str, Any]:
    """The fields of a CloudEvent; raises ValueError where the body is none."""
    fields = read_json(body)
    if not isinstance(fields, dict) or fields.get("specversion") != SPEC_VERSION:
        raise ValueError("not a CloudEvent")
    for name in ("id", "source", "type"):
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise ValueError(f"{name} is missing")
    return fields


def signed_headers(secrets: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that prove where a body comes from; `at` is the instant of this attempt."""
    moment = at.astimezone(UTC)
    signatures = [Webhook(each).sign(message_id, moment, body.decode()) for each in secrets.split()]
    values = (message_id, str(int(moment.timestamp())), " ".join(signatures))
    return dict(zip(_HEADERS, values, strict=True))


def check(secrets: str, headers: Mapping[str, str], body: bytes) -> str:
    """The message's id if one of the secrets signed it lately; raises `NotGenuine`."""
    given = {name: headers.get(name, "") for name in _HEADERS}
    for secret in secrets.split():
        try:
            Webhook(secret).verify(body, given, json_parse=False)
        except _NONSENSE:
            continue
        return given[ID_HEADER]
    raise NotGenuine
