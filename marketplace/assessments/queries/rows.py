"""What pages and other features see of assessments and removals: frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace.accounts.queries import HistoryEntry
from marketplace.assessments.policy import CycleStanding, RemovalStanding
from marketplace.assessments.rules import (
    CycleState,
    Facts,
    ObjectionOutcome,
    RemovalOutcome,
    RemovalState,
    Score,
    Step,
    Veto,
)
from marketplace.catalogue.queries import ItemRow
from marketplace.infra.files import FileRow
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.rules.market import RemovalCause


@dataclass(frozen=True)
class CycleRow:
    """A cycle in a list; `grades` counts the listings by grade, "" those without one."""

    id: int
    public_id: str
    number: str
    association_id: int
    association_name: str
    year: int
    state: CycleState
    opened_at: datetime
    cut_off_at: datetime | None
    published_at: datetime | None
    objection_until: date | None
    final_at: datetime | None
    listings: int
    grades: dict[str, int]
    standing: CycleStanding


@dataclass(frozen=True)
class AssessmentRow:
    """One listing in a cycle's table."""

    id: int
    public_id: str
    cycle_public_id: str
    year: int
    state: CycleState
    listing: ListingRow
    item: ItemRow
    inspected: bool
    veto: Veto | None
    total: Decimal | None
    grade: str
    final: bool
    open_objection: bool


@dataclass(frozen=True)
class WorkRow:
    """An engagement accepted in the year."""

    number: str
    accepted_on: date
    within_limit: bool
    returns: int
    rating_mean: str


@dataclass(frozen=True)
class Correction:
    """A frozen fact that an objection corrected."""

    name: str
    was: str
    now: str


@dataclass(frozen=True)
class ObjectionRow:
    """An objection to a preliminary grade."""

    id: int
    public_id: str
    body: str
    filed_at: datetime
    outcome: ObjectionOutcome | None
    reason: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Sheet:
    """A listing's score sheet: facts, parts with their arithmetic, work, objections."""

    row: AssessmentRow
    cycle: CycleRow
    association_name: str
    facts: Facts | None
    score: Score | None
    work: tuple[WorkRow, ...]
    corrections: tuple[Correction, ...]
    objections: tuple[ObjectionRow, ...]
    inspection: Decimal | None
    inspection_words: str
    veto_reason: str


@dataclass(frozen=True)
class GradeRow:
    """The final grade of a year, for the public history."""

    year: int
    item_code: str
    grade: str
    total: Decimal | None
    final_at: datetime
    cycle_public_id: str


@dataclass(frozen=True)
class RemovalRow:
    """A removal case in a list; `owes` is whose turn it is, None when nobody's."""

    id: int
    public_id: str
    number: str
    state: RemovalState
    cause: RemovalCause
    listing: ListingRow
    item: ItemRow
    association_id: int
    organisation_id: int
    opened_at: datetime
    due_on: date | None
    light: str
    owes: int | None
    outcome: RemovalOutcome | None
    decided_at: datetime | None


@dataclass(frozen=True)
class RemovalPage:
    """Everything about one removal case."""

    row: RemovalRow
    standing: RemovalStanding
    association_name: str
    facts: str
    evidence: tuple[FileRow, ...]
    interim_reason: str
    reply: str
    reply_files: tuple[FileRow, ...]
    reply_by: date | None
    proposed_outcome: RemovalOutcome | None
    proposed_reason: str
    proposer_name: str
    send_back_reason: str
    reason: str
    decider_name: str
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class PublicRemoval:
    """What everybody may read of a decided removal case."""

    number: str
    item_code: str
    cause: RemovalCause
    outcome: RemovalOutcome
    reason: str
    decided_at: datetime


@dataclass(frozen=True)
class PublicRecord:
    """The public history of an institution beside its listings: grades, removals."""

    grades: tuple[GradeRow, ...]
    removals: tuple[PublicRemoval, ...]


@dataclass(frozen=True)
class StepRow:
    """One point of a plan's checklist."""

    code: Step
    words: str
    done_at: datetime | None
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class PlanRow:
    """The plan by which a removed listing is put right."""

    id: int
    public_id: str
    listing: ListingRow
    item: ItemRow
    removal_number: str
    cause: RemovalCause
    reason: str
    begun_at: datetime
    steps: tuple[StepRow, ...]
    case_id: int | None

    @property
    def complete(self) -> bool:
        """Whether every point is done."""
        return all(step.done_at is not None for step in self.steps)


@dataclass(frozen=True)
class Concerned:
    """Who has to do with a record, for notifications."""

    public_id: str
    number: str
    association_id: int
    organisation_id: int
    item_code: str
    listing_public_id: str = ""
