"""What happens while the provider works: start, pauses, versions, returns, acceptance."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.engagements.events.engagement import EngagementEvent


@dataclass(frozen=True)
class WorkStarted(EngagementEvent):
    """The client confirmed that the materials are complete: the provider's clock runs."""

    KIND: ClassVar[str] = "engagement.started"

    due_on: date


@dataclass(frozen=True)
class WorkPaused(EngagementEvent):
    KIND: ClassVar[str] = "engagement.paused"

    pause_id: int
    note_id: int


@dataclass(frozen=True)
class WorkResumed(EngagementEvent):
    KIND: ClassVar[str] = "engagement.resumed"

    pause_id: int
    due_on: date
    note_id: int | None = None


@dataclass(frozen=True)
class WorkDelivered(EngagementEvent):
    KIND: ClassVar[str] = "engagement.delivered"

    version: int
    answer_by: date


@dataclass(frozen=True)
class DeliveryReturned(EngagementEvent):
    """The client gave a version back with reasons; each return is counted."""

    KIND: ClassVar[str] = "engagement.returned"

    version: int
    note_id: int
    due_on: date


@dataclass(frozen=True)
class DeliveryAccepted(EngagementEvent):
    KIND: ClassVar[str] = "engagement.accepted"

    version: int
    within_limit: bool
    returns: int
    note_id: int | None = None
