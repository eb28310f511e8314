"""What the operator did with parked deliveries."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class DeliveryReplayed(Event):
    """A parked delivery is to be tried again from the beginning."""

    KIND: ClassVar[str] = "delivery.replayed"
    SUBJECT: ClassVar[str] = "delivery"

    event_id: int
    subscriber: str


@dataclass(frozen=True)
class DeliverySkipped(Event):
    """A parked delivery was given up, which frees the later ones of its subject."""

    KIND: ClassVar[str] = "delivery.skipped"
    SUBJECT: ClassVar[str] = "delivery"

    event_id: int
    subscriber: str
