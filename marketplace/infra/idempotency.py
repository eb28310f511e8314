"""Doing a thing once: the answer of an act is stored in the act's own transaction.

What was sent is known again by its fingerprint, not kept. A form holds passwords, codes and prices
that are easily guessed, so the fingerprint is keyed twice: with a key of this table's own, which
goes with the data keys, and with what the sender made up for this one form, which is kept nowhere.
Nobody who has the database can try guesses, not even with the keys of the server.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from sqlalchemy import CursorResult, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra import crypto
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, reading_session
from marketplace.infra.ticks import Opens
from marketplace.kernel.errors import Refused

# Nobody waits longer for the answer to a form.
KEPT = timedelta(days=1)

_KEY = "idempotency_key.key"
_BODY = "idempotency_key.request_hash"
_SENDER = "idempotency_key.actor_key"


class IdempotencyKey(Base):
    """The stored answer of one submitted key; unique per actor and route.

    `route` is the pattern of the address: its values may be secret, as those of mailed links are.
    `key` and `request_hash` are fingerprints under the data key `key_id`.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("actor_key", "route", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_key: Mapped[str] = mapped_column(String(64))
    route: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(40))
    request_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(EncryptedText("idempotency_key.answer"))
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Submission:
    """Who sent what to which address, under which key of their own making.

    `route` is the pattern of `path`. The order of the parts does not matter.
    """

    sender: str
    route: str
    path: str
    key: str
    parts: Sequence[tuple[str, str]]

    def fingerprint(self, key_id: str) -> dict[str, str]:
        """The columns by which this submission is known again under a data key."""
        content = json.dumps([self.key, sorted(self.parts)])
        return {
            "actor_key": crypto.fingerprint(self.sender, _SENDER, key_id),
            "route": self.route[:200],
            "key": crypto.fingerprint(json.dumps([self.path, self.key]), _KEY, key_id),
            "key_id": key_id,
            "request_hash": crypto.fingerprint(content, _BODY, key_id),
        }


def stored_answer(session: Session, sent: Submission) -> str | None:
    """The answer given before to this submission, or None.

    Raises `Refused("request.key_reused")` when its key came with another body. Every data key is
    tried: the answer may have been given before a new one was put in.
    """
    for key_id in crypto.key_ids():
        known = sent.fingerprint(key_id)
        row = session.execute(
            select(IdempotencyKey.request_hash, IdempotencyKey.answer).where(
                IdempotencyKey.actor_key == known["actor_key"],
                IdempotencyKey.route == known["route"],
                IdempotencyKey.key == known["key"],
            )
        ).one_or_none()
        if row is not None:
            if row.request_hash != known["request_hash"]:
                raise Refused("request.key_reused")
            return row.answer or ""
    return None


def begin_answer(session: Session, sent: Submission, now: datetime) -> IdempotencyKey:
    """Take the key of a submission; a second one at the same time fails on the database's rule."""
    known = sent.fingerprint(crypto.current_key_id())
    row = IdempotencyKey(**known, created_at=now)
    session.add(row)
    session.flush()
    return row


def forget_old_keys(opens: Opens, now: datetime) -> int:
    """Remove stored answers nobody can still be waiting for; return how many."""
    old = IdempotencyKey.created_at < now - KEPT
    with reading_session() as session:
        if session.scalar(select(IdempotencyKey.id).where(old).limit(1)) is None:
            return 0
    with opens() as uow:
        return cast(
            "CursorResult[Any]", uow.session.execute(delete(IdempotencyKey).where(old))
        ).rowcount


def answers_under_older_keys(session: Session) -> int:
    """How many submissions are known again by another data key than the current one."""
    older = IdempotencyKey.key_id != crypto.current_key_id()
    return session.scalar(select(func.count()).select_from(IdempotencyKey).where(older)) or 0
