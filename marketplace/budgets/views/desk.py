"""The budget officer's desk: the lines of a year, what is late on them, filters, workbooks."""

from collections.abc import Callable
from decimal import Decimal

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.budgets import policy
from marketplace.budgets.queries import appropriations, spending
from marketplace.budgets.queries.appropriations import SORTS, BudgetDesk, DeskFilter, DeskLine
from marketplace.budgets.queries.rows import EntryRow
from marketplace.budgets.rules import FIRST_YEAR, LAST_YEAR
from marketplace.budgets.views import presenting
from marketplace.budgets.views.presenting import bp, my_department, my_line, readers, today
from marketplace.kernel.money import yuan_number
from marketplace.web import sheets
from marketplace.web.context import current_actor, reading_session
from marketplace.web.filters import Group, boxes, radios, same_list, text_field, without
from marketplace.web.sheets import download
from marketplace.web.submit import page
from marketplace.web.wording import label
from marketplace.web.words import local_name, moment

Names = Callable[[str, int], str]


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
        yuan_number(line.appropriation_fen),
        yuan_number(line.free_fen),
        yuan_number(line.reserved_fen),
        yuan_number(line.committed_fen),
        yuan_number(line.paid_fen),
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
        yuan_number(row.amount_fen),
        name_of(row.purpose_kind, row.purpose_id),
        row.payment_number,
        row.actor_name,
        row.why,
    ]


_LIGHTS = ("late", "free")


def read_filter(args: "MultiDict[str, str]", this_year: int) -> DeskFilter:
    """The filter an address asks for; what it does not understand is left out."""
    light, sort = args.get("show", ""), args.get("sort", "")
    return DeskFilter(
        year=_year(args.get("year", ""), this_year),
        text=args.get("q", "").strip()[:80],
        items=tuple(code[:10] for code in args.getlist("item") if code),
        light=light if light in _LIGHTS else "",
        sort=sort if sort in SORTS else "",
    )


def _year(text: str, this_year: int) -> int:
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else this_year
    return year if FIRST_YEAR <= year <= LAST_YEAR else this_year


def _light_words() -> dict[str, str]:
    return {"late": _("With late payments"), "free": _("With money left")}


def filter_groups(wanted: DeskFilter, found: BudgetDesk) -> list[Group]:
    """The filter panel."""
    items = {item.code: local_name(item) for item in found.items}
    made = [
        text_field("q", _("Name of the line"), wanted.text),
        radios("show", _("Which lines"), _light_words(), wanted.light),
    ]
    return (
        [*made, boxes("item", _("Item"), items, wanted.items, found.item_counts)] if items else made
    )


def chosen_filters(wanted: DeskFilter, found: BudgetDesk) -> list[tuple[str, str]]:
    """What is chosen, each with the address without it."""
    names = {item.code: local_name(item) for item in found.items}
    kept = [(wanted.text, "q", wanted.text)] if wanted.text else []
    if wanted.light:
        kept.append((_light_words()[wanted.light], "show", wanted.light))
    kept += [(names.get(code, code), "item", code) for code in wanted.items]
    return [(text, without(url_for(".lines"), name, value)) for text, name, value in kept]


def sort_links() -> list[tuple[str, str]]:
    """The orders of the list."""
    return [
        ("", _("Late first")),
        ("appropriation", _("Appropriation")),
        ("free", _("Free")),
        ("bound", _("Bound")),
        ("paid", _("Paid")),
    ]


@bp.get("/budgets")
@readers
def lines() -> ResponseReturnValue:
    """Every line of a year from appropriation to payment, late ones first."""
    wanted, found = _asked()
    session, department_id = reading_session(), my_department()
    return page(
        "budgets/lines.html",
        found=found,
        wanted=wanted,
        years=sorted({*appropriations.years(session, department_id), today().year}, reverse=True),
        groups=filter_groups(wanted, found),
        chosen=chosen_filters(wanted, found),
        sorts=sort_links(),
        bar=presenting.bar(found.totals),
        bar_of=presenting.bar,
        paid=presenting.paid_by_line(found),
        names=spending.purposes_of(session, found.late),
        named=presenting.named,
        may_keep=policy.may_keep_lines(current_actor(), department_id),
        export=same_list(url_for(".export_lines")),
        entries=url_for(".export_entries", year=wanted.year),
    )


@bp.get("/budgets/lines.xlsx")
@readers
def export_lines() -> ResponseReturnValue:
    """The lines that the filters find, as a workbook."""
    wanted, found = _asked()
    return download(lines_workbook(found.rows), f"budget-lines-{wanted.year}")


@bp.get("/budgets/entries.xlsx")
@readers
def export_entries() -> ResponseReturnValue:
    """The entries of a year's ledger, or of one line's, as a workbook."""
    session, wanted = reading_session(), read_filter(request.args, today().year)
    if request.args.get("line"):
        chosen = [my_line(request.args["line"])]
    else:
        chosen = list(appropriations.lines(session, my_department(), wanted.year))
    rows = appropriations.entries(session, *(line.id for line in chosen))
    names = spending.purposes_of(session, [row for row in rows if row.purpose_kind])
    book = entries_workbook(rows, lambda kind, key: presenting.named(names, kind, key).text)
    return download(book, f"budget-entries-{wanted.year}")


def _asked() -> tuple[DeskFilter, BudgetDesk]:
    wanted = read_filter(request.args, today().year)
    return wanted, appropriations.desk(reading_session(), my_department(), wanted, today())
