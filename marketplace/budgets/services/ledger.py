"""The one way money moves: balances and entry together, guarded by the database."""

from dataclasses import dataclass

from sqlalchemy import CursorResult, update

from marketplace.budgets.models import BudgetHold, BudgetLine, BudgetNote, LedgerEntry
from marketplace.budgets.rules import Bucket, EntryKind, check_amount, yuan_text
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused

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
        raise Refused("budget.not_enough", field="amount", free=yuan_text(line.free_fen))
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


def required(words: str, field: str) -> str:
    """The words without white space around them; refused beside the field when there are none."""
    words = words.strip()
    if not words:
        raise Refused("budget.words_needed", field=field)
    return words
