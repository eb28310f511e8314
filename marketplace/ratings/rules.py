"""Client ratings: five criteria from 1 to 5, their means, and until when they may be given."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from marketplace.clocks.rules import deadline
from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Calendar

CRITERIA = ("quality", "timeliness", "attitude", "fees", "conduct")
LEAST, MOST = 1, 5
_HUNDREDTH = Decimal("0.01")


def check_scores(scores: Mapping[str, int]) -> None:
    """Every criterion is scored, from 1 to 5; nothing is filled in for the client.

    Refuses `rating.score_needed`, naming the criterion's field.
    """
    for criterion in CRITERIA:
        score = scores.get(criterion)
        if score is None or not LEAST <= score <= MOST:
            raise Refused("rating.score_needed", field=criterion)


def last_day(calendar: Calendar, since: date, working_days: int) -> date:
    """The last of so many working days after the acceptance, or after the rating."""
    return deadline(calendar, since, working_days)


def mean_of(scores: Iterable[int]) -> Decimal:
    """The mean of one rating's criteria, exact: five whole numbers give one decimal."""
    given = [Decimal(score) for score in scores]
    return sum(given, Decimal(0)) / len(given)


def mean(values: Iterable[Decimal]) -> Decimal | None:
    """The mean of several values; None without any: silence is not five stars."""
    given = list(values)
    return sum(given, Decimal(0)) / len(given) if given else None


def shown(value: Decimal | None) -> str:
    """A mean with two decimals, half up; empty for none."""
    return "" if value is None else str(value.quantize(_HUNDREDTH, ROUND_HALF_UP))
