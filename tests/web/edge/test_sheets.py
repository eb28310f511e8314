"""Workbooks: numbers add up, days sort, the sheet has a name, and nothing typed is a formula."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from marketplace.web.sheets import Cell, Head, amount, local_day, share, workbook
from tests.workbooks import Book, read

HEADS = (Head("Name", 20), Head("Amount", 12, total=True), Head("Count", 8, total=True))


def book(app: Flask, *rows: tuple[Cell, ...], title: str = "Lines", lang: str = "en") -> Book:
    with app.test_request_context(f"/?lang={lang}"):
        made = workbook(title, HEADS, rows)
    return read(made, totals=bool(rows))


def test_amounts_and_counts_are_numbers_with_their_totals(app: Flask) -> None:
    made = book(app, ("甲", amount(120_050), 3), ("乙", amount(None), 4), ("丙", amount(1), None))

    assert made.rows == [
        {"Name": "甲", "Amount": 1200.5, "Count": 3},
        {"Name": "乙", "Amount": None, "Count": 4},
        {"Name": "丙", "Amount": 0.01, "Count": None},
    ]
    assert made.totals == {"Name": "Total", "Amount": 1200.51, "Count": 7}


def test_totals_are_said_in_the_readers_language(app: Flask) -> None:
    assert book(app, ("甲", amount(1), 1), lang="zh").totals["Name"] == "合计"


def test_a_list_of_nothing_has_a_head_and_no_totals(app: Flask) -> None:
    assert book(app).rows == []


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        (date(2026, 11, 23), datetime(2026, 11, 23)),  # noqa: DTZ001 - a workbook knows no zone
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), datetime(2026, 11, 23, 0, 30)),  # noqa: DTZ001
        (local_day(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)), datetime(2026, 11, 23)),  # noqa: DTZ001
        (share(150), 0.00015),
        (share(10_390), 0.01039),
        (share(1_000_000), 1),
        (Decimal("87.25"), 87.25),
        (2026, 2026),
        ("=1+1", "'=1+1"),
        ("2026-11-23", "2026-11-23"),
        ("", None),
        (None, None),
        (share(None), None),
        (local_day(None), None),
    ],
)
def test_a_cell_is_what_it_means(app: Flask, cell: Cell, read_as: object) -> None:
    assert book(app, ("甲", cell, 0)).rows[0]["Amount"] == read_as


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("预算指标", "预算指标"),
        ("a/b:c[d]", "a b c d"),
        ("'quoted'", "quoted"),
        ("长" * 40, "长" * 31),
        ("?", "Sheet1"),
    ],
)
def test_the_sheet_has_a_name_that_a_spreadsheet_takes(app: Flask, title: str, name: str) -> None:
    assert book(app, title=title).title == name
