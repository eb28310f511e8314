"""Stored answers: the same key gives the same answer, another body is refused, old ones go."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.infra.database import reading_session
from marketplace.infra.idempotency import (
    IdempotencyKey,
    forget_old_keys,
    hash_request,
    stored_answer,
)
from marketplace.kernel.errors import Refused
from tests.service.infra.acts import act

pytestmark = pytest.mark.usefixtures("app")


def keep(key: str, created_at: datetime, body: str = "a") -> None:
    with act() as uow:
        uow.session.add(
            IdempotencyKey(
                actor_key="membership:1",
                route="/x",
                key=key,
                answer="/done",
                request_hash=hash_request([("name", body)]),
                created_at=created_at,
            )
        )


def answer(key: str, body: str = "a") -> str | None:
    with reading_session() as session:
        return stored_answer(
            session, actor_key="membership:1", route="/x", key=key,
            request_hash=hash_request([("name", body)]),
        )  # fmt: skip


def test_the_same_key_gives_the_answer_again_and_another_body_is_refused() -> None:
    keep("k", datetime.now(UTC))

    assert (answer("k"), answer("other")) == ("/done", None)
    with pytest.raises(Refused) as refused:
        answer("k", "b")
    assert refused.value.code == "request.key_reused"


def test_the_order_of_the_fields_does_not_matter_but_their_borders_do() -> None:
    assert hash_request([("a", "1"), ("b", "2")]) == hash_request([("b", "2"), ("a", "1")])
    assert hash_request([("a", "1b"), ("b", "2")]) != hash_request([("a", "1"), ("bb", "2")])


def test_answers_of_long_ago_are_forgotten() -> None:
    now = datetime.now(UTC)
    keep("old", now - timedelta(days=31))
    keep("new", now - timedelta(days=29))

    assert forget_old_keys(act, now) == 1
    assert forget_old_keys(act, now) == 0
    with reading_session() as session:
        assert session.scalars(select(IdempotencyKey.key)).all() == ["new"]
