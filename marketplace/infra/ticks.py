"""What the worker does without being asked: what falls due, and what runs at every poll."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias

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


def settle_each(opens: Opens, keys: Iterable[int], settle: Callable[[UnitOfWork, int], Any]) -> int:
    """Settle every key in a unit of work of its own; return how many were settled.

    `settle` gives False where another worker was first. One that fails holds up no other: the
    first failure is raised when all have had their turn, and it is tried again at the next tick.
    """
    count, failure = 0, None
    for key in keys:
        try:
            with opens() as uow:
                count += settle(uow, key) is not False
        except Exception as error:  # noqa: BLE001 - raised below, after the others
            failure = failure or error
    if failure is not None:
        raise failure
    return count


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
