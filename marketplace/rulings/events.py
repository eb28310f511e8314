"""What happens to an award that was let lie, in the past tense; the words stand beside the event.

`ruling_id` is the matter, `let_lie` the side whose turn it was when the days were over.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.engagements.events import EngagementEvent


@dataclass(frozen=True)
class RulingEvent(EngagementEvent):
    """About one matter."""

    ruling_id: int
    let_lie: str


@dataclass(frozen=True)
class RulingAsked(RulingEvent):
    """The days for the contract are over: the supervisor hears both sides and rules."""

    KIND: ClassVar[str] = "engagement.ruling_asked"

    supervisor_id: int | None
    hear_until: date
    due_on: date


@dataclass(frozen=True)
class SideHeard(RulingEvent):
    """One side stated its side; `late` where its days were over."""

    KIND: ClassVar[str] = "engagement.ruling_side_heard"

    by: str
    late: bool


@dataclass(frozen=True)
class AwardRuled(RulingEvent):
    """The supervisor ruled; `contract_by` is the new last day where there is one."""

    KIND: ClassVar[str] = "engagement.award_ruled"

    outcome: str
    contract_by: date | None


@dataclass(frozen=True)
class RulingDropped(RulingEvent):
    """The contract was concluded after all, or the work ended: there is nothing to rule."""

    KIND: ClassVar[str] = "engagement.ruling_dropped"
