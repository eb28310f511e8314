"""What happens to work whose project is not active, in the past tense."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.engagements.events import EngagementEvent


@dataclass(frozen=True)
class ContinuationEvent(EngagementEvent):
    """About the question what becomes of the work."""

    continuation_id: int


@dataclass(frozen=True)
class ContinuationAsked(ContinuationEvent):
    """The project is in this state now: the client says by the day what becomes of the work."""

    KIND: ClassVar[str] = "engagement.continuation_asked"

    project_state: str
    due_on: date


@dataclass(frozen=True)
class ContinuationAnswered(ContinuationEvent):
    """The client keeps the work, pauses it or ends it."""

    KIND: ClassVar[str] = "engagement.continuation_answered"

    answer: str


@dataclass(frozen=True)
class ContinuationSettled(ContinuationEvent):
    """The client did not answer: the `outcome` that the rules have for such work holds."""

    KIND: ClassVar[str] = "engagement.continuation_settled"

    outcome: str
    due_on: date


@dataclass(frozen=True)
class ContinuationDayMoved(ContinuationEvent):
    """A calendar import moved the day by which the client answers."""

    KIND: ClassVar[str] = "engagement.continuation_day_moved"

    due_was: date
    due_on: date


@dataclass(frozen=True)
class ContinuationFellAway(ContinuationEvent):
    """There is nothing to say any more: the project is active again."""

    KIND: ClassVar[str] = "engagement.continuation_fell_away"


@dataclass(frozen=True)
class ContinuationDropped(ContinuationEvent):
    """There is nothing to say any more: the work is over by itself."""

    KIND: ClassVar[str] = "engagement.continuation_dropped"
