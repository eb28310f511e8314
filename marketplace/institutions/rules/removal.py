"""Why a listing is taken out of the market, and from when it may come back."""

from datetime import date, timedelta
from enum import StrEnum


class RemovalCause(StrEnum):
    """What led to a removal."""

    ASSESSMENT = "assessment"
    COMPLAINTS = "complaints"
    EXPIRED_CERTIFICATE = "expired_certificate"
    FORGERY = "forgery"
    BLACKLIST = "blacklist"
    OTHER = "other"


class Grade(StrEnum):
    """The grades of an annual assessment, best first."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


# The rulebook's entry that says how long a removed listing stays out, by cause.
PERIOD_EXPIRED_CERTIFICATE = "removal.minimum_period_expired_certificate_days"
PERIOD = "removal.minimum_period_days"


def period_key(cause: RemovalCause) -> str:
    """The rulebook's key of the minimum period for a cause."""
    if cause is RemovalCause.EXPIRED_CERTIFICATE:
        return PERIOD_EXPIRED_CERTIFICATE
    return PERIOD


def first_day_back(removed_on: date, days: int) -> date:
    """The first day on which re-admission may be applied for: `days` calendar days later."""
    return removed_on + timedelta(days=days)
