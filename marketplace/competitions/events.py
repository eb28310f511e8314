"""What happens to a competition, in the past tense.

Events of bids carry the bid's id only: neither price nor name; who bid is nobody's business before
the opening.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class CompetitionEvent(Event):
    """What every event of a competition tells."""

    SUBJECT: ClassVar[str] = "competition"

    department_id: int
    project_id: int
    item_code: str


@dataclass(frozen=True)
class CompetitionDrafted(CompetitionEvent):
    KIND: ClassVar[str] = "competition.drafted"

    number: str
    rerun_of: int | None


@dataclass(frozen=True)
class CompetitionEdited(CompetitionEvent):
    KIND: ClassVar[str] = "competition.edited"


@dataclass(frozen=True)
class CompetitionProposed(CompetitionEvent):
    KIND: ClassVar[str] = "competition.proposed"


@dataclass(frozen=True)
class CompetitionSentBack(CompetitionEvent):
    KIND: ClassVar[str] = "competition.sent_back"


@dataclass(frozen=True)
class CompetitionPublished(CompetitionEvent):
    KIND: ClassVar[str] = "competition.published"

    number: str
    closes_at: datetime
    ceiling_fen: int


@dataclass(frozen=True)
class CompetitionClosed(CompetitionEvent):
    KIND: ClassVar[str] = "competition.closed"


@dataclass(frozen=True)
class QuestionAsked(CompetitionEvent):
    KIND: ClassVar[str] = "competition.question_asked"

    question_id: int


@dataclass(frozen=True)
class QuestionAnswered(CompetitionEvent):
    KIND: ClassVar[str] = "competition.question_answered"

    question_id: int


@dataclass(frozen=True)
class BidEvent(CompetitionEvent):
    """What every event of a sealed bid tells."""

    bid_id: int


@dataclass(frozen=True)
class BidPlaced(BidEvent):
    KIND: ClassVar[str] = "competition.bid_placed"


@dataclass(frozen=True)
class BidReplaced(BidEvent):
    KIND: ClassVar[str] = "competition.bid_replaced"


@dataclass(frozen=True)
class BidWithdrawn(BidEvent):
    KIND: ClassVar[str] = "competition.bid_withdrawn"


@dataclass(frozen=True)
class OpeningRequested(CompetitionEvent):
    KIND: ClassVar[str] = "competition.opening_requested"

    requester_id: int


@dataclass(frozen=True)
class OpeningWithdrawn(CompetitionEvent):
    KIND: ClassVar[str] = "competition.opening_withdrawn"


@dataclass(frozen=True)
class BidsOpened(CompetitionEvent):
    KIND: ClassVar[str] = "competition.opened"

    bid_count: int
    requester_id: int
    opener_id: int


@dataclass(frozen=True)
class PriceJustified(BidEvent):
    KIND: ClassVar[str] = "competition.price_justified"


@dataclass(frozen=True)
class JustificationJudged(BidEvent):
    KIND: ClassVar[str] = "competition.justification_judged"

    accepted: bool


@dataclass(frozen=True)
class BidExcluded(BidEvent):
    KIND: ClassVar[str] = "competition.bid_excluded"

    cause: str


@dataclass(frozen=True)
class ScoresRecorded(CompetitionEvent):
    KIND: ClassVar[str] = "competition.scores_recorded"

    marks: int


@dataclass(frozen=True)
class CompetitionEvaluated(CompetitionEvent):
    KIND: ClassVar[str] = "competition.evaluated"

    ranked: int


@dataclass(frozen=True)
class AwardEvent(CompetitionEvent):
    """What every event of an award tells."""

    institution_organisation_id: int
    listing_id: int
    amount_fen: int
    award_id: int


@dataclass(frozen=True)
class AwardPublished(AwardEvent):
    KIND: ClassVar[str] = "competition.award_published"

    number: str
    objection_until: date


@dataclass(frozen=True)
class AwardHeld(CompetitionEvent):
    KIND: ClassVar[str] = "competition.award_held"

    objection_id: int


@dataclass(frozen=True)
class AwardReleased(CompetitionEvent):
    KIND: ClassVar[str] = "competition.award_released"

    objection_id: int
    upheld: bool


@dataclass(frozen=True)
class AwardSetAside(AwardEvent):
    KIND: ClassVar[str] = "competition.award_set_aside"

    cause: str


@dataclass(frozen=True)
class AwardMade(AwardEvent):
    """The award holds; an engagement begins with it. `subject_id` is the competition."""

    KIND: ClassVar[str] = "competition.awarded"

    number: str
    promised_days: int


@dataclass(frozen=True)
class WinnerDeclined(CompetitionEvent):
    KIND: ClassVar[str] = "competition.winner_declined"

    listing_id: int
    engagement_id: int


@dataclass(frozen=True)
class RulingNoted(CompetitionEvent):
    """The supervisor ruled about an award whose contract was overdue; `let_lie` had the turn."""

    KIND: ClassVar[str] = "competition.award_ruled"

    let_lie: str
    outcome: str


@dataclass(frozen=True)
class CompetitionFailed(CompetitionEvent):
    KIND: ClassVar[str] = "competition.failed"

    number: str
    failure: str


@dataclass(frozen=True)
class CompetitionCancelled(CompetitionEvent):
    KIND: ClassVar[str] = "competition.cancelled"

    number: str


@dataclass(frozen=True)
class CompetitionHandedOn(CompetitionEvent):
    """The approval platform names another enterprise for the project."""

    KIND: ClassVar[str] = "competition.project_handed_on"


@dataclass(frozen=True)
class CompetitionConcluded(CompetitionEvent):
    KIND: ClassVar[str] = "competition.concluded"

    engagement_id: int
    contract_fen: int


@dataclass(frozen=True)
class ObjectionDaysMoved(CompetitionEvent):
    """A calendar import moved the last day of objections."""

    KIND: ClassVar[str] = "competition.due_moved"

    due_was: date
    due_on: date


@dataclass(frozen=True)
class StepDayMoved(CompetitionEvent):
    """A calendar import moved the last day of the department's next step."""

    KIND: ClassVar[str] = "competition.step_moved"

    due_was: date | None
    due_on: date
