"""The one clock. Business time may be moved forward outside production; real time may not.

Due dates, decisions and events read `business_now`. One-time codes, sessions, leases and rate
limits read `real_now`, so that moving the clock neither signs people out nor breaks their codes.
"""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra.database import Base


class ClockOffset(Base):
    """How far business time runs ahead of real time, in seconds; a single row."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "clock_offset"

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[int]


_SECONDS = select(ClockOffset.seconds).where(ClockOffset.id == 1)


def real_now() -> datetime:
    """The instant by the machine's clock, aware, UTC."""
    return datetime.now(UTC)


def offset(session: Session) -> timedelta:
    """How far business time runs ahead; zero in production, which refuses a moved clock."""
    seconds = session.scalar(_SECONDS)
    return timedelta(seconds=seconds or 0)


def business_now(session: Session) -> datetime:
    """The instant every rule and record uses."""
    return real_now() + offset(session)


def move_forward(session: Session, by: timedelta) -> timedelta:
    """Move business time forward and return the new offset; the caller commits.

    Raises ValueError for a step back: elapsed days never decrease.
    """
    if by < timedelta(0):
        raise ValueError("the clock only moves forward")
    row = session.get(ClockOffset, 1, with_for_update=True)
    if row is None:
        row = ClockOffset(id=1, seconds=0)
        session.add(row)
    row.seconds += int(by.total_seconds())
    return timedelta(seconds=row.seconds)


class ClockWasMoved(Exception):
    """The database's business time runs ahead; production has only real time."""


def require_real_time(session: Session) -> None:
    """Raise `ClockWasMoved` where the database once was a demo whose clock was moved."""
    if offset(session):
        raise ClockWasMoved("this database's clock was moved forward; production cannot use it")
