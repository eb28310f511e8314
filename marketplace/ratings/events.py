"""What happens to the client's rating of an engagement."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.engagements.events import EngagementEvent


@dataclass(frozen=True)
class EngagementRated(EngagementEvent):
    KIND: ClassVar[str] = "engagement.rated"

    rating_id: int


@dataclass(frozen=True)
class RatingRevised(EngagementEvent):
    """The client changed its rating once, within the days allowed."""

    KIND: ClassVar[str] = "engagement.rating_revised"

    rating_id: int


@dataclass(frozen=True)
class RatingAnswered(EngagementEvent):
    """The institution replied to the rating."""

    KIND: ClassVar[str] = "engagement.rating_answered"

    rating_id: int
