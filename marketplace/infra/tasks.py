"""Maintenance tasks the command line offers, named by the features that do the work."""

from collections.abc import Callable
from typing import TypeAlias

# What it returns is printed.
Task: TypeAlias = Callable[[], str]
TASKS: dict[str, Task] = {}


class UnknownTask(Exception):
    """No feature of this installation does that."""


def run_task(name: str) -> str:
    """Run a task and return its words; raises `UnknownTask`."""
    if name not in TASKS:
        raise UnknownTask(name)
    return TASKS[name]()
