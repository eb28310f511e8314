"""A queue as an Excel workbook; what people typed can never become a formula."""

import io

import xlsxwriter
from flask_babel import gettext as _

from marketplace.vetting import wording
from marketplace.vetting.queries import CaseRow
from marketplace.web.wording import label
from marketplace.web.words import day, local_name

# How a cell that a spreadsheet would compute begins.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTHS = (18, 16, 36, 36, 18, 12, 14, 14, 16)


def safe_text(text: str) -> str:
    """The text as a cell may hold it: an apostrophe stands before what could be a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _heads() -> list[str]:
    return [
        _("Case number"),
        _("Kind"),
        _("Institution"),
        _("Item"),
        _("State"),
        _("Light"),
        _("Due day"),
        _("Received on"),
        _("Examiner"),
    ]


def _cells(row: CaseRow) -> list[str]:
    return [
        row.number,
        label(f"case_kind.{row.kind}"),
        row.applicant_name,
        f"{row.item_code} {local_name(row.item)}",
        wording.state_text(row.state, row.outcome, row.ending),
        label(f"light.{row.light}") if row.light in {"green", "yellow", "red"} else "",
        day(row.due_on),
        day(row.opened_at),
        row.examiner_name,
    ]


def workbook(rows: tuple[CaseRow, ...]) -> bytes:
    """The rows as an .xlsx file, every cell a text."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, (head, width) in enumerate(zip(_heads(), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for line, row in enumerate(rows, 1):
        for column, text in enumerate(_cells(row)):
            sheet.write_string(line, column, safe_text(text))
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
