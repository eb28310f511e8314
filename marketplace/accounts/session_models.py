"""Tables of signing in: sessions, failures, recovery codes, forms kept over an ended session."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public


class UserSession(Public, Base):
    """A browser that proved who its user is; the cookie holds a token, this row its hash.

    All instants are real time, whatever the business clock says.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "user_session"
    __table_args__ = (
        CheckConstraint("stage in ('code','enrol','open')", name="stage_known"),
        CheckConstraint("ended_at IS NULL OR end_reason <> ''", name="end_has_reason"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    stage: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    end_reason: Mapped[str] = mapped_column(String(12), default="")
    browser: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    # Recovery codes until their owner says they are written down.
    shown_once: Mapped[str | None] = mapped_column(EncryptedText("user_session.shown_once"))


class SignInFailure(Base):
    """How often signing in failed lately, per account and per address, by a keyed hash."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "sign_in_failure"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """A spare for the second factor, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class RescuedForm(Base):
    """What was typed into a page's form when the session had ended; real time, one hour."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "rescued_form"
    __table_args__ = (UniqueConstraint("user_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    path: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(EncryptedText("rescued_form.body"))
    kept_at: Mapped[datetime] = mapped_column(index=True)
