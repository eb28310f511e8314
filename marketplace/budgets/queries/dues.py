"""What waits in budgets: payments to decide, accepted work to pay for; and what falls due."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisation_region
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.budgets.queries import spending
from marketplace.clocks.queries import NO_NUMBER, Owed, light_days, most_urgent, owed, worst
from marketplace.clocks.rules import Waiting
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import Join, row_of
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class Due(Waiting):
    """A payment that waits for its decision, or accepted work that waits to be paid for."""

    line_public_id: str = ""
    line_name: str = ""
    purpose_kind: str = ""
    purpose_id: int = 0


_due = union_all(
    select(
        literal("payment").label("kind"),
        Payment.id,
        Payment.public_id,
        Payment.number,
        Payment.proposer_id,
        Payment.approve_by.label("due_on"),
        Payment.amount_fen.label("figure"),
        BudgetHold.line_id,
        BudgetHold.purpose_kind,
        BudgetHold.purpose_id,
        spending.TO_DECIDE_LIGHT.label("light"),
        Payment.proposed_at.label("since"),
    )
    .join(BudgetHold, spending.OF_HOLD.on)
    .where(spending.PROPOSED),
    select(
        literal("budget_hold"),
        BudgetHold.id,
        BudgetHold.public_id,
        literal(""),
        NO_NUMBER,
        BudgetHold.pay_by,
        spending.PAYABLE_FEN,
        BudgetHold.line_id,
        BudgetHold.purpose_kind,
        BudgetHold.purpose_id,
        spending.TO_PAY_LIGHT,
        BudgetHold.made_at,
    ).where(spending.PAYABLE),
).subquery("due")
_LINE_OF_DUE = Join(BudgetLine, BudgetLine.id == _due.c.line_id)
_is_payment = _due.c.kind == "payment"
LATE = _due.c.light == "red"
# So many stand above a department's lines.
_SIZE = 6
DUES = PagedList(
    row_of(
        Due,
        _due,
        _LINE_OF_DUE,
        what=case((_is_payment, "payment.approve"), else_="payment.propose"),
        owes_organisation_id=BudgetLine.department_id,
        region_code=organisation_region(BudgetLine.department_id),
        item_code=literal(""),
        about_organisation_id=NO_NUMBER,
        title=BudgetLine.name,
        line_public_id=BudgetLine.public_id,
        line_name=BudgetLine.name,
    ),
    true(),
    {"": most_urgent(_due.c.light, _due.c.due_on)},
    size=_SIZE,
    summed={"figure": _due.c.figure},
)
# What waits on each line of the department asked for: its light, and how much of it is late.
ON_LINES = (
    select(
        _due.c.line_id,
        worst(_due.c.light).label("light"),
        func.count(case((LATE, 1))).label("late"),
    )
    .join(BudgetLine, _LINE_OF_DUE.on)
    .where(BudgetLine.department_id == spending.OWN)
    .group_by(_due.c.line_id)
    .subquery("on_lines")
)


def waits_on(lines: Select[Any]) -> ColumnElement[bool]:
    """Narrows what waits to what waits on these lines."""
    return _due.c.line_id.in_(lines)


def proposed(session: Session, department_id: int) -> int:
    """How many payments of a department await approval."""
    return spending.DEPARTMENT_PAYMENTS.count(session, spending.PROPOSED, {"own": department_id})


def accepted(session: Session, department_id: int) -> int:
    """How many accepted works of a department await the proposal of a payment."""
    return spending.TO_PAY.count(session, true(), {"own": department_id})


def to_decide(session: Session, actor: Actor, today: date) -> Owed:
    """The payments of the actor's department that others than this person proposed."""
    mine = and_(_is_payment, _due.c.proposer_id.not_in(actor.own_accounts))
    return _owed(session, actor.organisation_id or 0, mine, today)


def to_propose(session: Session, department_id: int, today: date) -> Owed:
    """The accepted work of a department for which a payment can be proposed, told by its name."""

    def told(rows: tuple[Due, ...]) -> Iterator[Due]:
        names = spending.purposes_of(session, rows)
        for one in rows:
            name = spending.purpose_of(names, one.purpose_kind, one.purpose_id)
            yield replace(one, number=name.number, title=name.title)

    return _owed(session, department_id, ~_is_payment, today, told)


def late_in(session: Session, department_id: int, year: int, today: date) -> Owed:
    """What is late on the lines of a department's year, told by the line."""

    def told(rows: tuple[Due, ...]) -> Iterator[Due]:
        return (replace(one, what="payment.late", public_id=one.line_public_id) for one in rows)

    mine = and_(LATE, BudgetLine.fiscal_year == year)
    return _owed(session, department_id, mine, today, told)


def _owed(
    session: Session,
    department_id: int,
    mine: ColumnElement[bool],
    today: date,
    told: Callable[[tuple[Due, ...]], Iterable[Waiting]] = tuple,
) -> Owed:
    of_department = and_(BudgetLine.department_id == department_id, mine)
    return owed(session, DUES, of_department, light_days(session, today), told)


# ------------------------------------------------------------------ what falls due


def due_payments(session: Session, now: datetime) -> Sequence[int]:
    """Payments that nobody decided in time and nobody was told of."""
    query = select(Payment.id).where(Payment.attention_at <= now)
    return session.scalars(query.order_by(Payment.attention_at)).all()


def due_holds(session: Session, now: datetime) -> Sequence[int]:
    """Accepted work that was not paid in time and nobody was told of."""
    query = select(BudgetHold.id).where(BudgetHold.attention_at <= now)
    return session.scalars(query.order_by(BudgetHold.attention_at)).all()


def holds_to_carry(session: Session, now: datetime) -> Sequence[int]:
    """Commitments on lines of years that are over."""
    query = (
        select(BudgetHold.id)
        .join(BudgetLine, spending.OF_LINE.on)
        .where(
            BudgetLine.fiscal_year < local_date(now).year,
            BudgetHold.committed_fen > 0,
            BudgetHold.active,
        )
        .order_by(BudgetLine.fiscal_year, BudgetHold.id)
    )
    return session.scalars(query).all()


# The payments, and the accepted work, whose day a new calendar may move.
DATED_PAYMENTS = select(Payment.id).where(Payment.attention_at.is_not(None))
DATED_HOLDS = select(BudgetHold.id).where(BudgetHold.attention_at.is_not(None))
