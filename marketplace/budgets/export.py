"""Lines and ledger entries as Excel workbooks; amounts are numbers in yuan, to the fen."""

from collections.abc import Callable
from decimal import Decimal

from flask_babel import gettext as _

from marketplace.budgets.queries import DeskLine, EntryRow
from marketplace.web import sheets
from marketplace.web.wording import label
from marketplace.web.words import local_name, moment

Names = Callable[[str, int], str]


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def lines_workbook(rows: tuple[DeskLine, ...]) -> bytes:
    """The lines as an .xlsx file."""
    columns = [
        (_("Fiscal year"), 12),
        (_("Name of the line"), 30),
        (_("Kept for"), 36),
        (_("Appropriation"), 18),
        (_("Free"), 18),
        (_("Reserved"), 18),
        (_("Committed"), 18),
        (_("Paid"), 18),
        (_("Late payments"), 14),
    ]
    return sheets.workbook(columns, map(_line_cells, rows))


def _line_cells(row: DeskLine) -> list[str | Decimal]:
    line = row.line
    return [
        str(line.fiscal_year),
        line.name,
        f"{row.item.code} {local_name(row.item)}" if row.item else _("Any listed item"),
        _yuan(line.appropriation_fen),
        _yuan(line.free_fen),
        _yuan(line.reserved_fen),
        _yuan(line.committed_fen),
        _yuan(line.paid_fen),
        str(row.late),
    ]


def entries_workbook(rows: tuple[EntryRow, ...], name_of: Names) -> bytes:
    """The entries of the ledger as an .xlsx file; `name_of` says what money is for."""
    columns = [
        (_("When"), 18),
        (_("Fiscal year"), 12),
        (_("Name of the line"), 30),
        (_("Movement"), 20),
        (_("Moved from"), 14),
        (_("Moved to"), 14),
        (_("Amount in yuan"), 18),
        (_("Purpose"), 26),
        (_("Payment"), 20),
        (_("Entered by"), 16),
        (_("Reason"), 40),
    ]
    return sheets.workbook(columns, (_entry_cells(row, name_of) for row in rows))


def _entry_cells(row: EntryRow, name_of: Names) -> list[str | Decimal]:
    return [
        moment(row.made_at),
        str(row.fiscal_year),
        row.line_name,
        label(f"entry_kind.{row.kind}"),
        label(f"bucket.{row.source}"),
        label(f"bucket.{row.target}"),
        _yuan(row.amount_fen),
        name_of(row.purpose_kind, row.purpose_id),
        row.payment_number,
        row.actor_name,
        row.why,
    ]
