"""Reads workbooks as a spreadsheet does: what kind each cell is of, and what totals come to."""

import io
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class Book:
    """The one sheet: its name, its rows by their heads, and its totals by their heads."""

    title: str
    rows: list[dict[str, Any]]
    totals: dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """How the sheet filters, scrolls and prints."""

    frozen: str | None
    filtered: str | None
    repeated: str | None
    orientation: str | None
    paper: int | None
    fit_to_width: bool


def sheet_of(data: bytes, *, values: bool = True) -> Worksheet:
    """The one sheet of a workbook; with `values` formulas are what they come to."""
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data), data_only=values).worksheets
    return sheet


def layout(sheet: Worksheet) -> Layout:
    """What the sheet says of its own layout."""
    setup, fits = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    return Layout(
        frozen=sheet.freeze_panes,
        filtered=sheet.auto_filter.ref,
        repeated=sheet.print_title_rows,
        orientation=setup.orientation,
        paper=setup.paperSize,
        fit_to_width=bool(fits and fits.fitToPage) and setup.fitToHeight == 0,
    )


def read(data: bytes, *, totals: bool = False) -> Book:
    """The workbook; with `totals` its last line is one of totals."""
    sheet = sheet_of(data)
    head, *lines = (list(line) for line in sheet.iter_rows(values_only=True))
    rows = [dict(zip(map(str, head), line, strict=True)) for line in lines]
    last = {key: value for key, value in rows.pop().items() if value is not None} if totals else {}
    return Book(str(sheet.title), rows, last)
