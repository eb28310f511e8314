"""What the worker does without being asked: what falls due, and what runs at every poll."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from marketplace.infra.unit_of_work import UnitOfWork

# Opens a unit of work of the system at the tick's instant; one per thing that is settled.
Opens: TypeAlias = Callable[[], UnitOfWork]
Settles: TypeAlias = Callable[[Opens, datetime], int]
Pumps: TypeAlias = Callable[[], int]

_settlers: dict[str, Settles] = {}
_pumps: dict[str, Pumps] = {}


def falls_due(name: str) -> Callable[[Settles], Settles]:
    """Register a settler: it settles what is due at the instant and returns how many.

    Each due thing is settled in a unit of work of its own, so that one that fails does not hold
    up the others; a settler must tolerate another worker settling the same thing.
    """

    def register(settle: Settles) -> Settles:
        _settlers[name] = settle
        return settle

    return register


def every_poll(name: str) -> Callable[[Pumps], Pumps]:
    """Register a pump that the worker runs at each poll; it returns how much it did."""

    def register(pump: Pumps) -> Pumps:
        _pumps[name] = pump
        return pump

    return register


def settlers() -> dict[str, Settles]:
    """All registered settlers by name."""
    return dict(_settlers)


def pumps() -> dict[str, Pumps]:
    """All registered pumps by name."""
    return dict(_pumps)
