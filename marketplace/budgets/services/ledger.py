"""The one way money moves; and the lines it moves on, opened and adjusted by the officer."""

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries as accounts
from marketplace.budgets import policy
from marketplace.budgets.events import LineAdjusted, LineOpened
from marketplace.budgets.models import BudgetHold, BudgetLine, LedgerEntry
from marketplace.budgets.rules import FIRST_YEAR, LAST_YEAR, Bucket, EntryKind, check_amount
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.money import yuan
from marketplace.kernel.texts import required

# Outside lies nothing: what comes from there, or goes there, changes the appropriation.
_LIES = {
    Bucket.FREE: BudgetLine.free_fen,
    Bucket.RESERVED: BudgetLine.reserved_fen,
    Bucket.COMMITTED: BudgetLine.committed_fen,
    Bucket.PAID: BudgetLine.paid_fen,
}


def move(
    uow: UnitOfWork, line: BudgetLine, entry: LedgerEntry, hold: BudgetHold | None = None
) -> LedgerEntry:
    """Move fen of a line, and of what is held on it, as the entry says; append the entry.

    The entry names the event that tells of it, so the event is recorded first: entries never
    change. One statement takes and gives, and takes only what is there: of two acts that want the
    last fen, the second is refused with `budget.not_enough`, which says what is free.
    """
    check_amount(entry.amount_fen)
    uow.flush()
    done = uow.session.execute(_moving(line, entry))
    uow.session.refresh(line)
    if not (isinstance(done, CursorResult) and done.rowcount == 1):
        raise Refused("budget.not_enough", field="amount", free=yuan(line.free_fen))
    if hold is not None:
        _keep(hold, entry.source, -entry.amount_fen)
        _keep(hold, entry.target, entry.amount_fen)
        entry.hold_id = hold.id
    entry.line_id, entry.made_by, entry.made_at = line.id, uow.actor.user_id, uow.now
    return uow.add(entry)


def _moving(line: BudgetLine, entry: LedgerEntry) -> Update:
    fen, whole = entry.amount_fen, BudgetLine.appropriation_fen
    taken, given = _LIES.get(entry.source), _LIES.get(entry.target)
    statement = update(BudgetLine).where(BudgetLine.id == line.id)
    if taken is None:
        statement = statement.values({whole: whole + fen})
    else:
        statement = statement.where(taken >= fen).values({taken: taken - fen})
    if given is None:
        statement = statement.values({whole: whole - fen})
    else:
        statement = statement.values({given: given + fen})
    return statement.execution_options(synchronize_session=False)


def _keep(hold: BudgetHold, bucket: Bucket, fen: int) -> None:
    """What a hold keeps in a bucket, more or less; what is free or outside is not the hold's."""
    match bucket:
        case Bucket.RESERVED:
            hold.reserved_fen += fen
        case Bucket.COMMITTED:
            hold.committed_fen += fen
        case Bucket.PAID:
            hold.paid_fen += fen


def release(
    uow: UnitOfWork,
    line: BudgetLine,
    hold: BudgetHold,
    event_id: int,
    bucket: Bucket,
    payment_id: int | None = None,
) -> None:
    """Give back to the line all that a hold keeps in a bucket; nothing to give is nothing done."""
    kept = hold.reserved_fen if bucket is Bucket.RESERVED else hold.committed_fen
    if kept:
        entry = LedgerEntry(
            kind=EntryKind.RELEASE,
            source=bucket,
            target=Bucket.FREE,
            amount_fen=kept,
            event_id=event_id,
            payment_id=payment_id,
        )
        move(uow, line, entry, hold)


def end_if_empty(hold: BudgetHold) -> None:
    """A hold that keeps nothing any more has ended: nobody is waited for."""
    if not (hold.reserved_fen or hold.committed_fen):
        hold.active = False
        hold.attention_at = None


def lock_hold(uow: UnitOfWork, key: int | str) -> tuple[BudgetLine, BudgetHold]:
    """Lock a hold after its line; to other departments it does not exist (`NotFound`)."""
    line_id = uow.find(BudgetHold, key).line_id
    line = uow.lock(BudgetLine, line_id)
    if not policy.may_see(uow.actor, line):
        raise NotFound
    return line, uow.lock(BudgetHold, key)


# ------------------------------------------------------------------ lines


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
            line = _add_line(uow, department_id, fiscal_year, name, item_code)
    except IntegrityError:
        # Somebody opened the same line at the same moment.
        raise Refused("budget.line_exists", field="name") from None
    told = uow.record(LineOpened.of(line, appropriation_fen=appropriation_fen))
    move(uow, line, _appropriation(appropriation_fen, told.id))
    return line.id


def _add_line(
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


def _appropriation(change_fen: int, event_id: int) -> LedgerEntry:
    """The entry by which an appropriation grows, or shrinks by an amount below nothing."""
    ways = (Bucket.OUTSIDE, Bucket.FREE)
    source, target = ways if change_fen > 0 else ways[::-1]
    return LedgerEntry(
        kind=EntryKind.ADJUST,
        source=source,
        target=target,
        amount_fen=abs(change_fen),
        event_id=event_id,
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
        found = _add_line(uow, line.department_id, year, line.name, line.item_code)
        uow.record(LineOpened.of(found))
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
    policy.may_adjust_line(uow.actor, row).require()
    reason = required(reason, "reason")
    before = row.appropriation_fen
    bound = before - row.free_fen
    if appropriation_fen < bound:
        raise Refused("budget.bound", field="appropriation", bound=yuan(bound))
    if appropriation_fen == before:
        raise Refused("budget.nothing_changed", field="appropriation")
    adjusted = LineAdjusted.of(row, before_fen=before, appropriation_fen=appropriation_fen)
    told = uow.record(adjusted, words=reason)
    move(uow, row, _appropriation(appropriation_fen - before, told.id))
