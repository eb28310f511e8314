"""What happens to a case, in the past tense.

`organisation_id` is the applicant, `association_id` the competent association.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class CaseEvent(Event):
    """What every event of a case tells."""

    SUBJECT: ClassVar[str] = "vetting_case"

    organisation_id: int
    association_id: int
    listing_id: int


@dataclass(frozen=True)
class CaseOpened(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.opened"

    kind: str
    number: str
    due_on: date


@dataclass(frozen=True)
class CaseTaken(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.taken"

    examiner_id: int


@dataclass(frozen=True)
class CaseAssigned(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.assigned"

    examiner_id: int


@dataclass(frozen=True)
class CaseReleased(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.released"


@dataclass(frozen=True)
class RecusalDeclared(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.recusal_declared"

    user_id: int


@dataclass(frozen=True)
class FindingsRecorded(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.findings_recorded"

    round: int
    ok: tuple[str, ...]
    not_ok: tuple[str, ...]


@dataclass(frozen=True)
class CompletenessPassed(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.completeness_passed"

    due_on: date


@dataclass(frozen=True)
class CaseReturned(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.returned"

    points: tuple[str, ...]
    answer_by: date


@dataclass(frozen=True)
class CaseResubmitted(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.resubmitted"

    round: int
    due_on: date


@dataclass(frozen=True)
class CaseProposed(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.proposed"

    outcome: str
    proposer_id: int


@dataclass(frozen=True)
class CaseSentBack(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.sent_back"

    examiner_id: int | None


@dataclass(frozen=True)
class CaseDecided(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.decided"

    kind: str
    outcome: str
    proposer_id: int | None
    decider_id: int


@dataclass(frozen=True)
class CaseEndedByRemoval(CaseEvent):
    """The removal of the listing was decided while a new application for it was open."""

    KIND: ClassVar[str] = "vetting_case.ended_by_removal"


@dataclass(frozen=True)
class CaseWithdrawn(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.withdrawn"


@dataclass(frozen=True)
class CaseLapsed(CaseEvent):
    KIND: ClassVar[str] = "vetting_case.lapsed"

    answer_by: date | None


@dataclass(frozen=True)
class CaseOverdue(CaseEvent):
    """The association has missed a day; told to its approvers, once for each clock."""

    KIND: ClassVar[str] = "vetting_case.overdue"

    stage: str
    due_on: date | None
    examiner_id: int | None


@dataclass(frozen=True)
class CaseDueMoved(CaseEvent):
    """A calendar import moved the day by which somebody must act."""

    KIND: ClassVar[str] = "vetting_case.due_moved"

    due_was: date
    due_on: date


@dataclass(frozen=True)
class CompetenceEvent(Event):
    """What every event of a competence tells."""

    SUBJECT: ClassVar[str] = "competence"

    association_id: int
    item_code: str
    region_code: str


@dataclass(frozen=True)
class CompetenceGranted(CompetenceEvent):
    KIND: ClassVar[str] = "competence.granted"


@dataclass(frozen=True)
class CompetenceWithdrawn(CompetenceEvent):
    KIND: ClassVar[str] = "competence.withdrawn"
