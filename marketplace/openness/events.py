"""What happens on the notice board, and to reports of faults."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class NoticePublished(Event):
    """A notice became public."""

    KIND: ClassVar[str] = "notice.published"
    SUBJECT: ClassVar[str] = "notice"

    number: str
    notice_kind: str


@dataclass(frozen=True)
class FaultReported(Event):
    """Somebody reported a fault of the site."""

    KIND: ClassVar[str] = "fault.reported"
    SUBJECT: ClassVar[str] = "fault_report"
