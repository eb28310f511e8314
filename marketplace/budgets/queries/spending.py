"""What is held on lines and for which purpose, what is paid of it, by when, who waits for it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.queries.rows import HoldRow, PaymentRow, Purpose
from marketplace.budgets.rules import PaymentState
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting, light
from marketplace.infra.clock import business_now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar, Limit

APPROVAL, AFTER_ACCEPTANCE = "payment.approval_days", "payment.after_acceptance_days"


@dataclass(frozen=True)
class Lights:
    """The calendar and the rulebook as they are read once for a page."""

    calendar: Calendar
    rulebook: Any
    today: date

    def of(self, key: str, start: date, due: date) -> str:
        """Red once the stored day is past; before it, as the limit's clock shows."""
        if self.today > due:
            return "red"
        limit = Limit(self.rulebook.value(key, start))
        yellow = self.rulebook.value("clock.yellow_days", start)
        shown = light(self.calendar, limit, start, (), self.today, yellow_days=yellow).value
        return "yellow" if shown == "red" else shown


def lights_on(session: Session, today: date) -> Lights:
    """The lights of a day."""
    return Lights(catalogue.calendar(session), catalogue.rulebook(session), today)


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
    """The names of what these are for; a kind that nobody names is left out."""
    wanted: dict[str, set[int]] = {}
    for thing in things:
        wanted.setdefault(thing.purpose_kind, set()).add(thing.purpose_id)
    return {
        (kind, key): purpose
        for kind, ids in wanted.items()
        if kind in PURPOSES
        for key, purpose in PURPOSES[kind](session, ids).items()
    }


Holds: TypeAlias = Select[BudgetHold, int]


PAYABLE = (BudgetHold.active, BudgetHold.pay_by.is_not(None))


def read_holds(session: Session, query: Holds, today: date) -> tuple[HoldRow, ...]:
    """Rows of the holds that a query finds, in its order."""
    lights = lights_on(session, today)
    return tuple(_hold_row(hold, department, lights) for hold, department in session.execute(query))


def select_holds() -> Holds:
    """Every hold with the department of its line; callers narrow it down."""
    query = select(BudgetHold, BudgetLine.department_id)
    return query.join(BudgetLine, BudgetLine.id == BudgetHold.line_id)


def _hold_row(row: BudgetHold, department_id: int, lights: Lights, paid_before: int = 0) -> HoldRow:
    shown = "none"
    if row.active and row.payable_on is not None and row.pay_by is not None:
        shown = lights.of(AFTER_ACCEPTANCE, row.payable_on, row.pay_by)
    return HoldRow(
        id=row.id,
        public_id=row.public_id,
        line_id=row.line_id,
        department_id=department_id,
        purpose_kind=row.purpose_kind,
        purpose_id=row.purpose_id,
        origin_kind=row.origin_kind,
        origin_id=row.origin_id,
        reserved_fen=row.reserved_fen,
        committed_fen=row.committed_fen,
        paid_fen=row.paid_fen,
        proposed_fen=row.proposed_fen,
        contract_fen=row.contract_fen,
        active=row.active,
        made_at=row.made_at,
        payable_on=row.payable_on,
        pay_by=row.pay_by,
        light=shown,
        paid_before_fen=paid_before,
    )


def hold(session: Session, key: int | str, today: date) -> HoldRow:
    """One hold; raises `NotFound`."""
    column = BudgetHold.public_id if isinstance(key, str) else BudgetHold.id
    found = read_holds(session, select_holds().where(column == key), today)
    if not found:
        raise NotFound
    return found[0]


def holds(session: Session, line_id: int, today: date | None = None) -> tuple[HoldRow, ...]:
    """What is and was held on a line, in the order in which it was reserved."""
    query = select_holds().where(BudgetHold.line_id == line_id).order_by(BudgetHold.id)
    return read_holds(session, query, today or local_date(business_now(session)))


def hold_of(session: Session, purpose_kind: str, purpose_id: int) -> HoldRow | None:
    """The latest hold of a purpose; after a year's end the one that carries on the unpaid rest."""
    query = select_holds().where(
        BudgetHold.purpose_kind == purpose_kind, BudgetHold.purpose_id == purpose_id
    )
    found = session.execute(query.order_by(BudgetHold.id)).all()
    if not found:
        return None
    row, department = found[-1]
    paid_before, earlier = 0, {each.id: each for each, _department in found}
    before = earlier.get(row.carried_from_id or 0)
    while before is not None:
        paid_before += before.paid_fen
        before = earlier.get(before.carried_from_id or 0)
    lights = lights_on(session, local_date(business_now(session)))
    return _hold_row(row, department, lights, paid_before)


def payable_holds(session: Session, department_id: int, today: date) -> tuple[HoldRow, ...]:
    """Accepted work of a department that is not wholly paid, the most urgent first."""
    query = select_holds().where(*PAYABLE, BudgetLine.department_id == department_id)
    return read_holds(session, query.order_by(BudgetHold.pay_by, BudgetHold.id), today)


Payments: TypeAlias = Select[Payment, BudgetHold, BudgetLine]


def select_payments() -> Payments:
    """Every payment with its hold and line; callers narrow it down."""
    query = select(Payment, BudgetHold, BudgetLine)
    query = query.join(BudgetHold, BudgetHold.id == Payment.hold_id)
    return query.join(BudgetLine, BudgetLine.id == BudgetHold.line_id)


def read_payments(session: Session, query: Payments, today: date) -> tuple[PaymentRow, ...]:
    """Rows of the payments that a query finds, in its order."""
    found = session.execute(query).all()
    asked = {row.proposer_id for row, *_ in found} | {
        row.decider_id for row, *_ in found if row.decider_id
    }
    names, lights = accounts.people(session, asked), lights_on(session, today)
    return tuple(_payment_row(*each, names, lights) for each in found)


def _payment_row(
    row: Payment, held: BudgetHold, of: BudgetLine, names: dict[int, str], lights: Lights
) -> PaymentRow:
    shown = "none"
    if row.state is PaymentState.PROPOSED:
        shown = lights.of(APPROVAL, local_date(row.proposed_at), row.approve_by)
    return PaymentRow(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        hold_id=held.id,
        line_id=of.id,
        line_public_id=of.public_id,
        line_name=of.name,
        fiscal_year=of.fiscal_year,
        department_id=of.department_id,
        purpose_kind=held.purpose_kind,
        purpose_id=held.purpose_id,
        amount_fen=row.amount_fen,
        final=row.final,
        note=row.note,
        state=row.state,
        proposer_id=row.proposer_id,
        proposer_name=names.get(row.proposer_id, ""),
        proposed_at=row.proposed_at,
        approve_by=row.approve_by,
        light=shown,
        decider_name=names.get(row.decider_id or 0, ""),
        decided_at=row.decided_at,
        reason=row.reason,
    )


def payment(session: Session, key: int | str, today: date | None = None) -> PaymentRow:
    """One payment; raises `NotFound`."""
    column = Payment.public_id if isinstance(key, str) else Payment.id
    day = today or local_date(business_now(session))
    found = read_payments(session, select_payments().where(column == key), day)
    if not found:
        raise NotFound
    return found[0]


def payments_of(
    session: Session, hold_id: int, today: date | None = None
) -> tuple[PaymentRow, ...]:
    """The payments of a hold, in the order in which they were proposed."""
    query = select_payments().where(Payment.hold_id == hold_id).order_by(Payment.id)
    return read_payments(session, query, today or local_date(business_now(session)))


def payments_of_line(session: Session, line_id: int, today: date) -> tuple[PaymentRow, ...]:
    """The payments of a line, in the order in which they were proposed."""
    query = select_payments().where(BudgetHold.line_id == line_id).order_by(Payment.id)
    return read_payments(session, query, today)


def department_payments(
    session: Session, department_id: int, today: date, states: Collection[PaymentState] = ()
) -> tuple[PaymentRow, ...]:
    """A department's payments: those that wait first, the most urgent first, then the latest."""
    query = select_payments().where(BudgetLine.department_id == department_id)
    if states:
        query = query.where(Payment.state.in_(states))
    query = query.order_by(
        Payment.state != PaymentState.PROPOSED,
        Payment.decided_at.desc(),
        Payment.approve_by,
        Payment.id,
    )
    return read_payments(session, query.limit(500), today)


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Payments that await a decision, and accepted work that awaits its payment."""
    query = select_payments().where(Payment.state == PaymentState.PROPOSED).order_by(Payment.id)
    proposed = read_payments(session, query, today)
    owed = read_holds(session, select_holds().where(*PAYABLE).order_by(BudgetHold.id), today)
    departments = accounts.organisations(
        session, {row.department_id for row in proposed} | {row.department_id for row in owed}
    )
    regions = {key: row.region_code for key, row in departments.items()}
    return (
        *(_payment_waits(row, regions) for row in proposed),
        *(_hold_waits(row, regions) for row in owed if row.payable_fen),
    )


def _payment_waits(row: PaymentRow, regions: Mapping[int, str]) -> Waiting:
    return Waiting(
        kind="payment",
        public_id=row.public_id,
        number=row.number,
        what="payment.approve",
        owes_organisation_id=row.department_id,
        light=row.light,
        due_on=row.approve_by,
        region_code=regions.get(row.department_id, ""),
    )


def _hold_waits(row: HoldRow, regions: Mapping[int, str]) -> Waiting:
    return Waiting(
        kind="budget_hold",
        public_id=row.public_id,
        number="",
        what="payment.propose",
        owes_organisation_id=row.department_id,
        light=row.light,
        due_on=row.pay_by,
        region_code=regions.get(row.department_id, ""),
    )


def due_payments(session: Session, now: datetime, limit: int = 200) -> Iterable[int]:
    """Payments that nobody decided in time and nobody was told of."""
    query = select(Payment.id).where(Payment.attention_at <= now)
    return session.scalars(query.order_by(Payment.attention_at).limit(limit)).all()


def due_holds(session: Session, now: datetime, limit: int = 200) -> Iterable[int]:
    """Accepted work that was not paid in time and nobody was told of."""
    query = select(BudgetHold.id).where(BudgetHold.attention_at <= now)
    return session.scalars(query.order_by(BudgetHold.attention_at).limit(limit)).all()


def holds_to_carry(session: Session, now: datetime, limit: int = 500) -> Sequence[int]:
    """Commitments on lines of years that are over."""
    query = (
        select(BudgetHold.id)
        .join(BudgetLine, BudgetLine.id == BudgetHold.line_id)
        .where(
            BudgetLine.fiscal_year < local_date(now).year,
            BudgetHold.committed_fen > 0,
            BudgetHold.active,
        )
        .order_by(BudgetLine.fiscal_year, BudgetHold.id)
    )
    return session.scalars(query.limit(limit)).all()


def dated(session: Session) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Payments and holds whose day a new calendar may move."""
    payments = select(Payment.id).where(Payment.attention_at.is_not(None)).order_by(Payment.id)
    held = select(BudgetHold.id).where(BudgetHold.attention_at.is_not(None)).order_by(BudgetHold.id)
    return tuple(session.scalars(payments)), tuple(session.scalars(held))
