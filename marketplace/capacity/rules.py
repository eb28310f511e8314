"""What holds for places: how many may be published, which is taken next, how many are free."""

from collections.abc import Collection
from itertools import count

from marketplace.kernel.errors import Refused

FEWEST, MOST = 1, 999


def check(places: int | None) -> int | None:
    """Return the number to publish; None publishes none. Refuses `capacity.out_of_range`."""
    if places is not None and not FEWEST <= places <= MOST:
        raise Refused("capacity.out_of_range", field="places", fewest=FEWEST, most=MOST)
    return places


def free(places: int | None, in_hand: int) -> int | None:
    """How many more works are taken; None where no number is published, and so no limit.

    A number that is lowered below what is in hand touches none of the works: nothing is free.
    """
    return None if places is None else max(0, places - in_hand)


def until(places: int | None, in_hand: int) -> int:
    """How many works have to end before one more is taken; 0 while a place is free."""
    return 0 if places is None else max(0, in_hand - places + 1)


def lowest_free(taken: Collection[int]) -> int:
    """The lowest number that nobody has."""
    return next(number for number in count(FEWEST) if number not in taken)
