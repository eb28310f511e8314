"""What is counted of a client, over which time, and how it is said: so many of so many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.engagements.rules import ClientKind

# What lies further back is not counted any more.
MONTHS = 24


class Figure(StrEnum):
    """What is counted, in the order in which it is shown."""

    DELIVERIES = "deliveries"
    CONTRACTS = "contracts"
    MATERIALS = "materials"
    PAYMENTS = "payments"
    GIVEN_UP = "given_up"
    AWARDS = "awards"
    CONTINUATIONS = "continuations"
    QUESTIONS = "questions"


# What an enterprise does that the market does not see, or has nothing to do with.
_OF_DEPARTMENTS = frozenset({Figure.PAYMENTS, Figure.AWARDS, Figure.QUESTIONS})
FIGURES: Mapping[ClientKind, tuple[Figure, ...]] = {
    ClientKind.DEPARTMENT: tuple(Figure),
    ClientKind.ENTERPRISE: tuple(one for one in Figure if one not in _OF_DEPARTMENTS),
}


@dataclass(frozen=True)
class Share:
    """So many `late` (or given up, or unanswered) of so many: never a share of nothing."""

    late: int
    of: int


NOTHING = Share(0, 0)


def since(today: date) -> date:
    """The first day that is counted: the same day two years ago; of 29 February, the 28th."""
    year = today.year - MONTHS // 12
    try:
        return today.replace(year=year)
    except ValueError:
        return today.replace(year=year, day=28)
