"""The append-only event table and one delivery row per event and subscriber."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.infra.clock import real_now
from marketplace.infra.columns import among, index_where, known, words
from marketplace.infra.database import Base, keep_append_only


class EventRecord(Base):
    """What happened: the audit trail and the outbox at once. Never changed, never deleted."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "sequence"),
        CheckConstraint("sequence > 0", name="sequence_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(80), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor_user_id: Mapped[int | None] = mapped_column(index=True)
    actor_organisation_id: Mapped[int | None] = mapped_column(index=True)
    occurred_at: Mapped[datetime]
    request_id: Mapped[str] = mapped_column(String(36), default="")


class EventNote(Base):
    """The words written with an event, apart from it, so that they can be redacted."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "event_note"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class DeliveryState(StrEnum):
    """Where a delivery stands; `parked` waits for the operator, `skipped` was given up."""

    PENDING = "pending"
    DONE = "done"
    PARKED = "parked"
    SKIPPED = "skipped"


# The subject of a delivery that waits for no other and holds up none, as letters do.
BY_ITSELF = "event"

# Those that are still to be delivered, and hold up the later ones of their subject.
OPEN_STATES = (DeliveryState.PENDING, DeliveryState.PARKED)


class Delivery(Base):
    """One event on its way to one subscriber; claimed by a lease, retried, parked."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        # Nearly all rows are done; what is asked at every poll must not be looked for among them.
        index_where("ix_delivery_pending", "event_id", "id", condition="state = 'pending'"),
        index_where(
            "ix_delivery_open",
            "subscriber",
            "subject_kind",
            "subject_id",
            "event_id",
            condition=among("state", OPEN_STATES),
        ),
        index_where(
            "ix_delivery_not_done", "state", "next_attempt_at", condition="state <> 'done'"
        ),
        CheckConstraint(known("state", DeliveryState), name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    subscriber: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    state: Mapped[DeliveryState] = mapped_column(
        words(DeliveryState, length=10), default=DeliveryState.PENDING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    # By real time; before the first attempt it is the instant of recording, which gives the lag.
    next_attempt_at: Mapped[datetime] = mapped_column(default=real_now)
    leased_by: Mapped[str] = mapped_column(String(60), default="")
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(500), default="")
    settled_reason: Mapped[str] = mapped_column(String(500), default="")
    # How far a long handler has come (`listening.Progress`); empty for all others.
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    event: Mapped[EventRecord] = relationship()

    @property
    def by_itself(self) -> bool:
        """Whether it waits for no other and holds up none."""
        return self.subject_kind == BY_ITSELF

    @property
    def may_be_replayed(self) -> bool:
        """Parked, or ended for good but independent: a letter can be sent again at any time."""
        ended = self.state == DeliveryState.SKIPPED and self.by_itself
        return ended or self.state == DeliveryState.PARKED


class WorkerBeat(Base):
    """When a worker was last alive, by real time."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "worker_beat"

    worker: Mapped[str] = mapped_column(String(60), primary_key=True)
    beaten_at: Mapped[datetime]


keep_append_only(EventRecord.__table__, name="event", message="events are append-only")
