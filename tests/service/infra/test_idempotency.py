"""Stored answers: the same key gives the same answer, another body is refused, old ones go.

What was sent can be read from nothing that is stored, nor guessed at.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from marketplace.infra import crypto
from marketplace.infra.database import reading_session
from marketplace.infra.idempotency import (
    IdempotencyKey,
    Submission,
    answers_under_older_keys,
    begin_answer,
    forget_old_keys,
    stored_answer,
)
from marketplace.kernel.errors import Refused
from tests.service.infra.acts import act
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")

SENT = Submission("membership:1", "/x/<token>", "/x/letmein", "k", [("name", "a")])
OLD, NEW = b"o" * 32, b"n" * 32


def keep(sent: Submission, created_at: datetime | None = None) -> None:
    with act() as uow:
        begin_answer(uow.session, sent, created_at or datetime.now(UTC)).answer = "/done"


def answer(sent: Submission) -> str | None:
    with reading_session() as session:
        return stored_answer(session, sent)


def stored() -> list[str]:
    """All that is kept, as it stands in the database."""
    with reading_session() as session:
        found = session.execute(text("SELECT * FROM idempotency_key")).all()
    return [str(value) for row in found for value in row]


def test_the_same_key_gives_the_answer_again_and_another_body_is_refused() -> None:
    keep(SENT)

    assert (answer(SENT), answer(replace(SENT, key="other"))) == ("/done", None)
    assert answer(replace(SENT, path="/x/another")) is None
    assert answer(replace(SENT, sender="membership:2")) is None
    with pytest.raises(Refused) as refused:
        answer(replace(SENT, parts=[("name", "b")]))
    assert refused.value.code == "request.key_reused"


def test_the_order_of_the_fields_does_not_matter_but_their_borders_do() -> None:
    keep(replace(SENT, parts=[("a", "1"), ("b", "2")]))

    assert answer(replace(SENT, parts=[("b", "2"), ("a", "1")])) == "/done"
    for others in ([("a", "1b"), ("", "2")], [("a", "1"), ("bb", "2")], [("a", "1\x00b\x012")]):
        with pytest.raises(Refused):
            answer(replace(SENT, parts=others))


def test_answers_of_long_ago_are_forgotten() -> None:
    now = datetime.now(UTC)
    keep(SENT, now - timedelta(hours=25))
    keep(replace(SENT, key="new"), now - timedelta(hours=23))

    assert forget_old_keys(act, now) == 1
    assert forget_old_keys(act, now) == 0
    assert answer(SENT) is None
    assert answer(replace(SENT, key="new")) == "/done"


@pytest.mark.parametrize(("field", "secret"), rows("input/secrets_sent"))
def test_what_was_sent_can_be_neither_read_nor_guessed(field: str, secret: str) -> None:
    sent = replace(SENT, key="only the sender knows", parts=[("note", "x"), (field, secret)])
    keep(sent)

    kept = stored()
    for hidden in (secret, sent.key, "letmein", "/done", sent.sender):
        assert not any(hidden in value for value in kept)
    assert not set(kept) & guesses(sent)


def guesses(sent: Submission) -> set[str]:
    """What somebody with the database, and even with its keys, would compare with."""
    name, secret = sent.parts[-1]
    both = sorted(sent.parts)
    said = [
        secret, f"{name}={secret}", f"{name}\x01{secret}",
        "\x00".join(f"{one}\x01{value}" for one, value in both),
    ]  # fmt: skip
    found = {
        make(each.encode()).hexdigest() for each in said for make in (hashlib.sha256, hashlib.md5)
    }
    for key in (*crypto._keys.data.values(), crypto._keys.hashing):
        found |= {hmac.new(key, each.encode(), hashlib.sha256).hexdigest() for each in said}
    for known in crypto.key_ids():
        # The key of the form is not among what is kept, so its place is guessed to be empty.
        found |= set(replace(sent, key="").fingerprint(known).values()) - {
            known,
            sent.route,
            sent.fingerprint(known)["actor_key"],
        }
    return found


@pytest.fixture
def new_key(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer was stored under the old key, then a new one was put in."""
    monkeypatch.setattr(crypto, "_keys", crypto._Keys({"old": OLD}, b"h" * 32))
    keep(SENT)
    monkeypatch.setattr(crypto, "_keys", crypto._Keys({"new": NEW, "old": OLD}, b"h" * 32))


@pytest.mark.usefixtures("new_key")
def test_with_a_new_data_key_first_what_was_sent_before_is_still_known() -> None:
    assert answer(SENT) == "/done"
    with pytest.raises(Refused):
        answer(replace(SENT, parts=[("name", "b")]))
    with reading_session() as session:
        assert answers_under_older_keys(session) == 1
    keep(replace(SENT, key="later"))
    with reading_session() as session:
        assert answers_under_older_keys(session) == 1
        assert set(session.scalars(select(IdempotencyKey.key_id))) == {"old", "new"}
