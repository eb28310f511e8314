"""What happens to the list of those who do a work, in the past tense."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.engagements.events import EngagementEvent


@dataclass(frozen=True)
class PractitionersNamed(EngagementEvent):
    """The institution said who does the work; so many of them are named elsewhere as well."""

    KIND: ClassVar[str] = "engagement.practitioners_named"

    count: int
    also_elsewhere: int
