"""What the worker does without being asked: what falls due, and what runs at every poll."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from marketplace.infra.unit_of_work import UnitOfWork

# Opens a unit of work of the system at the tick's instant; one per thing that is settled.
Opens: TypeAlias = Callable[[], UnitOfWork]
Settles: TypeAlias = Callable[[Opens, datetime], int]
Pumps: TypeAlias = Callable[[], int]

# So many things a settler settles at one tick; what is left waits for the next, which then comes
# at once. In between the worker delivers, and says that it is alive.
MOST_AT_ONCE = 200

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
    After `MOST_AT_ONCE` settled ones the others have their turn at the next tick.
    """
    count, failure = 0, None
    for key in keys:
        try:
            with opens() as uow:
                count += settle(uow, key) is not False
        except Exception as error:  # noqa: BLE001 - raised below, after the others
            failure = failure or error
        if count >= MOST_AT_ONCE:
            break
    if failure is not None and count < MOST_AT_ONCE:
        raise failure
    return count


def is_more(settled: Mapping[str, int]) -> bool:
    """Whether a settler came as far as it may at one tick, so that more may be left."""
    return any(count >= MOST_AT_ONCE for count in settled.values())
