"""Reading a department's lines and the entries of their ledger."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.budgets.models import BudgetHold, BudgetLine, BudgetNote, LedgerEntry, Payment
from marketplace.budgets.queries.rows import EntryRow, LineRow
from marketplace.infra.finding import find_row

_LINE_FIELDS = tuple(LineRow.__dataclass_fields__)


def line_row(row: BudgetLine) -> LineRow:
    """A line as others see it."""
    return LineRow(**{name: getattr(row, name) for name in _LINE_FIELDS})


def line(session: Session, key: int | str) -> LineRow:
    """One line; raises `NotFound`."""
    row = find_row(session, BudgetLine, key)
    return line_row(row)


def lines(
    session: Session, department_id: int, fiscal_year: int | None = None
) -> tuple[LineRow, ...]:
    """A department's lines, of one year or of all, the latest year first."""
    query = select(BudgetLine).where(BudgetLine.department_id == department_id)
    if fiscal_year is not None:
        query = query.where(BudgetLine.fiscal_year == fiscal_year)
    query = query.order_by(BudgetLine.fiscal_year.desc(), BudgetLine.name, BudgetLine.id)
    return tuple(map(line_row, session.scalars(query)))


def usable_lines(
    session: Session, department_id: int, today: date, item_code: str
) -> tuple[LineRow, ...]:
    """The lines of this year that are open to an item."""
    this_year = lines(session, department_id, today.year)
    return tuple(row for row in this_year if row.item_code in {None, item_code})


def years(session: Session, department_id: int) -> tuple[int, ...]:
    """The fiscal years in which a department has lines, the latest first."""
    query = select(BudgetLine.fiscal_year).where(BudgetLine.department_id == department_id)
    return tuple(session.scalars(query.distinct().order_by(BudgetLine.fiscal_year.desc())))


def entries(session: Session, *line_ids: int) -> tuple[EntryRow, ...]:
    """Every movement of money on these lines, in the order in which they happened."""
    query = (
        select(LedgerEntry, BudgetLine, BudgetHold, Payment.number, BudgetNote.body)
        .join(BudgetLine, BudgetLine.id == LedgerEntry.line_id)
        .outerjoin(BudgetHold, BudgetHold.id == LedgerEntry.hold_id)
        .outerjoin(Payment, Payment.id == LedgerEntry.payment_id)
        .outerjoin(BudgetNote, BudgetNote.id == LedgerEntry.note_id)
        .where(LedgerEntry.line_id.in_(line_ids))
        .order_by(LedgerEntry.id)
    )
    found = session.execute(query).all()
    names = accounts.people(session, {entry.made_by for entry, *_ in found if entry.made_by})
    return tuple(_entry_row(*each, names) for each in found)


def _entry_row(
    row: LedgerEntry,
    of: BudgetLine,
    held: BudgetHold | None,
    payment_number: str | None,
    why: str | None,
    names: dict[int, str],
) -> EntryRow:
    """Before the contract money is for what it was reserved for."""
    kind, key = ("", 0) if held is None else (held.purpose_kind, held.purpose_id)
    return EntryRow(
        id=row.id,
        line_id=of.id,
        line_name=of.name,
        fiscal_year=of.fiscal_year,
        kind=row.kind,
        source=row.source,
        target=row.target,
        amount_fen=row.amount_fen,
        hold_id=row.hold_id,
        payment_number=payment_number or "",
        purpose_kind=kind,
        purpose_id=key,
        why=why or "",
        actor_name=names.get(row.made_by or 0, ""),
        made_at=row.made_at,
    )
