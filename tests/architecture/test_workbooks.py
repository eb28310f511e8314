"""No column of a workbook writes a number or a day as a text."""

import ast
from collections.abc import Iterator
from pathlib import Path

from marketplace.settings import ROOT

# These make texts of numbers and days; `sheets` makes cells of them.
_WRITTEN = frozenset({"day", "moment", "yuan", "percent", "ten_thousand_yuan", "str"})


def columns() -> Iterator[tuple[Path, ast.Call]]:
    for path in (ROOT / "marketplace").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "Column(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Column":
                yield path, node


def cell(call: ast.Call) -> ast.expr | None:
    """What the third argument gives for a row, as it is written there."""
    found = call.args[2] if len(call.args) > 2 else None
    return found.body if isinstance(found, ast.Lambda) else found


def test_numbers_and_days_of_workbooks_are_no_texts() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in columns()
        if (isinstance(body := cell(call), ast.Call) and getattr(body.func, "id", "") in _WRITTEN)
        or (
            isinstance(body, ast.JoinedStr)
            and any(
                isinstance(part, ast.FormattedValue) and part.format_spec for part in body.values
            )
        )
    ]
    assert found == []


def test_columns_are_looked_at() -> None:
    assert len(list(columns())) > 50
