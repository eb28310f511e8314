"""What happens to notifications: they are made; mail follows from that."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class NotificationMade(Event):
    """Someone was told something in their box; the mail subscriber sends it on."""

    KIND: ClassVar[str] = "notification.made"
    SUBJECT: ClassVar[str] = "notification"

    user_id: int
