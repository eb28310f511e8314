"""Telling the marketplace that a project changed: signed, retried, and as badly as one likes."""

import secrets
import threading
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

import httpx2

from marketplace.kernel import webhooks
from marketplace.kernel.webhooks import CloudEvent
from marketplace.simulator.store import Outgoing, Store, now
from marketplace.simulator.world import Project

PROJECT_CHANGED = "cn.example.approvals.project.changed"
DELIVERABLE_JUDGED = "cn.example.approvals.deliverable.judged"
# The department that judges where nobody says which.
DEPARTMENT = {"name": "示例市行政审批局", "credit_code": "112201020000000009"}
SOURCE = "urn:example:approval-platform"
MOST_ATTEMPTS = 12
LONGEST_PAUSE = 60.0


def announce(store: Store, project: Project) -> None:
    """Put the news of a change on its way."""
    message_id = f"msg_{secrets.token_hex(12)}"
    event = CloudEvent(
        id=message_id,
        source=SOURCE,
        type=PROJECT_CHANGED,
        subject=project.code,
        time=project.changed_at,
        data={"code": project.code, "revision": project.revision},
        extensions={},
    )
    store.post(message_id, webhooks.event_body(event))


def judge(store: Store, said: Mapping[str, Any]) -> dict[str, Any]:
    """Put the verdict of a department on its way; returns it as it is told.

    `said` names the number of the work, the version and the verdict; raises KeyError or ValueError
    for one that lacks them. A `sequence` that is given is told instead of the next.
    """
    number = str(said["number"])
    sequence = int(said.get("sequence") or store.note_verdict(number))
    data = {
        "version": int(said["version"]),
        "verdict": str(said["verdict"]),
        "reasons": str(said.get("reasons") or ""),
        "decided_at": str(said.get("decided_at") or now().isoformat(timespec="seconds")),
        "department": said.get("department") or DEPARTMENT,
    }
    if said.get("score"):
        data["rating"] = {"score": int(said["score"]), "comment": str(said.get("comment") or "")}
    message_id = str(said.get("id") or f"msg_{secrets.token_hex(12)}")
    event = CloudEvent(
        id=message_id,
        source=SOURCE,
        type=DELIVERABLE_JUDGED,
        subject=number,
        time=now(),
        data=data,
        extensions={"sequence": str(sequence)},
    )
    store.post(message_id, webhooks.event_body(event))
    return {"id": message_id, "sequence": sequence, **data}


class Sender(threading.Thread):
    """Delivers what waits, in the background, until `stop` is called."""

    def __init__(self, store: Store, address: str, secret: str) -> None:
        super().__init__(name="sender", daemon=True)
        self._store = store
        self._address = address
        self._secret = secret
        self._random = Random(20260801)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End after the message in hand."""
        self._stopping.set()

    def run(self) -> None:
        """Send what is due, again and again."""
        with httpx2.Client(timeout=10, trust_env=False) as client:
            while not self._stopping.wait(0.2):
                for message in self._in_order(self._store.due()):
                    self._send(client, message)

    def _in_order(self, messages: list[Outgoing]) -> list[Outgoing]:
        """With the switch `reorder` neighbours change places; with `duplicate` some come twice."""
        switches = self._store.switches()
        ordered = list(messages)
        for place in range(len(ordered) - 1):
            if self._random.random() < switches["reorder"]:
                ordered[place], ordered[place + 1] = ordered[place + 1], ordered[place]
        return [
            message
            for message in ordered
            for _copy in range(2 if self._random.random() < switches["duplicate"] else 1)
        ]

    def _send(self, client: httpx2.Client, message: Outgoing) -> None:
        headers = webhooks.signed_headers(self._secret, message.message_id, now(), message.body)
        headers["content-type"] = webhooks.MEDIA_TYPE
        try:
            answer = client.post(self._address, content=message.body, headers=headers)
        except httpx2.HTTPError as error:
            self._note(message, type(error).__name__, good=False)
        else:
            self._note(message, str(answer.status_code), good=answer.is_success)

    def _note(self, message: Outgoing, answer: str, *, good: bool) -> None:
        pause = min(0.5 * 2**message.attempts, LONGEST_PAUSE)
        over = good or message.attempts + 1 >= MOST_ATTEMPTS
        again = None if over else now() + timedelta(seconds=pause)
        self._store.note_attempt(message, answer, again)
