"""The one way money moves; and the lines it moves on, opened and adjusted by the officer."""

from dataclasses import dataclass

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries as accounts
from marketplace.budgets import policy
from marketplace.budgets.events import LineAdjusted, LineOpened
from marketplace.budgets.models import BudgetHold, BudgetLine, BudgetNote, LedgerEntry
from marketplace.budgets.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    Bucket,
    EntryKind,
    check_amount,
)
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.money import yuan
from marketplace.kernel.texts import required

_COLUMNS = {
    Bucket.FREE: BudgetLine.free_fen,
    Bucket.RESERVED: BudgetLine.reserved_fen,
    Bucket.COMMITTED: BudgetLine.committed_fen,
    Bucket.PAID: BudgetLine.paid_fen,
}


@dataclass(frozen=True)
class Why:
    """What an entry belongs to."""

    hold_id: int | None = None
    payment_id: int | None = None
    note_id: int | None = None
    counterpart_id: int | None = None


def move(
    uow: UnitOfWork,
    line: BudgetLine,
    kind: EntryKind,
    way: tuple[Bucket, Bucket],
    amount_fen: int,
    why: Why | None = None,
) -> LedgerEntry:
    """Move fen of a line from one bucket to another and append the entry that says so.

    One statement takes and gives, and takes only what is there: of two acts that want the last
    fen, the second is refused with `budget.not_enough`, which says what is free.
    """
    check_amount(amount_fen)
    uow.session.flush()
    source, target = way
    statement = update(BudgetLine).where(BudgetLine.id == line.id)
    if source is Bucket.OUTSIDE:
        statement = statement.values(appropriation_fen=BudgetLine.appropriation_fen + amount_fen)
    else:
        column = _COLUMNS[source]
        statement = statement.where(column >= amount_fen).values({column: column - amount_fen})
    if target is Bucket.OUTSIDE:
        statement = statement.values(appropriation_fen=BudgetLine.appropriation_fen - amount_fen)
    else:
        column = _COLUMNS[target]
        statement = statement.values({column: column + amount_fen})
    done = uow.session.execute(statement.execution_options(synchronize_session=False))
    uow.session.refresh(line)
    if not (isinstance(done, CursorResult) and done.rowcount == 1):
        raise Refused("budget.not_enough", field="amount", free=yuan(line.free_fen))
    return uow.add(_entry(uow, line, kind, way, amount_fen, why or Why()))


def _entry(
    uow: UnitOfWork,
    line: BudgetLine,
    kind: EntryKind,
    way: tuple[Bucket, Bucket],
    amount_fen: int,
    why: Why,
) -> LedgerEntry:
    return LedgerEntry(
        line_id=line.id,
        kind=kind,
        source=way[0],
        target=way[1],
        amount_fen=amount_fen,
        hold_id=why.hold_id,
        payment_id=why.payment_id,
        note_id=why.note_id,
        counterpart_id=why.counterpart_id,
        made_by=uow.actor.user_id,
        made_at=uow.now,
    )


def release(
    uow: UnitOfWork, line: BudgetLine, hold: BudgetHold, bucket: Bucket, amount_fen: int, why: Why
) -> int:
    """Give fen of a hold back to its line; nothing to give is nothing done."""
    if amount_fen:
        move(uow, line, EntryKind.RELEASE, (bucket, Bucket.FREE), amount_fen, why)
        if bucket is Bucket.RESERVED:
            hold.reserved_fen -= amount_fen
        else:
            hold.committed_fen -= amount_fen
    return amount_fen


def end_if_empty(hold: BudgetHold) -> bool:
    """A hold that keeps nothing any more has ended: nobody is waited for."""
    if hold.reserved_fen or hold.committed_fen:
        return False
    hold.active = False
    hold.attention_at = None
    return True


def say(uow: UnitOfWork, body: str) -> int:
    """Keep the words of an act and return their id, which event and entry carry."""
    note = BudgetNote(body=body, written_by=uow.actor.user_id, written_at=uow.now)
    return uow.add(note).id


def open_line(
    uow: UnitOfWork,
    *,
    department_id: int,
    fiscal_year: int,
    name: str,
    item_code: str | None = None,
    appropriation_fen: int,
) -> int:
    """Open a department's line for a fiscal year, for one item or for any; return its key.

    Refuses a second line of the same name in the year, an unknown item, an amount of nothing.
    """
    policy.may_keep_lines(uow.actor, department_id).require()
    name = required(name, "name")
    _check(uow, department_id, fiscal_year, name, item_code)
    check_amount(appropriation_fen, "appropriation")
    try:
        with uow.session.begin_nested():
            line = add_line(uow, department_id, fiscal_year, name, item_code)
    except IntegrityError:
        # Somebody opened the same line at the same moment.
        raise Refused("budget.line_exists", field="name") from None
    way = (Bucket.OUTSIDE, Bucket.FREE)
    move(uow, line, EntryKind.ADJUST, way, appropriation_fen)
    _record_opening(uow, line)
    return line.id


def add_line(
    uow: UnitOfWork, department_id: int, fiscal_year: int, name: str, item_code: str | None
) -> BudgetLine:
    """An empty line; whoever adds it says so with an event."""
    return uow.add(
        BudgetLine(
            department_id=department_id,
            fiscal_year=fiscal_year,
            name=name,
            item_code=item_code,
            opened_by=uow.actor.user_id,
            opened_at=uow.now,
        )
    )


def _record_opening(uow: UnitOfWork, line: BudgetLine) -> None:
    uow.record(
        LineOpened(
            subject_id=line.id,
            department_id=line.department_id,
            fiscal_year=line.fiscal_year,
            item_code=line.item_code,
            appropriation_fen=line.appropriation_fen,
        )
    )


def next_years_line(uow: UnitOfWork, line: BudgetLine) -> BudgetLine:
    """The line of the same name in the year after; opened empty where there is none yet."""
    year = line.fiscal_year + 1
    query = select(BudgetLine).where(
        BudgetLine.department_id == line.department_id,
        BudgetLine.fiscal_year == year,
        BudgetLine.name == line.name,
    )
    found = uow.session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        found = add_line(uow, line.department_id, year, line.name, line.item_code)
        _record_opening(uow, found)
    return found


def _check(
    uow: UnitOfWork, department_id: int, fiscal_year: int, name: str, item_code: str | None
) -> None:
    department = accounts.organisation(uow.session, department_id)
    if Capacity.DEPARTMENT not in department.capacities:
        raise Refused("budget.no_department")
    if not FIRST_YEAR <= fiscal_year <= LAST_YEAR:
        raise Refused("budget.year_unknown", field="fiscal_year")
    if item_code is not None and catalogue.find_item(uow.session, item_code) is None:
        raise Refused("budget.item_unknown", field="item")
    same = select(BudgetLine.id).where(
        BudgetLine.department_id == department_id,
        BudgetLine.fiscal_year == fiscal_year,
        BudgetLine.name == name,
    )
    if uow.session.scalars(same).first() is not None:
        raise Refused("budget.line_exists", field="name")


def adjust_line(uow: UnitOfWork, *, line: int | str, appropriation_fen: int, reason: str) -> None:
    """Set the line's appropriation anew, with the reason.

    Refused below what is reserved, committed and paid, and where nothing would change.
    """
    row = uow.lock(BudgetLine, line)
    if not policy.may_see(uow.actor, row):
        raise NotFound
    policy.may_keep_lines(uow.actor, row.department_id).require()
    reason = required(reason, "reason")
    before = row.appropriation_fen
    bound = before - row.free_fen
    if appropriation_fen < bound:
        raise Refused("budget.bound", field="appropriation", bound=yuan(bound))
    if appropriation_fen == before:
        raise Refused("budget.nothing_changed", field="appropriation")
    note_id = say(uow, reason)
    way = (
        (Bucket.OUTSIDE, Bucket.FREE)
        if appropriation_fen > before
        else (
            Bucket.FREE,
            Bucket.OUTSIDE,
        )
    )
    amount = abs(appropriation_fen - before)
    move(uow, row, EntryKind.ADJUST, way, amount, Why(note_id=note_id))
    uow.record(
        LineAdjusted(
            subject_id=row.id,
            department_id=row.department_id,
            before_fen=before,
            appropriation_fen=row.appropriation_fen,
            note_id=note_id,
        )
    )
