"""Maintenance tasks the command line offers, registered by the features that do the work."""

from collections.abc import Callable
from typing import TypeAlias

Task: TypeAlias = Callable[[], str]
_tasks: dict[str, Task] = {}


class UnknownTask(Exception):
    """No feature of this installation does that."""


def task(name: str) -> Callable[[Task], Task]:
    """Register a task; what it returns is printed."""

    def register(work: Task) -> Task:
        _tasks[name] = work
        return work

    return register


def run_task(name: str) -> str:
    """Run a task and return its words; raises `UnknownTask`."""
    if name not in _tasks:
        raise UnknownTask(name)
    return _tasks[name]()
