"""What happens on the notice board."""

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
