"""What the link to the approval platform remembers; machinery, so none of it needs an event."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.database import Base


class ApprovalChannel(Base):
    """How far the change feed was read, and how the link is; a single row.

    `closed_at` is set when the platform answered that it takes no more messages (410).
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "approval_channel"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("feed_cursor >= 0", name="cursor_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_cursor: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ApprovalFetch(Base):
    """How often a wanted code was asked for in vain, and when it is asked for again."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "approval_fetch"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str] = mapped_column(String(200), default="")


class UnmatchedVerdict(Base):
    """A verdict on a deliverable that is not known here: the operator sees it.

    It is taken in once the deliverable is there. `body` is the message as it came.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "approval_unmatched"

    message_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]


class ApprovalWebhook(Base):
    """The id of a message from the platform: the same one counts once."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "approval_webhook"

    webhook_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
