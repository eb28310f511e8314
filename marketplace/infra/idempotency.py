"""Doing a thing once: the answer of an act is stored in the act's own transaction."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from sqlalchemy import CursorResult, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra.database import Base, reading_session
from marketplace.infra.ticks import Opens
from marketplace.kernel.errors import Refused

KEPT = timedelta(days=30)


class IdempotencyKey(Base):
    """The stored answer of one submitted key; unique per actor and route."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("actor_key", "route", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_key: Mapped[str] = mapped_column(String(64))
    route: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)


def hash_request(parts: Iterable[tuple[str, str]]) -> str:
    """A hash over the submitted names and values, whatever their order."""
    text = "\x00".join(f"{name}\x01{value}" for name, value in sorted(parts))
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()


def stored_answer(
    session: Session, *, actor_key: str, route: str, key: str, request_hash: str
) -> str | None:
    """The answer given before to this key, or None.

    Raises `Refused("request.key_reused")` when the key came with another body.
    """
    row = session.scalars(
        select(IdempotencyKey).where(
            IdempotencyKey.actor_key == actor_key,
            IdempotencyKey.route == route,
            IdempotencyKey.key == key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise Refused("request.key_reused")
    return row.answer


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
