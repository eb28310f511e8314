"""The life of a listing: one institution offering one item. Source: the supermarket's plan (三)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from marketplace.kernel.steps import step


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
