"""What pages and other features see of complaints: frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.accounts.queries import HistoryEntry
from marketplace.catalogue.queries import ItemRow
from marketplace.complaints.policy import ObjectionStanding, Standing
from marketplace.complaints.rules import About, ComplaintState, Filer, ObjectionState, Outcome


@dataclass(frozen=True)
class ComplaintCounts:
    """How many complaints about an institution were upheld, wholly or partly."""

    upheld: int
    partly: int


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint in a list. `owes` is the organisation whose turn it is, None when nobody's."""

    id: int
    public_id: str
    number: str
    state: ComplaintState
    about: About
    filer: Filer
    headline: str
    item: ItemRow | None
    item_code: str
    region_code: str
    about_organisation_id: int
    about_name: str
    institution_id: int | None
    listing_id: int | None
    handler_id: int
    filer_organisation_id: int | None
    filed_at: datetime
    due_on: date | None
    light: str
    owes: int | None
    proposed: bool
    outcome: Outcome | None
    decided_at: datetime | None


@dataclass(frozen=True)
class ComplaintPage:
    """Everything the page of a complaint shows to its handler; others see less of it.

    `filer_name` and `contact` are for the handler only; `masked_name` may be read by others.
    """

    row: ComplaintRow
    standing: Standing
    body: str
    filer_name: str
    masked_name: str
    contact: str
    filer_organisation: str
    handler_name: str
    record_title: str
    answer: str
    answered_at: datetime | None
    proposed_outcome: Outcome | None
    proposed_reason: str
    proposer_name: str
    send_back_reason: str
    reason: str
    review_reason: str
    decider_name: str
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class PublicComplaint:
    """What everybody may read of a complaint that was upheld: no person, no free text."""

    number: str
    item_code: str
    about: About
    filer: Filer
    outcome: Outcome
    decided_at: datetime


@dataclass(frozen=True)
class ComplaintParty:
    """Who has to do with a complaint, for notifications."""

    id: int
    public_id: str
    number: str
    handler_id: int
    about_organisation_id: int
    filer_organisation_id: int | None


@dataclass(frozen=True)
class ObjectionRow:
    """An objection to an award."""

    id: int
    public_id: str
    number: str
    state: ObjectionState
    competition_id: int
    competition_public_id: str
    competition_number: str
    competition_title: str
    region_code: str
    item_code: str
    organisation_id: int
    organisation_name: str
    handler_id: int
    filed_at: datetime
    due_on: date | None
    light: str
    proposed: bool


@dataclass(frozen=True)
class ObjectionPage:
    """An objection with its words and what was decided."""

    row: ObjectionRow
    standing: ObjectionStanding
    body: str
    proposed_outcome: Outcome | None
    proposed_reason: str
    proposer_name: str
    send_back_reason: str
    reason: str
    decider_name: str
    history: tuple[HistoryEntry, ...]
