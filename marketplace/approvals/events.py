"""What happened to the link with the approval platform."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class ChannelClosed(Event):
    """The platform answered that it takes no more milestones; they wait here."""

    KIND: ClassVar[str] = "approval_channel.closed"
    SUBJECT: ClassVar[str] = "approval_channel"


@dataclass(frozen=True)
class ChannelReopened(Event):
    """The operator lets the waiting milestones go out again."""

    KIND: ClassVar[str] = "approval_channel.reopened"
    SUBJECT: ClassVar[str] = "approval_channel"
