"""The table of the tokens with which other programs use the public interface."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public


class ApiToken(Public, Base):
    """A program that acts through a membership; of its token only the hash is kept.

    `prefix` is the beginning by which people recognise it. `shown_once` is the token itself until
    its maker has copied it, at most a few minutes. All instants are real time.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_somebody"
        ),
    )

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(60))
    prefix: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    shown_once: Mapped[str | None] = mapped_column(EncryptedText("api_token.shown_once"))
