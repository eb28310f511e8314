"""What happens to a department's money, in the past tense; words are kept beside."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class LineEvent(Event):
    """What every event of a line tells."""

    SUBJECT: ClassVar[str] = "budget_line"

    department_id: int


@dataclass(frozen=True)
class LineOpened(LineEvent):
    KIND: ClassVar[str] = "budget_line.opened"

    fiscal_year: int
    item_code: str | None
    appropriation_fen: int


@dataclass(frozen=True)
class LineAdjusted(LineEvent):
    KIND: ClassVar[str] = "budget_line.adjusted"

    before_fen: int
    appropriation_fen: int


@dataclass(frozen=True)
class FundsEvent(LineEvent):
    """What every event about money held for a purpose tells."""

    hold_id: int
    amount_fen: int
    purpose_kind: str
    purpose_id: int


@dataclass(frozen=True)
class FundsReserved(FundsEvent):
    KIND: ClassVar[str] = "budget_line.reserved"


@dataclass(frozen=True)
class FundsCommitted(FundsEvent):
    """A contract was recorded; what was reserved beyond it went back to the line."""

    KIND: ClassVar[str] = "budget_line.committed"

    released_fen: int


@dataclass(frozen=True)
class FundsReleased(FundsEvent):
    KIND: ClassVar[str] = "budget_line.released"


@dataclass(frozen=True)
class FundsPayable(FundsEvent):
    """The work was accepted: what is committed has to be paid by a day."""

    KIND: ClassVar[str] = "budget_line.payable"

    pay_by: date


@dataclass(frozen=True)
class FundsWithheld(FundsEvent):
    """The accepted work was given back: nothing is paid until it is accepted again."""

    KIND: ClassVar[str] = "budget_line.withheld"


@dataclass(frozen=True)
class FundsOverdue(FundsEvent):
    """The day passed and not everything was paid; told once."""

    KIND: ClassVar[str] = "budget_line.overdue"

    pay_by: date


@dataclass(frozen=True)
class FundsDueMoved(FundsEvent):
    """A calendar import moved the day by which has to be paid."""

    KIND: ClassVar[str] = "budget_line.due_moved"

    due_was: date
    due_on: date


@dataclass(frozen=True)
class FundsCarriedOut(FundsEvent):
    """An unpaid commitment went to the line of the next year."""

    KIND: ClassVar[str] = "budget_line.carried_out"

    other_line_id: int


@dataclass(frozen=True)
class FundsCarriedIn(FundsEvent):
    """An unpaid commitment came from the line of the year before."""

    KIND: ClassVar[str] = "budget_line.carried_in"

    other_line_id: int


@dataclass(frozen=True)
class PaymentEvent(Event):
    """What every event of a payment tells; `to_kind` and `to_id` say what is paid for."""

    SUBJECT: ClassVar[str] = "payment"

    department_id: int
    line_id: int
    hold_id: int
    amount_fen: int
    to_kind: str
    to_id: int


@dataclass(frozen=True)
class PaymentProposed(PaymentEvent):
    KIND: ClassVar[str] = "payment.proposed"

    number: str
    approve_by: date


@dataclass(frozen=True)
class PaymentApproved(PaymentEvent):
    """`settled`: nothing is committed any more; `released_fen` went back to the line."""

    KIND: ClassVar[str] = "payment.approved"

    released_fen: int
    settled: bool


@dataclass(frozen=True)
class PaymentRefused(PaymentEvent):
    KIND: ClassVar[str] = "payment.refused"


@dataclass(frozen=True)
class PaymentOverdue(PaymentEvent):
    """Nobody decided in time; told to the approvers once."""

    KIND: ClassVar[str] = "payment.overdue"

    approve_by: date


@dataclass(frozen=True)
class PaymentDueMoved(PaymentEvent):
    """A calendar import moved the day by which has to be decided."""

    KIND: ClassVar[str] = "payment.due_moved"

    due_was: date
    due_on: date
