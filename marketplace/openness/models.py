"""Public notices, and the faults people report."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.columns import one_of, words
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public
from marketplace.openness.rules import NoticeKind


class Notice(Public, Base):
    """A public notice: made from an event, never changed, never deleted."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event_id"),
        one_of("kind", NoticeKind),
        Index("ix_notice_board", "published_at", "id"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind, length=20), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
    competition_id: Mapped[int | None] = mapped_column(ForeignKey("competition.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(10), default="", index=True)
    rule_key: Mapped[str] = mapped_column(String(80), default="")
    # A short code for why (a kind of suspension ground); never free text of people.
    cause: Mapped[str] = mapped_column(String(40), default="")
    # The day from which a rule or item version holds, or the year of a calendar.
    effective: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime]
    published_at: Mapped[datetime]


class FaultReport(Public, Base):
    """What somebody could not do on the site, in their words; contact data is encrypted."""

    __tablename__ = "fault_report"

    address: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(EncryptedText("fault_report.contact"))
    reported_at: Mapped[datetime] = mapped_column(index=True)
