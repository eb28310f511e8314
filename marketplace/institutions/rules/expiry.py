"""When a certificate is warned about, when it expires, when a listing must be looked at again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from marketplace.catalogue.rules import HeldQualification, Requirements, missing_requirements
from marketplace.kernel.times import start_of_day


def due_warning(
    valid_to: date | None, warnings: Sequence[int], warned: int | None, today: date
) -> int | None:
    """The warning (in days before the end) that is due today and was not given yet, or None.

    Where several are due at once, because the certificate was entered late or the worker stood
    still, only the tightest is given: three messages on one day help nobody.
    """
    if valid_to is None or valid_to < today:
        return None
    left = (valid_to - today).days
    due = [days for days in warnings if left <= days and (warned is None or days < warned)]
    return min(due, default=None)


def next_attention(
    valid_to: date | None, warnings: Sequence[int], warned: int | None
) -> datetime | None:
    """When the certificate next needs a warning, or expires; None for one without an end.

    `warned` is the last warning given. The last day counts fully: expiry is at its 24:00.
    """
    if valid_to is None:
        return None
    to_come = [days for days in warnings if warned is None or days < warned]
    day = valid_to - timedelta(days=max(to_come)) if to_come else valid_to + timedelta(days=1)
    return start_of_day(day)


def next_change(
    requirements: Requirements,
    held: Iterable[HeldQualification],
    levels: Mapping[str, tuple[str, ...]],
    today: date,
) -> datetime | None:
    """The start of the next day on which the requirements begin or cease to be met, or None."""
    certificates = tuple(held)
    days: set[date] = set()
    for one in certificates:
        days.add(one.valid_from)
        if one.valid_to is not None:
            days.add(one.valid_to + timedelta(days=1))
    now_met = not missing_requirements(requirements, certificates, levels, today)
    for day in sorted(day for day in days if day > today):
        if (not missing_requirements(requirements, certificates, levels, day)) != now_met:
            return start_of_day(day)
    return None
