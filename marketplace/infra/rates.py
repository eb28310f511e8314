"""How often something was done: counted in the database, so that all processes count together.

The storage speaks the interface of the `limits` library under the scheme `database://`. A key
(which may hold a network address) is kept only as a keyed hash.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar, cast

from limits.storage import Storage
from sqlalchemy import CursorResult, String, case, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra.clock import real_now
from marketplace.infra.crypto import search_hash
from marketplace.infra.database import Base, reading_session, writing_session
from marketplace.infra.room import LeftOutWhenFull
from marketplace.infra.ticks import Opens

ADDRESS = "database://"

Result = TypeVar("Result")


class RateCount(Base):
    """How often a key was hit in its present window, by real time."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "rate_count"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DatabaseStorage(Storage):
    """Counts fixed windows in one table; each hit is one short transaction of its own."""

    STORAGE_SCHEME: list[str] | None = ["database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may turn into its own error."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to the count of the present window, which lasts `expiry` seconds; return it."""
        now = real_now()
        until = now + timedelta(seconds=expiry)
        with LeftOutWhenFull("rate"):
            return _write(lambda session: _count_hit(session, _hash(key), amount, now, until))
        return self.get(key) + amount

    def get(self, key: str) -> int:
        """The count of the present window."""
        row = _row(key)
        return row.hits if row is not None else 0

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds since the epoch."""
        row = _row(key)
        return (row.expires_at if row is not None else real_now()).timestamp()

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            _row("")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        return _write(lambda session: _delete(session, RateCount.hits >= 0))

    def clear(self, key: str) -> None:
        """Forget the count of one key."""
        _write(lambda session: _delete(session, RateCount.key_hash == _hash(key)))


def _hash(key: str) -> str:
    return search_hash(key, "rate")


def _write(work: Callable[[Session], Result]) -> Result:
    with writing_session() as session, session.begin():
        return work(session)


def _row(key: str) -> RateCount | None:
    with reading_session() as session:
        query = select(RateCount).where(RateCount.key_hash == _hash(key))
        return session.scalars(query.where(RateCount.expires_at > real_now())).one_or_none()


def _count_hit(session: Session, key_hash: str, amount: int, now: datetime, until: datetime) -> int:
    insert = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    over = RateCount.expires_at <= now
    statement = (
        insert(RateCount)
        .values(key_hash=key_hash, hits=amount, expires_at=until)
        .on_conflict_do_update(
            index_elements=[RateCount.key_hash],
            set_={
                "hits": case((over, amount), else_=RateCount.hits + amount),
                "expires_at": case((over, until), else_=RateCount.expires_at),
            },
        )
        .returning(RateCount.hits)
    )
    return session.scalars(statement).one()


def _delete(session: Session, condition: Any) -> int:
    result = session.execute(delete(RateCount).where(condition))
    return cast("CursorResult[Any]", result).rowcount


def forget_old_counts(_opens: Opens, _now: datetime) -> int:
    """Remove the counts of windows that ended; nobody needs to hear of it, so it counts as none."""
    now = real_now()
    with reading_session() as session:
        old = session.scalar(select(RateCount.hits).where(RateCount.expires_at <= now).limit(1))
    if old is not None:
        _write(lambda session: _delete(session, RateCount.expires_at <= now))
    return 0
