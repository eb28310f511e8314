"""What pages and other features see of engagements: frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.catalogue.queries import ItemRow, Variant
from marketplace.clocks.rules import ClockView
from marketplace.engagements.policy import Standing
from marketplace.engagements.rules import ClientKind, Origin, Side, State, Verdict
from marketplace.infra.files import FileRow
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit


@dataclass(frozen=True)
class EngagementRow:
    """An engagement in a list.

    `owes` says whose turn it is (None: nobody's), `awaited` what is waited for, `light` how the
    day by which it must be done stands: green, yellow, red, paused or none.
    """

    id: int
    public_id: str
    number: str
    origin: Origin
    state: State
    state_since: datetime
    item: ItemRow
    item_code: str
    variant: str
    limit: Limit
    promised_days: int | None
    project_id: int
    project_public_id: str
    project_code: str
    project_name: str
    region_code: str
    listing_id: int
    listing_public_id: str
    institution_public_id: str
    provider_id: int
    provider_name: str
    client_id: int
    client_name: str
    client_kind: ClientKind
    payer: ClientKind
    competition_id: int | None
    quotation_id: int | None
    predecessor_id: int | None
    successor_id: int | None
    award_fen: int | None
    amount_fen: int | None
    paid_fen: int
    signed_on: date | None
    requested_at: datetime
    taken_on_at: datetime | None
    contracted_at: datetime | None
    started_at: datetime | None
    delivered_at: datetime | None
    accepted_at: datetime | None
    rated_at: datetime | None
    ended_at: datetime | None
    resumes_to: State | None
    paused_by: Side | None
    returns: int
    within_limit: bool | None
    due_on: date | None
    turn_due_on: date | None
    owes: Side | None
    awaited: str
    light: str

    @property
    def accepted_on(self) -> date | None:
        """The day of acceptance."""
        return local_date(self.accepted_at) if self.accepted_at else None

    @property
    def chosen_variant(self) -> Variant | None:
        """The class of the item that was chosen, where it has classes."""
        return next((one for one in self.item.variants if one.key == self.variant), None)

    @property
    def owes_organisation_id(self) -> int | None:
        """The organisation whose turn it is."""
        if self.owes is None:
            return None
        return self.client_id if self.owes is Side.CLIENT else self.provider_id


@dataclass(frozen=True)
class EngagementName:
    """How other pages call and link an engagement."""

    id: int
    public_id: str
    number: str
    item_code: str


@dataclass(frozen=True)
class EngagementParty:
    """Who has to do with an engagement: for letters, and for features that act about it."""

    id: int
    public_id: str
    number: str
    item_code: str
    project_id: int
    listing_id: int
    client_id: int
    client_kind: ClientKind
    provider_id: int
    requested_by: int | None
    accepted_at: datetime | None


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened; `why` are the words written with it."""

    kind: str
    occurred_at: datetime
    actor_name: str
    organisation_name: str
    why: str
    payload: Mapping[str, object]


@dataclass(frozen=True)
class PauseRow:
    """A time in which the clock stood, with its reason and evidence."""

    side: Side
    reason: str
    begins_at: datetime
    ends_at: datetime | None
    begun_by: str
    papers: tuple[FileRow, ...]


@dataclass(frozen=True)
class DeliveryRow:
    """A version of the deliverable and the client's answer."""

    version: int
    words: str
    delivered_at: datetime
    delivered_by: str
    verdict: Verdict | None
    reason: str
    answered_at: datetime | None
    papers: tuple[FileRow, ...]


@dataclass(frozen=True)
class LinkedRow:
    """An engagement before or after this one."""

    public_id: str
    number: str
    provider_name: str


@dataclass(frozen=True)
class EngagementPage:
    """Everything the page of an engagement shows."""

    engagement: EngagementRow
    standing: Standing
    clock: ClockView | None
    request_words: str
    end_words: str
    contract_papers: tuple[FileRow, ...]
    pauses: tuple[PauseRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    history: tuple[HistoryEntry, ...]
    predecessor: LinkedRow | None
    successor: LinkedRow | None
    competition_public_id: str
    hold_public_id: str
    association_name: str


@dataclass(frozen=True)
class WorkFact:
    """What an accepted engagement says about the institution's work.

    Days are in the unit of the item's limit, pauses and the client's own time left out.
    """

    engagement_id: int
    listing_id: int
    number: str
    accepted_on: date
    days_used: int
    days_allowed: int
    days_promised: int | None
    within_limit: bool
    returns: int
