"""Loaded into pytest: runs the chosen tests alone, in their order, and notes how long each took."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.mutants.ground import CHOICE, REPORT

_seconds: dict[str, float] = defaultdict(float)
_failed: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """After everybody else: only what was chosen, in that order."""
    yield
    if CHOICE not in os.environ:
        return
    chosen: list[str] = json.loads(Path(os.environ[CHOICE]).read_text())
    found = {item.nodeid: item for item in items}
    config.hook.pytest_deselected(items=[found[name] for name in found.keys() - set(chosen)])
    items[:] = [found[name] for name in chosen if name in found]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Set-up, call and taking down together."""
    _seconds[report.nodeid] += report.duration
    if not report.passed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write down the tests that passed."""
    if REPORT in os.environ:
        passed = {name: took for name, took in _seconds.items() if name not in _failed}
        Path(os.environ[REPORT]).write_text(json.dumps(passed))
