"""What waits for whom, and what the tick looks at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.queries.holds import PAYABLE, read_holds, select_holds
from marketplace.budgets.queries.payments import read_payments, select_payments
from marketplace.budgets.queries.rows import HoldRow, PaymentRow
from marketplace.budgets.rules import PaymentState
from marketplace.clocks.rules import Waiting
from marketplace.kernel.times import local_date


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
