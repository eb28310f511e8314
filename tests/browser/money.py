"""Amounts as they are shown, read back to the fen."""

import re

from tests.browser.visits import Visit

_AMOUNT = re.compile(r"-?[\d,]+\.\d{2}")


def fen(words: str) -> int:
    """The amount that is written, in fen."""
    found = _AMOUNT.search(words)
    assert found is not None, words
    return int(found[0].replace(",", "").replace(".", ""))


def typed(amount: int) -> str:
    """An amount in fen as somebody types it in yuan."""
    return f"{amount // 100}.{amount % 100:02d}"


def amounts(words: str) -> list[int]:
    """Every amount in a text, in order."""
    return [fen(each) for each in _AMOUNT.findall(words)]


def row_amounts(visit: Visit, name: str) -> list[int]:
    """The amounts in the row of the list of budget lines that names this."""
    return amounts(visit.main.locator(".lines-table tbody tr", has_text=name).inner_text())
