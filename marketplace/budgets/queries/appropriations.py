"""A department's lines, their ledger, and the desk of a year from appropriation to payment."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.budgets.models import BudgetHold, BudgetLine, LedgerEntry, Payment
from marketplace.budgets.queries.rows import EntryRow, HoldRow, LineRow, PaymentRow
from marketplace.budgets.queries.spending import (
    PAYABLE,
    read_holds,
    read_payments,
    select_holds,
    select_payments,
)
from marketplace.budgets.rules import Balances, PaymentState
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.infra.finding import find_row
from marketplace.infra.outbox.models import EventNote

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
        select(LedgerEntry, BudgetLine, BudgetHold, Payment.number, EventNote.body)
        .join(BudgetLine, BudgetLine.id == LedgerEntry.line_id)
        .outerjoin(BudgetHold, BudgetHold.id == LedgerEntry.hold_id)
        .outerjoin(Payment, Payment.id == LedgerEntry.payment_id)
        .outerjoin(EventNote, EventNote.event_id == LedgerEntry.event_id)
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


T = TypeVar("T", HoldRow, PaymentRow)

_WORST_FIRST = ("red", "yellow", "green")

SORTS = ("", "appropriation", "free", "bound", "paid")


@dataclass(frozen=True)
class DeskFilter:
    """Which lines of which year are asked for, and in which order."""

    year: int
    text: str = ""
    items: tuple[str, ...] = ()
    light: str = ""
    sort: str = ""


@dataclass(frozen=True)
class DeskLine:
    """A line with what hangs on it."""

    line: LineRow
    item: ItemRow | None
    light: str
    late: int
    holds: int


@dataclass(frozen=True)
class Late:
    """A payment that nobody decided in time, or accepted work that nobody paid in time."""

    line: LineRow
    hold: HoldRow
    payment: PaymentRow | None
    due_on: date
    amount_fen: int

    @property
    def purpose_kind(self) -> str:
        """What it is for."""
        return self.hold.purpose_kind

    @property
    def purpose_id(self) -> int:
        """Which record it is for."""
        return self.hold.purpose_id


@dataclass(frozen=True)
class BudgetDesk:
    """The lines that the filter finds, what they add up to, and what is late on them."""

    rows: tuple[DeskLine, ...]
    totals: Balances
    late: tuple[Late, ...]
    item_counts: Mapping[str, int]
    items: tuple[ItemRow, ...]
    all_lines: int


def desk(session: Session, department_id: int, wanted: DeskFilter, today: date) -> BudgetDesk:
    """A department's year as its budget officer sees it."""
    year = lines(session, department_id, wanted.year)
    ids = [row.id for row in year]
    held = _by_line(_holds_on(session, ids, today))
    open_payments = _by_line(_proposed_on(session, ids, today))
    late = {row.id: _late_of(row, held, open_payments) for row in year}
    known = {item.code: item for item in catalogue.items(session)}
    counted = _holds_counted(session, ids)
    rows = [
        DeskLine(
            line=row,
            item=known.get(row.item_code or ""),
            light=_worst(
                [
                    *(h.light for h in held.get(row.id, ())),
                    *(p.light for p in open_payments.get(row.id, ())),
                ]
            ),
            late=len(late[row.id]),
            holds=counted.get(row.id, 0),
        )
        for row in year
    ]
    found = _sorted([row for row in rows if _fits(row, wanted)], wanted.sort)
    codes = [row.item_code for row in year if row.item_code]
    return BudgetDesk(
        rows=tuple(found),
        totals=totals(row.line for row in found),
        late=tuple(one for row in found for one in late[row.line.id]),
        item_counts={code: codes.count(code) for code in set(codes)},
        items=tuple(item for item in known.values() if item.code in codes),
        all_lines=len(rows),
    )


def totals(rows: Iterable[LineRow]) -> Balances:
    """What lines add up to."""
    chosen = tuple(rows)
    return Balances(
        sum(row.free_fen for row in chosen),
        sum(row.reserved_fen for row in chosen),
        sum(row.committed_fen for row in chosen),
        sum(row.paid_fen for row in chosen),
    )


def _holds_on(session: Session, ids: Collection[int], today: date) -> tuple[HoldRow, ...]:
    query = select_holds().where(*PAYABLE, BudgetHold.line_id.in_(ids))
    return read_holds(session, query.order_by(BudgetHold.pay_by, BudgetHold.id), today)


def _proposed_on(session: Session, ids: Collection[int], today: date) -> tuple[PaymentRow, ...]:
    query = select_payments().where(Payment.state == PaymentState.PROPOSED, BudgetLine.id.in_(ids))
    return read_payments(session, query.order_by(Payment.approve_by, Payment.id), today)


def _by_line(rows: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for row in rows:
        found.setdefault(row.line_id, []).append(row)
    return found


def _holds_counted(session: Session, ids: Collection[int]) -> dict[int, int]:
    query = select(BudgetHold.line_id, func.count(BudgetHold.id)).where(BudgetHold.line_id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(BudgetHold.line_id))}


def _late_of(
    line: LineRow,
    held: Mapping[int, list[HoldRow]],
    payments: Mapping[int, list[PaymentRow]],
) -> list[Late]:
    """Late payments first by their day; work whose payment is proposed is late once."""
    found = []
    for hold in held.get(line.id, ()):
        own = [p for p in payments.get(line.id, ()) if p.hold_id == hold.id]
        found += [
            Late(line, hold, one, one.approve_by, one.amount_fen)
            for one in own
            if one.light == "red"
        ]
        if hold.light == "red" and hold.pay_by is not None and hold.payable_fen:
            found.append(Late(line, hold, None, hold.pay_by, hold.payable_fen))
    return sorted(found, key=lambda one: one.due_on)


def _worst(lights: list[str]) -> str:
    return next((light for light in _WORST_FIRST if light in lights), "none")


def _fits(row: DeskLine, wanted: DeskFilter) -> bool:
    if wanted.text and wanted.text.casefold() not in row.line.name.casefold():
        return False
    if wanted.items and row.line.item_code not in wanted.items:
        return False
    if wanted.light == "late":
        return row.late > 0
    return wanted.light != "free" or row.line.free_fen > 0


def _sorted(rows: list[DeskLine], sort: str) -> list[DeskLine]:
    """Late lines first by default; by an amount the largest first."""
    if sort in SORTS and sort:
        return sorted(rows, key=lambda row: (-int(getattr(row.line, f"{sort}_fen")), row.line.name))
    return sorted(rows, key=lambda row: (row.light != "red", row.line.name, row.line.id))


def sums_of_entries(session: Session, line_ids: Collection[int]) -> Balances:
    """What the ledger of these lines adds up to in each bucket: the balances say the same."""

    def summed(column: object) -> dict[str, int]:
        query = select(column, func.sum(LedgerEntry.amount_fen)).where(  # type: ignore[call-overload]
            LedgerEntry.line_id.in_(line_ids)
        )
        return {str(row[0]): int(row[1]) for row in session.execute(query.group_by(column))}

    came, went = summed(LedgerEntry.target), summed(LedgerEntry.source)
    return Balances(
        *(
            came.get(name, 0) - went.get(name, 0)
            for name in ("free", "reserved", "committed", "paid")
        )
    )
