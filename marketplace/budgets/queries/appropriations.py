"""A department's lines from appropriation to payment, and the ledger of what moved on them."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from marketplace.accounts.queries import person_name
from marketplace.accounts.queries.departments import OpenWork
from marketplace.budgets.models import BudgetHold, BudgetLine, LedgerEntry, Payment
from marketplace.budgets.policy import OfDepartment
from marketplace.budgets.queries.dues import DUES, LATE, ON_LINES, Due, waits_on
from marketplace.budgets.queries.spending import OWN, Purposes, purposes_of
from marketplace.budgets.rules import Balances, Bucket, EntryKind
from marketplace.clocks.queries import light_days
from marketplace.infra.lists import Asked, Facet, Listed, PagedList
from marketplace.infra.outbox.models import EventNote
from marketplace.infra.rows import Join, row_of


@dataclass(frozen=True)
class LineRow:
    """A line and where its money lies; all amounts in fen."""

    id: int
    public_id: str
    department_id: int
    fiscal_year: int
    name: str
    item_code: str | None
    appropriation_fen: int
    free_fen: int
    reserved_fen: int
    committed_fen: int
    paid_fen: int

    @property
    def bound_fen(self) -> int:
        """What is reserved, committed or paid: the least the appropriation can be."""
        return self.appropriation_fen - self.free_fen

    @property
    def standing(self) -> OfDepartment:
        """What the policies ask."""
        return self


@dataclass(frozen=True)
class DeskLine(LineRow):
    """A line with the light of what waits on it, and how many payments are late."""

    light: str
    late: int


@dataclass(frozen=True)
class EntryRow:
    """One movement of money, in words that can be shown."""

    id: int
    line_id: int
    line_name: str
    fiscal_year: int
    kind: EntryKind
    source: Bucket
    target: Bucket
    amount_fen: int
    hold_id: int | None
    payment_number: str
    purpose_kind: str
    purpose_id: int
    why: str
    actor_name: str
    made_at: datetime


_LINE = row_of(LineRow, BudgetLine)
_light = func.coalesce(ON_LINES.c.light, "none")
_late = func.coalesce(ON_LINES.c.late, 0)
_bound = BudgetLine.appropriation_fen - BudgetLine.free_fen
LINES = PagedList(
    row_of(
        DeskLine,
        BudgetLine,
        Join(ON_LINES, ON_LINES.c.line_id == BudgetLine.id, outer=True),
        light=_light,
        late=_late,
    ),
    BudgetLine.department_id == OWN,
    {
        "": (_light != "red", BudgetLine.name),
        "appropriation": (BudgetLine.appropriation_fen.desc(), BudgetLine.name),
        "free": (BudgetLine.free_fen.desc(), BudgetLine.name),
        "bound": (_bound.desc(), BudgetLine.name),
        "paid": (BudgetLine.paid_fen.desc(), BudgetLine.name),
    },
    (
        Facet(
            "show",
            _("Which lines"),
            {"late": _late > 0, "free": BudgetLine.free_fen > 0},
            words={"late": _("With late payments"), "free": _("With money left")},
            single=True,
        ),
        Facet("item", _("Item"), BudgetLine.item_code, words="item"),
    ),
    text=(BudgetLine.name,),
    summed={
        "free_fen": BudgetLine.free_fen,
        "reserved_fen": BudgetLine.reserved_fen,
        "committed_fen": BudgetLine.committed_fen,
        "paid_fen": BudgetLine.paid_fen,
    },
)
LEDGER = PagedList(
    row_of(
        EntryRow,
        LedgerEntry,
        Join(BudgetLine, BudgetLine.id == LedgerEntry.line_id),
        Join(BudgetHold, BudgetHold.id == LedgerEntry.hold_id, outer=True),
        Join(Payment, Payment.id == LedgerEntry.payment_id, outer=True),
        Join(EventNote, EventNote.event_id == LedgerEntry.event_id, outer=True),
        line_name=BudgetLine.name,
        fiscal_year=BudgetLine.fiscal_year,
        payment_number=func.coalesce(Payment.number, ""),
        purpose_kind=func.coalesce(BudgetHold.purpose_kind, ""),
        purpose_id=func.coalesce(BudgetHold.purpose_id, 0),
        why=func.coalesce(EventNote.body, ""),
        actor_name=func.coalesce(person_name(LedgerEntry.made_by), ""),
    ),
    true(),
    {"": (LedgerEntry.id.desc(),), "oldest": (LedgerEntry.id,)},
)


def of_year(year: int) -> ColumnElement[bool]:
    """Narrows a list to the lines of a fiscal year."""
    return BudgetLine.fiscal_year == year


def moved_on(*line_ids: int) -> ColumnElement[bool]:
    """Narrows the ledger to what moved on these lines."""
    return LedgerEntry.line_id.in_(line_ids)


def moved_in(department_id: int, year: int) -> ColumnElement[bool]:
    """Narrows the ledger to what moved on the lines of a department's year."""
    return and_(BudgetLine.department_id == department_id, of_year(year))


def moved_for(hold_id: int) -> ColumnElement[bool]:
    """Narrows the ledger to what moved for one purpose."""
    return LedgerEntry.hold_id == hold_id


def purposes_in(session: Session, within: ColumnElement[bool]) -> Purposes:
    """The names of everything that money of these entries is for."""
    found = LEDGER.rows.query().where(within, LedgerEntry.hold_id.is_not(None))
    asked = found.with_only_columns(BudgetHold.purpose_kind, BudgetHold.purpose_id).distinct()
    return purposes_of(session, session.execute(asked).all())


def line(session: Session, key: int | str) -> LineRow:
    """One line; raises `NotFound`."""
    return _LINE.one(session, _LINE.by(key))


def lines(
    session: Session, department_id: int, fiscal_year: int | None = None
) -> tuple[LineRow, ...]:
    """A department's lines, of one year or of all, the latest year first."""
    query = _LINE.query().where(BudgetLine.department_id == department_id)
    if fiscal_year is not None:
        query = query.where(of_year(fiscal_year))
    order = (BudgetLine.fiscal_year.desc(), BudgetLine.name, BudgetLine.id)
    return _LINE.all(session, query.order_by(*order))


def years(session: Session, department_id: int) -> tuple[int, ...]:
    """The fiscal years in which a department has lines, the latest first."""
    query = select(BudgetLine.fiscal_year).where(BudgetLine.department_id == department_id)
    return tuple(session.scalars(query.distinct().order_by(BudgetLine.fiscal_year.desc())))


@dataclass(frozen=True)
class BudgetDesk:
    """A page of the lines that the filter finds; what all of these add up to, what waits on them.

    `late` is how much of what waits is late; `most_paid` are the lines on which most was paid,
    `all_lines` how many the year has.
    """

    lines: Listed[DeskLine]
    totals: Balances
    waits: Listed[Due]
    late: int
    most_paid: tuple[DeskLine, ...]
    all_lines: int


def desk(
    session: Session, department_id: int, year: int, today: date, asked: Asked, waits_page: int = 1
) -> BudgetDesk:
    """A department's year as its budget officer sees it."""
    values, within = light_days(session, today, own=department_id), of_year(year)
    found, on_found = LINES.narrowed(asked) & within, waits_on(LINES.keys(asked, within))
    lines = LINES.read(session, asked, values, within)
    # Where only what is late is asked for, no more is listed of what waits.
    waiting = on_found & LATE if asked.chosen.get("show") == ("late",) else on_found
    return BudgetDesk(
        lines=lines,
        totals=Balances(**lines.sums),
        waits=DUES.read(session, Asked(page=waits_page), values, waiting),
        late=DUES.count(session, on_found & LATE, values),
        most_paid=LINES.first(session, LINES.size, found, values, "paid"),
        all_lines=LINES.count(session, within, values),
    )


def open_for(session: Session, department_id: int) -> tuple[OpenWork, ...]:
    """The lines of a department on which money is reserved or committed, by their year."""
    line = BudgetLine
    query = (
        select(line.fiscal_year, line.name)
        .where(line.department_id == department_id, line.reserved_fen + line.committed_fen > 0)
        .order_by(line.fiscal_year, line.id)
    )
    return tuple(OpenWork("budget", str(year), name) for year, name in session.execute(query))
