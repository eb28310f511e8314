"""What pages and other features see of cases: frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.accounts.queries import HistoryEntry
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.queries.rows import Term
from marketplace.clocks.rules import ClockView
from marketplace.infra.files import FileRow
from marketplace.institutions.queries import Dossier
from marketplace.vetting import rules
from marketplace.vetting.policy import Standing


@dataclass(frozen=True)
class CompetenceRow:
    """An association judges an item in a region and below."""

    association_id: int
    item_code: str
    region_code: str


@dataclass(frozen=True)
class CaseRow:
    """A case in a list.

    `owes` is the organisation whose turn it is, None when nobody's. `light` is the association's,
    paused while the case is returned; `due_light` then is that of the applicant's own day.
    """

    id: int
    public_id: str
    number: str
    kind: rules.CaseKind
    state: rules.CaseState
    item_code: str
    item_name: str
    item_name_en: str
    listing_id: int
    organisation_id: int
    association_id: int
    applicant_name: str
    region_code: str
    round: int
    opened_at: datetime
    closed_at: datetime | None
    due_on: date | None
    light: str
    due_light: str
    owes: int | None
    examiner_id: int | None
    examiner_name: str
    outcome: rules.Outcome | None
    ending: rules.Ending | None

    @property
    def item(self) -> Term:
        """What the item was called when the case was opened."""
        return Term(self.item_name, self.item_name_en)


@dataclass(frozen=True)
class Workload:
    """How much waits for a person and for the association."""

    mine: int
    waiting: int
    to_decide: int
    overdue: int
    returned: int


@dataclass(frozen=True)
class OpenChange:
    """A change or renewal that is being vetted."""

    public_id: str
    number: str


@dataclass(frozen=True)
class CaseParty:
    """Who has to do with a case, for letters and notifications."""

    id: int
    public_id: str
    number: str
    kind: rules.CaseKind
    applicant_name: str
    item_code: str
    organisation_id: int
    association_id: int
    submitted_by: int
    examiner_id: int | None
    proposer_id: int | None


@dataclass(frozen=True)
class Answered:
    """The answer to a point, and who gave it."""

    point: str
    result: rules.Result
    remark: str
    found_by: str
    found_at: datetime
    carried_over: bool


@dataclass(frozen=True)
class PointRow:
    """One point of the checklist with its answer, what it was before, and what the record says."""

    point: rules.Point
    answer: Answered | None
    before: Answered | None
    subject: str
    hint: rules.Hint | None


@dataclass(frozen=True)
class Document:
    """A paper frozen in the case; `section` is the part of the dossier it belongs to."""

    section: str
    title: str
    file: FileRow
    new: bool


@dataclass(frozen=True)
class ReturnRow:
    """A return: what was asked for, by when, and what came of it."""

    round: int
    stage: rules.Stage
    note: str
    returned_at: datetime
    answered_at: datetime | None
    points: tuple[PointRow, ...]


@dataclass(frozen=True)
class CasePage:
    """Everything the page of a case shows, to either side."""

    case: CaseRow
    standing: Standing
    association_name: str
    clock: ClockView
    item: ItemRow
    dossier: Dossier
    points: tuple[PointRow, ...]
    documents: tuple[Document, ...]
    returns: tuple[ReturnRow, ...]
    history: tuple[HistoryEntry, ...]
    before: Dossier | None
    in_force: Dossier | None
    proposer_name: str
    decider_name: str
    proposed_outcome: rules.Outcome | None
    proposed_reason: str
    reason: str

    def of(self, stage: rules.Stage) -> tuple[PointRow, ...]:
        """The points of one stage."""
        return tuple(row for row in self.points if row.point.stage == stage)

    def in_order(self, stage: rules.Stage) -> int:
        """How many points of a stage were found in order in this round."""
        return sum(bool(r.answer and r.answer.result is rules.Result.OK) for r in self.of(stage))

    @property
    def not_ok(self) -> tuple[PointRow, ...]:
        """The points found not in order in this round."""
        return tuple(r for r in self.points if r.answer and r.answer.result is rules.Result.NOT_OK)

    @property
    def unanswered(self) -> tuple[PointRow, ...]:
        """The points without an answer in this round."""
        return tuple(row for row in self.points if row.answer is None)

    @property
    def open_now(self) -> tuple[PointRow, ...]:
        """The points that the present step waits for: those of completeness come first."""
        if self.case.state is not rules.CaseState.COMPLETENESS:
            return self.unanswered
        return tuple(r for r in self.unanswered if r.point.stage is rules.Stage.COMPLETENESS)
