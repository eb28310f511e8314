"""The frozen rows that the queries give."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.catalogue.queries import ItemRow
from marketplace.projects.policy import may_commission
from marketplace.projects.rules import (
    ApprovalStatus,
    Claimant,
    Needed,
    ProjectState,
    StandKind,
    WantedState,
)


@dataclass(frozen=True)
class ProjectRow:
    """A project; `enterprise_id` is None while its enterprise is not registered here."""

    id: int
    public_id: str
    code: str
    name: str
    enterprise_id: int | None
    enterprise_name: str
    region_code: str
    kind: str
    stage_code: str
    investment_fen: int
    state: ProjectState
    fetched_at: datetime
    changed_at: datetime
    revision: int
    tells_stands: bool


@dataclass(frozen=True)
class ListedProject(ProjectRow):
    """A project in a list: how many items it calls for that nobody has commissioned.

    `is_announced`: the platform has told of a change that could not be fetched yet.
    """

    needs_now: int
    is_announced: bool


@dataclass(frozen=True)
class ApprovalRow:
    """An approval item of a project with its status and clock."""

    code: str
    name: str
    stage_code: str
    department: str
    status: ApprovalStatus
    accepted_on: date | None
    decided_on: date | None
    due_on: date | None
    limit_value: int
    limit_unit: str


@dataclass(frozen=True)
class StandRow:
    """Clocks of these approval items stood; a 1+X case has its minutes once it has ended."""

    kind: StandKind
    approvals: list[str]
    began_on: date
    ended_on: date | None
    number: str
    lead: str
    minutes: str


@dataclass(frozen=True)
class ClaimRow:
    """Who holds an item of a project, and through which record."""

    id: int
    project_id: int
    item_code: str
    claimed_by: Claimant
    record_kind: str
    record_id: int
    organisation_id: int | None
    claimed_at: datetime


@dataclass(frozen=True)
class ApprovalStanding:
    """Where an approval item of a project stands, and since which Shanghai day it is decided."""

    project_id: int
    code: str
    status: ApprovalStatus
    decided_on: date | None


@dataclass(frozen=True)
class NeedRow:
    """An item and whether the project needs it: what calls for it, and who holds it."""

    item: ItemRow
    approvals: tuple[ApprovalRow, ...]
    needed: Needed
    claim: ClaimRow | None

    @property
    def is_free(self) -> bool:
        """Whether the project needs it, as far as is known, and nobody has commissioned it."""
        return self.claim is None and may_commission(self.needed, confirmed=True).allowed


@dataclass(frozen=True)
class WantedRow:
    """A wanted code; `project_public_id` leads to the record once it is here."""

    id: int
    public_id: str
    code: str
    organisation_id: int | None
    wanted_by: int | None
    wanted_at: datetime
    state: WantedState
    reason: str
    delayed_at: datetime | None
    settled_at: datetime | None
    project_id: int | None
    project_public_id: str
