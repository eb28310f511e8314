"""Reads workbooks as a spreadsheet does: what kind each cell is of, and what totals come to."""

import io
from dataclasses import dataclass
from typing import Any

import openpyxl


@dataclass(frozen=True)
class Book:
    """The one sheet: its name, its rows by their heads, and its totals by their heads."""

    title: str
    rows: list[dict[str, Any]]
    totals: dict[str, Any]


def read(data: bytes, *, totals: bool = False) -> Book:
    """The workbook; with `totals` its last line is one of totals."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert sheet is not None
    head, *lines = (list(line) for line in sheet.iter_rows(values_only=True))
    rows = [dict(zip(map(str, head), line, strict=True)) for line in lines]
    last = {key: value for key, value in rows.pop().items() if value is not None} if totals else {}
    return Book(str(sheet.title), rows, last)
