"""Reading payments: one, those of a hold or a line, those of a department."""

from collections.abc import Collection
from datetime import date
from typing import TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.queries.lights import APPROVAL, Lights, lights_on
from marketplace.budgets.queries.rows import PaymentRow
from marketplace.budgets.rules import PaymentState
from marketplace.infra.clock import business_now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date

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
