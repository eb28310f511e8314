"""The arithmetic of a budget line, and the life of a payment: pure.

A line's appropriation lies in four buckets; an entry of the ledger moves fen from one to another.
What comes in from outside, or goes out, changes the appropriation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from marketplace.kernel import steps
from marketplace.kernel.errors import Refused
from marketplace.kernel.money import yuan

FIRST_YEAR, LAST_YEAR = 2018, 2100


class Bucket(StrEnum):
    """Where money of a line lies."""

    OUTSIDE = "outside"
    FREE = "free"
    RESERVED = "reserved"
    COMMITTED = "committed"
    PAID = "paid"


class EntryKind(StrEnum):
    """Why money moves."""

    RESERVE = "reserve"
    COMMIT = "commit"
    PAY = "pay"
    RELEASE = "release"
    ADJUST = "adjust"
    CARRY = "carry"


# Which ways money may move for which reason; the ledger's constraint says the same.
MOVES: dict[EntryKind, frozenset[tuple[Bucket, Bucket]]] = {
    EntryKind.RESERVE: frozenset({(Bucket.FREE, Bucket.RESERVED)}),
    EntryKind.COMMIT: frozenset({(Bucket.RESERVED, Bucket.COMMITTED)}),
    EntryKind.PAY: frozenset({(Bucket.COMMITTED, Bucket.PAID)}),
    EntryKind.RELEASE: frozenset({(Bucket.RESERVED, Bucket.FREE), (Bucket.COMMITTED, Bucket.FREE)}),
    EntryKind.ADJUST: frozenset({(Bucket.OUTSIDE, Bucket.FREE), (Bucket.FREE, Bucket.OUTSIDE)}),
    EntryKind.CARRY: frozenset(
        {(Bucket.COMMITTED, Bucket.OUTSIDE), (Bucket.OUTSIDE, Bucket.COMMITTED)}
    ),
}


class PaymentState(StrEnum):
    """Where a payment stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


PAYMENT_STEPS: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.PROPOSED: frozenset({PaymentState.APPROVED, PaymentState.REFUSED}),
    PaymentState.APPROVED: frozenset(),
    PaymentState.REFUSED: frozenset(),
}


def step(current: PaymentState, target: PaymentState) -> PaymentState:
    """The target if a payment may go there, else `Refused`."""
    return steps.step(PAYMENT_STEPS, current, target, "budget.payment_decided")


class Moved(Protocol):
    """What the arithmetic asks of an entry."""

    @property
    def source(self) -> Bucket: ...
    @property
    def target(self) -> Bucket: ...
    @property
    def amount_fen(self) -> int: ...


@dataclass(frozen=True)
class Balances:
    """What lies in each bucket, in fen."""

    free_fen: int = 0
    reserved_fen: int = 0
    committed_fen: int = 0
    paid_fen: int = 0

    @property
    def appropriation_fen(self) -> int:
        """All of it."""
        return self.free_fen + self.reserved_fen + self.committed_fen + self.paid_fen


def balances_of(entries: Iterable[Moved]) -> Balances:
    """What the entries of a line add up to: the ledger is the truth, balances are kept beside it.

    Raises `ValueError` where an entry takes what is not there.
    """
    lies = dict.fromkeys(Bucket, 0)
    for entry in entries:
        lies[entry.source] -= entry.amount_fen
        lies[entry.target] += entry.amount_fen
        if min(left for bucket, left in lies.items() if bucket is not Bucket.OUTSIDE) < 0:
            raise ValueError("an entry takes what is not there")
    return Balances(
        lies[Bucket.FREE], lies[Bucket.RESERVED], lies[Bucket.COMMITTED], lies[Bucket.PAID]
    )


def check_amount(amount_fen: int, field: str = "") -> None:
    """Money moves in whole fen, at least one."""
    if amount_fen <= 0:
        raise Refused("budget.amount_not_positive", field=field)


def check_contract(amount_fen: int, reserved_fen: int) -> None:
    """A contract stays within what was reserved for the award."""
    if amount_fen > reserved_fen:
        raise Refused("budget.above_reservation", reserved=yuan(reserved_fen))


def check_payment(amount_fen: int, payable_fen: int) -> None:
    """Payments together stay within the contract: within what is committed and not yet proposed."""
    check_amount(amount_fen, "amount")
    if amount_fen > payable_fen:
        raise Refused("budget.above_contract", field="amount", payable=yuan(payable_fen))
