"""Nothing grows until nobody can read it."""

import tomllib
from collections.abc import Iterable

import pytest

from marketplace.settings import ROOT
from tests.architecture.source import Source, application, python_files

FILE = 400
FUNCTION, MOST_FUNCTIONS = 50, 30
TEST_FILE = 500
SHARE = 0.95


def too_long(sources: Iterable[Source], limit: int) -> list[str]:
    """Files beyond the limit."""
    return [f"{each.path}: {each.lines}" for each in sources if each.lines > limit]


def function_lengths(sources: Iterable[Source]) -> dict[str, int]:
    """Lines of each function, docstring and all."""
    return {
        f"{each.path}:{function.lineno} {function.name}": (function.end_lineno or 0)
        - function.lineno
        + 1
        for each in sources
        for function in each.functions()
    }


def share_within(lengths: Iterable[int], limit: int) -> float:
    """What part of them stays within the limit."""
    known = list(lengths)
    return sum(length <= limit for length in known) / max(1, len(known))


def test_no_file_is_longer_than_400_lines():
    assert too_long((*application(), *python_files("bin")), FILE) == []


def test_no_test_file_is_longer_than_500_lines():
    assert too_long(python_files("tests"), TEST_FILE) == []


def test_no_function_is_longer_than_50_lines():
    lengths = function_lengths((*application(), *python_files("bin")))
    assert {name: length for name, length in lengths.items() if length > FUNCTION} == {}


def test_nineteen_functions_in_twenty_stay_within_30_lines():
    lengths = function_lengths(application())
    longer = sorted(name for name, length in lengths.items() if length > MOST_FUNCTIONS)
    assert share_within(lengths.values(), MOST_FUNCTIONS) >= SHARE, longer


def test_complexity_is_held_at_eight():
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert lint["mccabe"]["max-complexity"] == 8
    assert "C90" in lint["select"]


@pytest.mark.parametrize(("lines", "found"), [(400, []), (401, ["grown.py: 401"])])
def test_a_file_that_grew_is_named(lines, found):
    assert too_long([Source("grown.py", "x = 1\n" * lines)], FILE) == found


def test_a_long_method_is_measured():
    body = "        x = 1\n" * 60
    source = Source("long.py", f"class A:\n    def act(self):\n{body}")

    assert function_lengths([source]) == {"long.py:2 act": 61}
    assert share_within([30, 31], 30) == 0.5
