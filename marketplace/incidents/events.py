"""What comes up during the work, in the past tense; what was written stands in the record itself.

`noted_side` is the side that noted it, `incident_kind` what it is.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.engagements.events import EngagementEvent


@dataclass(frozen=True)
class IncidentEvent(EngagementEvent):
    """About one incident."""

    incident_id: int
    noted_side: str
    incident_kind: str


@dataclass(frozen=True)
class IncidentNoted(IncidentEvent):
    """One side noted what is so since a day; the other answers by a day."""

    KIND: ClassVar[str] = "engagement.incident_noted"

    since_on: date
    answer_by: date


@dataclass(frozen=True)
class IncidentPassed(IncidentEvent):
    """The work has another client: it answers what waits, by a day of its own."""

    KIND: ClassVar[str] = "engagement.incident_passed"

    answer_by: date


@dataclass(frozen=True)
class IncidentAnswered(IncidentEvent):
    """The other side answered; `late` where its days were over."""

    KIND: ClassVar[str] = "engagement.incident_answered"

    late: bool


@dataclass(frozen=True)
class IncidentUnanswered(IncidentEvent):
    """The other side did not answer by its day."""

    KIND: ClassVar[str] = "engagement.incident_unanswered"

    answer_by: date


@dataclass(frozen=True)
class IncidentWithdrawn(IncidentEvent):
    """Whoever noted it took it back before there was an answer."""

    KIND: ClassVar[str] = "engagement.incident_withdrawn"
