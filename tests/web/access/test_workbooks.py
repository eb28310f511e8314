"""Every workbook that anybody can take away filters, scrolls, prints and adds up alike."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.personas import Persona
from tests.web.access.table import Row
from tests.web.access.test_access import ROWS
from tests.workbooks import Layout, layout, sheet_of

pytestmark = pytest.mark.xdist_group("access")
BOOKS = [row for row in ROWS if ".xlsx" in row.path]
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a person reads as an amount, a count, a share or a day.
FIGURE = re.compile(r"-?[\d,]+(\.\d+)?( ?%)?|\d{4}-\d\d-\d\d( \d\d:\d\d)?")
AMOUNT = "#,##0.00"
# Prices that nobody pays together.
NOT_ADDED = {"/institutions/export.xlsx"}


def reader(row: Row) -> Persona:
    """Somebody who is given it."""
    return next(who for who, status in row.expected.items() if status == 200)


@pytest.fixture(params=BOOKS, ids=[row.name for row in BOOKS])
def row(request) -> Row:
    return request.param


@pytest.fixture
def data(cast, row) -> bytes:
    answer = cast.ask(reader(row), row)
    assert (answer.status_code, answer.mimetype) == (200, KIND)
    return answer.data


def lines(sheet: Worksheet) -> list[tuple]:
    """The rows of the list, without head and totals."""
    return list(sheet.iter_rows(min_row=2, max_row=last_line(sheet)))


def last_line(sheet: Worksheet) -> int:
    """Where the list ends, before its totals."""
    return sheet.max_row - bool(sums(sheet))


def sums(sheet: Worksheet) -> dict[int, object]:
    """The totals of the last line by their columns."""
    first, *others = sheet[sheet.max_row]
    if first.value not in {"Total", "合计"}:
        return {}
    return {cell.column: cell.value for cell in others if cell.value is not None}


def test_a_workbook_filters_scrolls_and_prints(row, data):
    sheet = sheet_of(data)

    corner = f"{get_column_letter(sheet.max_column)}{last_line(sheet)}"
    assert layout(sheet) == Layout("A2", f"A1:{corner}", "$1:$1", "landscape", 9, True)
    assert not re.fullmatch(r"Sheet\d*", sheet.title)
    assert all(cell.value and cell.font.bold for cell in sheet[1])


def test_figures_are_numbers_and_days_are_days(row, data):
    told = [cell for line in lines(sheet_of(data)) for cell in line]

    assert told
    texts = [cell.value for cell in told if isinstance(cell.value, str)]
    days = [cell for cell in told if isinstance(cell.value, datetime)]
    assert [text for text in texts if FIGURE.fullmatch(text)] == []
    assert {cell.number_format for cell in days} <= {"yyyy-mm-dd", "yyyy-mm-dd hh:mm"}


def test_amounts_are_added_up_by_formulas_that_follow_the_filter(row, data):
    sheet, written = sheet_of(data), sheet_of(data, values=False)
    totals = sums(sheet)

    assert {name for name, _worth in money(sheet)} <= set(totals) or row.path in NOT_ADDED
    for column, total in totals.items():
        letter = get_column_letter(column)
        cells = [line[column - 1].value for line in lines(sheet)]
        assert total == pytest.approx(sum(cell or 0 for cell in cells))
        formula = written.cell(sheet.max_row, column).value
        assert formula == f"=SUBTOTAL(9,{letter}2:{letter}{last_line(sheet)})"


def money(sheet: Worksheet) -> Iterator[tuple[int, float]]:
    """Every amount with its column."""
    for line in lines(sheet):
        yield from ((cell.column, cell.value) for cell in line if cell.number_format == AMOUNT)


def test_the_table_of_access_knows_every_kind_of_workbook():
    assert len({row.path.split("?")[0] for row in BOOKS}) >= 11
