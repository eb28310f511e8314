"""Reading what is held on lines, for which purpose, and what of it has to be paid by when."""

from datetime import date
from typing import TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import BudgetHold, BudgetLine
from marketplace.budgets.queries.lights import AFTER_ACCEPTANCE, Lights, lights_on
from marketplace.budgets.queries.rows import HoldRow
from marketplace.infra.clock import business_now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date

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
