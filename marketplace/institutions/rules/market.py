"""The life of a listing, why it is taken out of the market, when its certificates end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from marketplace.catalogue.rules.items import HeldQualification, Requirements, missing_requirements
from marketplace.kernel.steps import step
from marketplace.kernel.times import start_of_day


class ListingState(StrEnum):
    """Where a listing stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REMOVED = "removed"
    RECTIFYING = "rectifying"
    READMISSION_SUBMITTED = "readmission_submitted"


S = ListingState


# The whole life of a listing. The documentation's state diagram is drawn from this table.
STEPS: Mapping[ListingState, frozenset[ListingState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.UNDER_REVIEW, S.WITHDRAWN}),
    S.UNDER_REVIEW: frozenset({S.ADMITTED, S.RETURNED, S.REJECTED, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.SUBMITTED, S.WITHDRAWN, S.LAPSED}),
    S.REJECTED: frozenset({S.DRAFT}),
    S.WITHDRAWN: frozenset({S.DRAFT}),
    S.LAPSED: frozenset({S.DRAFT}),
    S.ADMITTED: frozenset({S.SUSPENDED, S.REMOVED, S.WITHDRAWN}),
    S.SUSPENDED: frozenset({S.ADMITTED, S.REMOVED, S.WITHDRAWN}),
    S.REMOVED: frozenset({S.RECTIFYING}),
    S.RECTIFYING: frozenset({S.READMISSION_SUBMITTED}),
    S.READMISSION_SUBMITTED: frozenset({S.ADMITTED, S.RECTIFYING}),
}


# The institution prepares: what it has not submitted can still be edited.
EDITABLE = frozenset({S.DRAFT, S.RETURNED})

# The association has it.
IN_VETTING = frozenset({S.SUBMITTED, S.UNDER_REVIEW})

# An application under way, from the first draft to the decision.
APPLYING = EDITABLE | IN_VETTING

# In the market, found or for the moment not.
LISTED = frozenset({S.ADMITTED, S.SUSPENDED})

# Removed: the institution puts right what led to it, then applies to be admitted again.
TO_PUT_RIGHT = frozenset({S.REMOVED, S.RECTIFYING})

OUT = TO_PUT_RIGHT | {S.READMISSION_SUBMITTED}

# Admitted at some time, and not given back by the institution itself.
EVER_ADMITTED = LISTED | OUT

# An application that ended; a new one may begin.
ENDED = frozenset({S.REJECTED, S.WITHDRAWN, S.LAPSED})


class GroundKind(StrEnum):
    """Why a listing may stand still; it is suspended while at least one ground is open."""

    EXPIRY = "expiry"
    INTERIM = "interim"
    OWN_PAUSE = "own_pause"
    BLACKLIST = "blacklist"


# These belong to the application that ended; a measure of an authority outlives a withdrawal.
GROUNDS_ENDING_WITH_WITHDRAWAL = frozenset({GroundKind.EXPIRY, GroundKind.OWN_PAUSE})


class Ground(Protocol):
    """What the rule below asks of a suspension ground."""

    @property
    def closed_at(self) -> datetime | None:
        """When it ended; None while it is open."""
        ...


def move(current: ListingState, target: ListingState) -> ListingState:
    """Return `target` if the table allows it after `current`, else raise `listing.illegal_step`."""
    return step(STEPS, current, target, "listing.illegal_step")


def state_by_grounds(current: ListingState, grounds: Iterable[Ground]) -> ListingState:
    """The state a listing in the market must have: suspended while a ground is open.

    A listing that is not in the market keeps its state whatever its grounds.
    """
    if current not in LISTED:
        return current
    is_open = any(ground.closed_at is None for ground in grounds)
    return ListingState.SUSPENDED if is_open else ListingState.ADMITTED


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
