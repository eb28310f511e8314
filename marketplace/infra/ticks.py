"""What the worker does without being asked: what falls due, and what runs at every poll."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias

from marketplace.infra.unit_of_work import UnitOfWork

# Opens a unit of work of the system at the tick's instant; one per thing that is settled.
Opens: TypeAlias = Callable[[], UnitOfWork]
Settles: TypeAlias = Callable[[Opens, datetime], int]
Pumps: TypeAlias = Callable[[], int]

# What settles: each settles what is due at the instant and returns how many. Each due thing is
# settled in a unit of work of its own, so that one that fails does not hold up the others; a
# settler must tolerate another worker settling the same thing. `app` fills both tables.
SETTLERS: dict[str, Settles] = {}
# What the worker runs at each poll; each returns how much it did.
PUMPS: dict[str, Pumps] = {}


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
