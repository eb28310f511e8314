"""What is held on lines and for which purpose, what is paid of it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias

from flask_babel import lazy_gettext as _
from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    func,
    true,
)
from sqlalchemy.orm import Session

from marketplace.accounts.queries import person_name
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.policy import HoldStanding, PaymentStanding
from marketplace.budgets.rules import PaymentState
from marketplace.budgets.wording import LABELS
from marketplace.clocks import queries as clocks
from marketplace.infra.clock import business_now
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import Join, row_of
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class Purpose:
    """How a record that money is held for is called, and where it is read."""

    number: str
    title: str
    address: str


Provider: TypeAlias = Callable[[Session, Collection[int]], Mapping[int, Purpose]]
Purposes: TypeAlias = Mapping[tuple[str, int], Purpose]
# Who names the records of a kind.
PURPOSES: dict[str, Provider] = {}


class HasPurpose(Protocol):
    """Whatever is for a purpose."""

    @property
    def purpose_kind(self) -> str: ...
    @property
    def purpose_id(self) -> int: ...


def purposes_of(session: Session, things: Iterable[HasPurpose]) -> Purposes:
    """The names of what these are for, as far as anybody names them: for `purpose_of`."""
    wanted: dict[str, set[int]] = {}
    for thing in things:
        wanted.setdefault(thing.purpose_kind, set()).add(thing.purpose_id)
    return {
        (kind, key): purpose
        for kind, ids in wanted.items()
        if kind in PURPOSES
        for key, purpose in PURPOSES[kind](session, ids).items()
    }


def purpose_of(purposes: Purposes, kind: str, key: int) -> Purpose:
    """How one of them is called; what nobody names is said by its kind."""
    return purposes.get((kind, key)) or Purpose(str(LABELS.get(f"purpose.{kind}", kind)), "", "")


@dataclass(frozen=True)
class HoldRow:
    """Money of a line kept for a purpose; all amounts in fen."""

    id: int
    public_id: str
    line_id: int
    line_public_id: str
    line_name: str
    fiscal_year: int
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
    withheld_on: date | None
    light: str

    @property
    def payable_fen(self) -> int:
        """What may still be proposed."""
        return self.committed_fen - self.proposed_fen

    @property
    def standing(self) -> HoldStanding:
        """What the policies ask."""
        withheld = self.withheld_on is not None
        return HoldStanding(self.department_id, self.payable_on, self.payable_fen, withheld)


@dataclass(frozen=True)
class PaymentRow:
    """A payment with those who proposed and decided it, and the contract it is paid from.

    `paid_fen` and `unpaid_fen` are what is paid of the contract, and committed to it yet.
    """

    id: int
    public_id: str
    number: str
    hold_public_id: str
    contract_fen: int
    paid_fen: int
    unpaid_fen: int
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
    withheld_on: date | None

    @property
    def standing(self) -> PaymentStanding:
        """What the policies ask."""
        withheld = self.withheld_on is not None
        return PaymentStanding(self.department_id, self.state, self.proposer_id, withheld)


PROPOSED = Payment.state == PaymentState.PROPOSED
PAYABLE_FEN = BudgetHold.committed_fen - BudgetHold.proposed_fen
# Accepted work waits as long as something can be proposed; then it is the payment that waits.
PAYABLE = and_(BudgetHold.active, BudgetHold.pay_by.is_not(None), PAYABLE_FEN > 0)
TO_DECIDE_LIGHT = clocks.light_of(Payment.approve_by, "payment.approval_days")
TO_PAY_LIGHT = clocks.light_of(BudgetHold.pay_by, "payment.after_acceptance_days")
OWN = bindparam("own", type_=Integer)
OF_HOLD = Join(BudgetHold, BudgetHold.id == Payment.hold_id)
OF_LINE = Join(BudgetLine, BudgetLine.id == BudgetHold.line_id)
_HOLD = row_of(
    HoldRow,
    BudgetHold,
    OF_LINE,
    line_public_id=BudgetLine.public_id,
    line_name=BudgetLine.name,
    fiscal_year=BudgetLine.fiscal_year,
    department_id=BudgetLine.department_id,
    light=case((PAYABLE, TO_PAY_LIGHT), else_="none"),
)
_PAYMENT = row_of(
    PaymentRow,
    Payment,
    OF_HOLD,
    OF_LINE,
    hold_public_id=BudgetHold.public_id,
    contract_fen=BudgetHold.contract_fen,
    paid_fen=BudgetHold.paid_fen,
    unpaid_fen=BudgetHold.committed_fen,
    line_id=BudgetLine.id,
    line_public_id=BudgetLine.public_id,
    line_name=BudgetLine.name,
    fiscal_year=BudgetLine.fiscal_year,
    department_id=BudgetLine.department_id,
    purpose_kind=BudgetHold.purpose_kind,
    purpose_id=BudgetHold.purpose_id,
    proposer_name=person_name(Payment.proposer_id),
    light=case((PROPOSED, TO_DECIDE_LIGHT), else_="none"),
    withheld_on=BudgetHold.withheld_on,
    decider_name=func.coalesce(person_name(Payment.decider_id), ""),
)
# What is and was held, and paid, in the order in which it was reserved and proposed.
HOLDS = PagedList(
    _HOLD,
    true(),
    {"": (BudgetHold.id,)},
    summed={
        "reserved": BudgetHold.reserved_fen,
        "contract": BudgetHold.contract_fen,
        "paid": BudgetHold.paid_fen,
        "committed": BudgetHold.committed_fen,
    },
)
# What payments add up to: what was refused is paid to nobody.
_AMOUNTS = {"amount": case((Payment.state != PaymentState.REFUSED, Payment.amount_fen), else_=0)}
PAYMENTS = PagedList(_PAYMENT, true(), {"": (Payment.id,)}, summed=_AMOUNTS)
# The payments of a department: what waits first, the most urgent first, then the latest decided.
DEPARTMENT_PAYMENTS = PagedList(
    _PAYMENT,
    BudgetLine.department_id == OWN,
    {"": (~PROPOSED, Payment.decided_at.desc(), Payment.approve_by, Payment.id)},
    (
        Facet(
            "state",
            _("State"),
            Payment.state,
            words="payment_state",
            values=tuple(PaymentState),
            single=True,
        ),
    ),
    summed=_AMOUNTS,
)
# Accepted work of a department that is not wholly paid or proposed, the most urgent first.
TO_PAY = PagedList(
    _HOLD,
    and_(BudgetLine.department_id == OWN, PAYABLE),
    {"": (BudgetHold.pay_by, BudgetHold.id)},
    summed={"payable": PAYABLE_FEN},
)


def on_line(line_id: int) -> ColumnElement[bool]:
    """Narrows a list to what is held on, or paid from, one line."""
    return BudgetHold.line_id == line_id


def from_hold(hold_id: int) -> ColumnElement[bool]:
    """Narrows a list to what is paid from one hold."""
    return BudgetHold.id == hold_id


def hold(session: Session, key: int | str, today: date) -> HoldRow:
    """One hold; raises `NotFound`."""
    return _HOLD.one(session, _HOLD.by(key), clocks.light_days(session, today))


def hold_of(session: Session, purpose_kind: str, purpose_id: int) -> HoldRow | None:
    """The latest hold of a purpose; after a year's end the one that carries on the unpaid rest."""
    query = _HOLD.query().where(
        BudgetHold.purpose_kind == purpose_kind, BudgetHold.purpose_id == purpose_id
    )
    lights = clocks.light_days(session, local_date(business_now(session)))
    found = _HOLD.all(session, query.order_by(BudgetHold.id.desc()).limit(1), lights)
    return found[0] if found else None


def payment(session: Session, key: int | str, today: date | None = None) -> PaymentRow:
    """One payment; raises `NotFound`."""
    day = today or local_date(business_now(session))
    return _PAYMENT.one(session, _PAYMENT.by(key), clocks.light_days(session, day))
