"""Lists as Excel workbooks: cells are texts or amounts, and no text can become a formula."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter
from flask import Response

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How a cell that a spreadsheet would compute begins.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(text: str) -> str:
    """The text as a cell may hold it: an apostrophe stands before what could be a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def workbook(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | Decimal]]) -> bytes:
    """An .xlsx file of one sheet; `columns` are heads with their widths in characters.

    A cell is a text, or an amount with two decimals that can be added up.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    amount = book.add_format({"num_format": "#,##0.00"})
    sheet.freeze_panes(1, 0)
    for place, (head, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, bold)
    for line, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(line, place, cell, amount)
            else:
                sheet.write_string(line, place, safe_text(cell))
    book.close()
    return buffer.getvalue()


def download(book: bytes, name: str, *, public: bool = False) -> Response:
    """The workbook as an attachment; only public ones may be kept by a cache."""
    response = Response(book, mimetype=_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    if not public:
        response.headers["Cache-Control"] = "private, no-store"
    return response
