"""Lists as Excel workbooks: numbers and days are kept as such, and no text becomes a formula.

Every workbook of the product is written here, so that all of them filter, scroll and print alike.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import Response
from flask_babel import gettext
from xlsxwriter.utility import xl_col_to_name

from marketplace.kernel import money
from marketplace.kernel.times import SHANGHAI, local_date

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How a cell that a spreadsheet would compute begins.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# What the name of a sheet may not hold, and how long it may be.
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]|^'|'$")
_LONGEST_TITLE = 31
_A4 = 9
# On paper each sheet says what it is, and which page of how many this is.
_FOOT = "&L&A&R&P / &N"
# Adds up what the filter leaves to be seen; a spreadsheet never filters such a line away.
_ADD_SHOWN = 9


class Share(Decimal):
    """A part of the whole: 0.015 % is 0.00015, and is shown as a percentage."""


# A text, an amount in yuan, a count, a share, a day, an instant, or nothing.
Cell = str | int | Decimal | Share | date | datetime | None
_SHAPES: dict[type, str] = {
    Decimal: "#,##0.00",
    int: "0",
    Share: "0.00##%",
    date: "yyyy-mm-dd",
    datetime: "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class Head:
    """A column: its head, its width in characters, whether it is added up."""

    text: str
    width: int
    total: bool = False


def amount(fen: int | None) -> Decimal | None:
    """The cell of an amount: yuan to the fen."""
    return None if fen is None else money.yuan_number(fen)


def share(millionths: int | None) -> Share | None:
    """The cell of a rate."""
    return None if millionths is None else Share(Decimal(millionths).scaleb(-6))


def local_day(value: date | datetime | None) -> date | None:
    """The cell of a day, also of the Shanghai day of an instant."""
    return local_date(value) if isinstance(value, datetime) else value


def safe_text(text: str) -> str:
    """The text as a cell may hold it: an apostrophe stands before what could be a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def workbook(title: str, heads: Sequence[Head], rows: Iterable[Sequence[Cell]]) -> bytes:
    """An .xlsx file of one sheet called `title`, with a last line of totals where there are any."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet(_NOT_IN_TITLES.sub(" ", title).strip()[:_LONGEST_TITLE] or None)
    bold = book.add_format({"bold": True, "bottom": 1})
    shapes = {kind: book.add_format({"num_format": shape}) for kind, shape in _SHAPES.items()}
    _lay_out(sheet)
    for place, head in enumerate(heads):
        sheet.set_column(place, place, head.width)
        sheet.write_string(0, place, head.text, bold)
    line = 0
    sums = {place: Decimal() for place, head in enumerate(heads) if head.total}
    for line, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            _write(sheet, (line, place), cell, shapes)
            if place in sums and isinstance(cell, int | Decimal):
                sums[place] += cell
    sheet.autofilter(0, 0, line, len(heads) - 1)
    if line and sums:
        _write_totals(book, sheet, line + 1, sums)
    book.close()
    return buffer.getvalue()


def _lay_out(sheet: Any) -> None:
    """The head stays in sight and stands on every page; all columns fit on A4, lying."""
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(_FOOT)


def _write(sheet: Any, at: tuple[int, int], cell: Cell, shapes: dict[type, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(*at, safe_text(cell))
    elif isinstance(cell, datetime):
        local = cell.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(*at, local, shapes[datetime])
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell, shapes[date])
    else:
        sheet.write_number(*at, cell, shapes[type(cell)])


def _write_totals(book: Any, sheet: Any, line: int, sums: dict[int, Decimal]) -> None:
    """Formulas of ours, with their values beside them for whoever does not compute."""
    bold = {"bold": True, "top": 1}
    sheet.write_string(line, 0, str(gettext("Total")), book.add_format(bold))
    for place, total in sums.items():
        shape = _SHAPES[Decimal if total.as_tuple().exponent else int]
        column = xl_col_to_name(place)
        formula = f"=SUBTOTAL({_ADD_SHOWN},{column}2:{column}{line})"
        sheet.write_formula(
            line, place, formula, book.add_format({**bold, "num_format": shape}), total
        )


def download(book: bytes, name: str, *, public: bool = False) -> Response:
    """The workbook as an attachment; only public ones may be kept by a cache."""
    response = Response(book, mimetype=_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    if not public:
        response.headers["Cache-Control"] = "private, no-store"
    return response
