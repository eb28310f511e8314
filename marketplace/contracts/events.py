"""What happens to the contract of an engagement, in the past tense.

`contract_id` is the version; the words of an act stand beside its event.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.engagements.events import EngagementEvent


@dataclass(frozen=True)
class ContractEvent(EngagementEvent):
    """About one version of the contract."""

    contract_id: int
    version: int


@dataclass(frozen=True)
class ContractPutForward(ContractEvent):
    """One side put the terms forward, which confirms them for it; the other answers by the day."""

    KIND: ClassVar[str] = "engagement.contract_put_forward"

    by: str
    amount_fen: int
    limit_days: int
    limit_unit: str
    confirm_by: date


@dataclass(frozen=True)
class ContractChangeAsked(ContractEvent):
    """The other side asks for other terms, and says which; they are put forward by the day."""

    KIND: ClassVar[str] = "engagement.contract_change_asked"

    by: str
    contract_by: date


@dataclass(frozen=True)
class ContractTakenBack(ContractEvent):
    """The side that put the terms forward took them back.

    `owes` is the side that a first contract waits for again, by the day; of an amendment nobody.
    """

    KIND: ClassVar[str] = "engagement.contract_taken_back"

    by: str
    owes: str
    contract_by: date | None


@dataclass(frozen=True)
class ContractAmended(ContractEvent):
    """Both sides have confirmed an amendment; of the first contract the engagement tells."""

    KIND: ClassVar[str] = "engagement.contract_amended"

    by: str
    amount_fen: int
    limit_days: int
    limit_unit: str


@dataclass(frozen=True)
class ContractLapsed(ContractEvent):
    """The engagement went on or ended before both sides had confirmed."""

    KIND: ClassVar[str] = "engagement.contract_lapsed"


@dataclass(frozen=True)
class AmendmentLapsed(ContractEvent):
    """The day for an amendment is over; the contract stays as it is."""

    KIND: ClassVar[str] = "engagement.amendment_lapsed"

    due_on: date


@dataclass(frozen=True)
class ContractEnded(ContractEvent):
    """The engagement has ended, and the contract with it."""

    KIND: ClassVar[str] = "engagement.contract_ended"
