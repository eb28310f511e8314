"""One way to build a department's money: lines, holds, payments, through the real services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.services import holding, ledger, paying
from marketplace.clocks.queries import light_days
from marketplace.infra.database import db, reading_session
from marketplace.infra.lists import Asked, PagedList
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Actor, Capacity, Role
from marketplace.kernel.times import SHANGHAI, local_date
from tests.factories import make_member, make_organisation

T = TypeVar("T")
YUAN = 100
# Far above any real record: what the money is for is invented here.
FIRST_PURPOSE = 900_000


@dataclass(frozen=True)
class Department:
    """A department with one person for each role."""

    id: int
    officer: Actor
    approver: Actor
    budget: Actor


def make_department(region_code: str = "220100") -> Department:
    """A department with its staff."""
    key = make_organisation(Capacity.DEPARTMENT, region_code=region_code)
    return Department(
        key,
        officer=make_member(key, Role.DEPARTMENT_OFFICER),
        approver=make_member(key, Role.DEPARTMENT_APPROVER),
        budget=make_member(key, Role.BUDGET_OFFICER),
    )


def act(actor: Actor, work: Callable[[UnitOfWork], T], later: timedelta = timedelta(0)) -> T:
    """One act of an actor, now or later."""
    db.session.rollback()
    with UnitOfWork(actor, datetime.now(SHANGHAI) + later) as uow:
        return work(uow)


def make_line(
    department: Department,
    appropriation_fen: int = 100_000 * YUAN,
    *,
    name: str = "中介服务费",
    item_code: str | None = None,
    fiscal_year: int | None = None,
) -> int:
    """A line of this year, or of another."""
    year = fiscal_year or local_date(datetime.now(SHANGHAI)).year
    return act(
        department.budget,
        lambda uow: ledger.open_line(
            uow,
            department_id=department.id,
            fiscal_year=year,
            name=name,
            item_code=item_code,
            appropriation_fen=appropriation_fen,
        ),
    )


def reserve(department: Department, line_id: int, amount_fen: int, purpose_id: int) -> int:
    """Reserve for an invented competition."""
    return act(
        department.approver,
        lambda uow: holding.reserve(
            uow,
            line_id=line_id,
            amount_fen=amount_fen,
            purpose_kind="competition",
            purpose_id=FIRST_PURPOSE + purpose_id,
        ),
    )


def commit(purpose_id: int, amount_fen: int) -> int:
    """The contract of what was reserved for an invented competition."""
    return act(
        SYSTEM,
        lambda uow: holding.commit_hold(
            uow,
            purpose_kind="competition",
            purpose_id=FIRST_PURPOSE + purpose_id,
            amount_fen=amount_fen,
            to_id=FIRST_PURPOSE + purpose_id,
        ),
    )


def accept(purpose_id: int, later: timedelta = timedelta(0)) -> None:
    """The work of the contract is accepted."""
    act(
        SYSTEM,
        lambda uow: holding.make_payable(uow, purpose_id=FIRST_PURPOSE + purpose_id),
        later,
    )


def contracted(department: Department, line_id: int, amount_fen: int, purpose_id: int) -> int:
    """Money that is committed and may be paid; returns the hold."""
    reserve(department, line_id, amount_fen, purpose_id)
    hold = commit(purpose_id, amount_fen)
    accept(purpose_id)
    return hold


def propose(
    department: Department,
    hold: int,
    amount_fen: int,
    *,
    final: bool = False,
    later: timedelta = timedelta(0),
) -> paying.PaymentRef:
    """The department's officer proposes a payment."""
    return act(
        department.officer,
        lambda uow: paying.propose_payment(
            uow, hold=hold, amount_fen=amount_fen, note="首期款", final=final
        ),
        later,
    )


def approve(department: Department, payment: int, later: timedelta = timedelta(0)) -> None:
    """The department's approver approves it."""
    act(department.approver, lambda uow: paying.approve_payment(uow, payment=payment), later)


def read(ask: Callable[[Session], T]) -> T:
    """What a fresh reading session sees."""
    with reading_session() as session:
        return ask(session)


def line_of(line_id: int) -> appropriations.LineRow:
    """The line as it stands."""
    return read(lambda session: appropriations.line(session, line_id))


def entries(*line_ids: int) -> list[appropriations.EntryRow]:
    """Every movement of money on these lines, in the order in which they happened."""
    within, asked = appropriations.moved_on(*line_ids), Asked(sort="oldest")
    return read(lambda s: list(appropriations.LEDGER.stream(s, asked, None, within)))


def told(kind: str) -> list[dict[str, Any]]:
    """What the events of a kind tell, in their order."""
    query = select(EventRecord.payload).where(EventRecord.kind == kind).order_by(EventRecord.id)
    return read(lambda s: list(s.scalars(query)))


def holds(line_id: int) -> list[spending.HoldRow]:
    """What is and was held on a line, in the order in which it was reserved."""
    return _all(spending.HOLDS, spending.on_line(line_id))


def payments(line_id: int) -> list[spending.PaymentRow]:
    """The payments of a line, in the order in which they were proposed."""
    return _all(spending.PAYMENTS, spending.on_line(line_id))


def _all(described: PagedList[T], within: ColumnElement[bool]) -> list[T]:
    today = local_date(datetime.now(SHANGHAI))
    return read(lambda s: list(described.stream(s, Asked(), light_days(s, today), within)))
