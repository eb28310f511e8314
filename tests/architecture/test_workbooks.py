"""Workbooks are written in one place, and no column writes a number or a day as a text."""

import ast
import re
from collections.abc import Iterator

from marketplace.settings import ROOT

# These make texts of numbers and days; `sheets` makes cells of them.
_WRITTEN = frozenset({"day", "moment", "yuan", "percent", "ten_thousand_yuan", "str"})
_WRITERS = {"xlsxwriter", "openpyxl"}
_BAD = """
Column("a", "A", lambda row: money.yuan(row.fen))
Column("b", "B", lambda row: (row.on and day(row.on)) or "")
Column("c", "C", lambda row: f"{row.share:.1f}")
Column("d", "D", dates.moment)
Column("e", "E", lambda row: row.day)
"""


def columns(text: str) -> Iterator[ast.Call]:
    """Every column of a workbook in this source."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Column":
            yield node


def writes(call: ast.Call) -> bool:
    """Whether what gives the cell for a row, its third argument, writes a text anywhere in it."""
    return any(
        _name(given) in _WRITTEN or any(map(_writes, ast.walk(given))) for given in call.args[2:3]
    )


def _writes(node: ast.AST) -> bool:
    if isinstance(node, ast.FormattedValue):
        return node.format_spec is not None
    return isinstance(node, ast.Call) and _name(node.func) in _WRITTEN


def _name(node: ast.AST) -> str:
    return str(node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", ""))


def test_numbers_and_days_of_workbooks_are_no_texts() -> None:
    looked_at = 0
    for path in (ROOT / "marketplace").rglob("*.py"):
        found = list(columns(path.read_text(encoding="utf-8")))
        looked_at += len(found)
        assert [call.lineno for call in found if writes(call)] == [], path
    assert looked_at > 50


def test_a_text_made_of_a_number_is_seen_anywhere_in_a_column() -> None:
    assert [writes(call) for call in columns(_BAD)] == [True] * 4 + [False]


def test_one_module_writes_workbooks() -> None:
    writers = [
        path.relative_to(ROOT).as_posix()
        for part in ("marketplace", "admin", "search", "bin")
        for path in (ROOT / part).rglob("*.py")
        if _WRITERS & set(re.findall(r"\b\w+\b", path.read_text(encoding="utf-8")))
    ]
    assert writers == ["marketplace/web/sheets.py"]
