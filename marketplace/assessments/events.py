"""What happens to assessment cycles, assessments and removal cases, in the past tense."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class CycleEvent(Event):
    """A fact about the assessment of a year by an association."""

    SUBJECT: ClassVar[str] = "assessment_cycle"

    association_id: int
    year: int


@dataclass(frozen=True)
class CycleBegun(CycleEvent):
    """Somebody opened the year's assessment: from now on the worker takes in its listings."""

    KIND: ClassVar[str] = "assessment_cycle.begun"


@dataclass(frozen=True)
class ListingsTakenIn(CycleEvent):
    """So many listings are taken in by now."""

    KIND: ClassVar[str] = "assessment_cycle.listings_taken_in"
    listings: int


@dataclass(frozen=True)
class CycleOpened(CycleEvent):
    """The year's assessment is open for so many listings."""

    KIND: ClassVar[str] = "assessment_cycle.opened"
    listings: int


@dataclass(frozen=True)
class CutOffBegun(CycleEvent):
    """Somebody began the cut-off: from now on the worker freezes the facts."""

    KIND: ClassVar[str] = "assessment_cycle.cut_off_begun"


@dataclass(frozen=True)
class FactsTaken(CycleEvent):
    """The facts of so many of the year's listings are frozen by now."""

    KIND: ClassVar[str] = "assessment_cycle.facts_taken"
    frozen: int
    listings: int


@dataclass(frozen=True)
class CycleCutOff(CycleEvent):
    """The facts were frozen."""

    KIND: ClassVar[str] = "assessment_cycle.cut_off"
    listings: int


@dataclass(frozen=True)
class ScoringBegun(CycleEvent):
    """Somebody asked for the scores: from now on the worker reckons them."""

    KIND: ClassVar[str] = "assessment_cycle.scoring_begun"


@dataclass(frozen=True)
class ScoresReckoned(CycleEvent):
    """The scores of so many of the year's listings are reckoned by now."""

    KIND: ClassVar[str] = "assessment_cycle.scores_reckoned"
    scored: int
    listings: int


@dataclass(frozen=True)
class CycleScored(CycleEvent):
    """The scores were reckoned."""

    KIND: ClassVar[str] = "assessment_cycle.scored"


@dataclass(frozen=True)
class PreliminaryPublished(CycleEvent):
    """The preliminary grades are public; objections are taken until `objection_until`."""

    KIND: ClassVar[str] = "assessment_cycle.preliminary_published"
    objection_until: date


@dataclass(frozen=True)
class ObjectionsEnded(CycleEvent):
    """The time to object is over."""

    KIND: ClassVar[str] = "assessment_cycle.objections_ended"


@dataclass(frozen=True)
class GradesConfirmed(CycleEvent):
    """An approver made the grades final: from now on the worker writes them on the listings."""

    KIND: ClassVar[str] = "assessment_cycle.grades_confirmed"


@dataclass(frozen=True)
class GradesWritten(CycleEvent):
    """The final grades of so many of the year's listings are written by now."""

    KIND: ClassVar[str] = "assessment_cycle.grades_written"
    written: int
    listings: int


@dataclass(frozen=True)
class CycleFinal(CycleEvent):
    """The grades are final."""

    KIND: ClassVar[str] = "assessment_cycle.final"


@dataclass(frozen=True)
class ObjectionDayMoved(CycleEvent):
    """The working calendar changed, and with it the last day for objections."""

    KIND: ClassVar[str] = "assessment_cycle.objection_day_moved"
    due_was: date
    due_on: date


@dataclass(frozen=True)
class AssessmentEvent(Event):
    """A fact about one listing's assessment of a year."""

    SUBJECT: ClassVar[str] = "assessment"

    association_id: int
    organisation_id: int
    listing_id: int
    year: int


@dataclass(frozen=True)
class InspectionRecorded(AssessmentEvent):
    """What the association saw at the institution was written down."""

    KIND: ClassVar[str] = "assessment.inspection_recorded"


@dataclass(frozen=True)
class AssessmentObjectionFiled(AssessmentEvent):
    """The institution objects to its preliminary grade."""

    KIND: ClassVar[str] = "assessment.objection_filed"
    objection_id: int


@dataclass(frozen=True)
class AssessmentObjectionDecided(AssessmentEvent):
    """The objection was decided; upheld, the facts were corrected and the score anew."""

    KIND: ClassVar[str] = "assessment.objection_decided"
    objection_id: int
    outcome: str


@dataclass(frozen=True)
class AssessmentFinal(AssessmentEvent):
    """The grade is final; empty where there was too little work to grade."""

    KIND: ClassVar[str] = "assessment.final"
    grade: str


@dataclass(frozen=True)
class RectificationNoticed(AssessmentEvent):
    """Grade C: the institution has to rectify what cost it points."""

    KIND: ClassVar[str] = "assessment.rectification_noticed"


@dataclass(frozen=True)
class RemovalEvent(Event):
    """A fact about a removal case."""

    SUBJECT: ClassVar[str] = "removal_case"

    association_id: int
    organisation_id: int
    listing_id: int


@dataclass(frozen=True)
class RemovalOpened(RemovalEvent):
    """There is reason to look at whether a listing is to be removed."""

    KIND: ClassVar[str] = "removal_case.opened"
    cause: str


@dataclass(frozen=True)
class RemovalNotified(RemovalEvent):
    """The institution was told, and replies by `reply_by`."""

    KIND: ClassVar[str] = "removal_case.notified"
    reply_by: date


@dataclass(frozen=True)
class InterimTaken(RemovalEvent):
    """The listing is suspended until the decision."""

    KIND: ClassVar[str] = "removal_case.interim_taken"


@dataclass(frozen=True)
class RemovalHeard(RemovalEvent):
    """The institution replied, or let the time for it pass (`replied` is false)."""

    KIND: ClassVar[str] = "removal_case.heard"
    replied: bool


@dataclass(frozen=True)
class RemovalRepliedLate(RemovalEvent):
    """The institution replied after its time; nobody had replied in time."""

    KIND: ClassVar[str] = "removal_case.replied_late"


@dataclass(frozen=True)
class RemovalProposed(RemovalEvent):
    """One person proposed a decision."""

    KIND: ClassVar[str] = "removal_case.proposed"
    outcome: str
    proposer_id: int


@dataclass(frozen=True)
class RemovalSentBack(RemovalEvent):
    """The proposal was not followed."""

    KIND: ClassVar[str] = "removal_case.sent_back"
    proposer_id: int


@dataclass(frozen=True)
class RemovalDecided(RemovalEvent):
    """Another person decided; a removal took effect in the same act."""

    KIND: ClassVar[str] = "removal_case.decided"
    outcome: str
    proposer_id: int
    decider_id: int


@dataclass(frozen=True)
class RemovalPublished(RemovalEvent):
    """The decision with its reasons is public."""

    KIND: ClassVar[str] = "removal_case.published"
    outcome: str


@dataclass(frozen=True)
class ReplyDayMoved(RemovalEvent):
    """The working calendar changed, and with it the day of the reply."""

    KIND: ClassVar[str] = "removal_case.reply_day_moved"
    due_was: date
    due_on: date


@dataclass(frozen=True)
class RectificationEvent(Event):
    """A fact about the plan by which a removed listing is put right."""

    SUBJECT: ClassVar[str] = "rectification"

    organisation_id: int
    listing_id: int


@dataclass(frozen=True)
class PlanBegun(RectificationEvent):
    """The institution began its plan."""

    KIND: ClassVar[str] = "rectification.begun"


@dataclass(frozen=True)
class PlanStepDone(RectificationEvent):
    """One point of the checklist is done and shown."""

    KIND: ClassVar[str] = "rectification.step_done"
    step: str


@dataclass(frozen=True)
class PlanSubmitted(RectificationEvent):
    """Re-admission was applied for with the plan; the case decides."""

    KIND: ClassVar[str] = "rectification.submitted"
    case_id: int
