"""Frozen rows of budgets for pages, other features and exports."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.budgets.policy import HoldStanding, PaymentStanding
from marketplace.budgets.rules import Bucket, EntryKind, PaymentState, basis_points


@dataclass(frozen=True)
class LineRow:
    """A line and where its money lies; all amounts in fen."""

    id: int
    public_id: str
    department_id: int
    fiscal_year: int
    name: str
    item_code: str | None
    appropriation_fen: int
    free_fen: int
    reserved_fen: int
    committed_fen: int
    paid_fen: int

    @property
    def bound_fen(self) -> int:
        """What is reserved, committed or paid: the least the appropriation can be."""
        return self.appropriation_fen - self.free_fen

    @property
    def paid_points(self) -> int:
        """The share that is paid, in hundredths of a percent."""
        return basis_points(self.paid_fen, self.appropriation_fen)


@dataclass(frozen=True)
class Purpose:
    """How a record that money is held for is called, and where it is read."""

    number: str
    title: str
    address: str


@dataclass(frozen=True)
class HoldRow:
    """Money of a line kept for a purpose; all amounts in fen."""

    id: int
    public_id: str
    line_id: int
    department_id: int
    purpose_kind: str
    purpose_id: int
    origin_kind: str
    origin_id: int
    reserved_fen: int
    committed_fen: int
    paid_fen: int
    proposed_fen: int
    contract_fen: int
    active: bool
    made_at: datetime
    payable_on: date | None
    pay_by: date | None
    light: str
    paid_before_fen: int = 0

    @property
    def payable_fen(self) -> int:
        """What may still be proposed."""
        return self.committed_fen - self.proposed_fen

    @property
    def standing(self) -> HoldStanding:
        """What the policies ask."""
        return HoldStanding(self.department_id, self.payable_on, self.payable_fen)


@dataclass(frozen=True)
class PaymentRow:
    """A payment with those who proposed and decided it."""

    id: int
    public_id: str
    number: str
    hold_id: int
    line_id: int
    line_public_id: str
    line_name: str
    fiscal_year: int
    department_id: int
    purpose_kind: str
    purpose_id: int
    amount_fen: int
    final: bool
    note: str
    state: PaymentState
    proposer_id: int
    proposer_name: str
    proposed_at: datetime
    approve_by: date
    light: str
    decider_name: str
    decided_at: datetime | None
    reason: str

    @property
    def standing(self) -> PaymentStanding:
        """What the policies ask."""
        return PaymentStanding(self.department_id, self.state, self.proposer_id)


@dataclass(frozen=True)
class EntryRow:
    """One movement of money, in words that can be shown."""

    id: int
    line_id: int
    line_name: str
    fiscal_year: int
    kind: EntryKind
    source: Bucket
    target: Bucket
    amount_fen: int
    hold_id: int | None
    payment_number: str
    purpose_kind: str
    purpose_id: int
    why: str
    actor_name: str
    made_at: datetime
