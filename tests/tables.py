r"""Tables of inputs and right values under `tests/data`, read by the tests that keep them.

A table is a CSV file with a head; `\u202d`, `\n` and their like stand for what cannot be seen.
"""

import csv
import re
from pathlib import Path

DATA = Path(__file__).parent / "data"
_ESCAPE = re.compile(r"\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\[nrt]")


def rows(name: str) -> list[tuple[str, ...]]:
    """The rows of a table, each of the length of its head."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        head, *found = csv.reader(file)
    assert all(len(row) == len(head) for row in found), name
    return [tuple(_ESCAPE.sub(_shown, cell) for cell in row) for row in found]


def _shown(found: re.Match[str]) -> str:
    return found[0].encode("ascii").decode("unicode_escape")
