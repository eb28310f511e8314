"""The life of a complaint and of an objection to an award."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.kernel.steps import step


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    FILED = "filed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    INVESTIGATING = "investigating"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    DISMISSED = "dismissed"
    REVIEWED = "reviewed"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What is decided about a complaint or an objection."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    DISMISSED = "dismissed"


class About(StrEnum):
    """What a complaint is about."""

    ENGAGEMENT = "engagement"
    LISTING = "listing"
    INSTITUTION = "institution"
    COMPETITION = "competition"


class Filer(StrEnum):
    """Who complains: a party to the engagement, an entrant of the competition, or the public."""

    PARTY = "party"
    ENTRANT = "entrant"
    PUBLIC = "public"


class ObjectionState(StrEnum):
    """Where an objection to an award stands."""

    FILED = "filed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


S = ComplaintState
_AFTER = frozenset({S.CLOSED, S.REVIEWED})

# The whole life of a complaint. The documentation's state diagram is drawn from this table.
STEPS: Mapping[ComplaintState, frozenset[ComplaintState]] = {
    S.FILED: frozenset({S.ACCEPTED, S.REFUSED}),
    S.ACCEPTED: frozenset({S.INVESTIGATING}),
    S.REFUSED: _AFTER,
    S.INVESTIGATING: frozenset({S.UPHELD, S.PARTLY_UPHELD, S.DISMISSED}),
    S.UPHELD: _AFTER,
    S.PARTLY_UPHELD: _AFTER,
    S.DISMISSED: _AFTER,
    S.REVIEWED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
}

OBJECTION_STEPS: Mapping[ObjectionState, frozenset[ObjectionState]] = {
    ObjectionState.FILED: frozenset({ObjectionState.UPHELD, ObjectionState.DISMISSED}),
    ObjectionState.UPHELD: frozenset(),
    ObjectionState.DISMISSED: frozenset(),
}

# An answer was given; it can still be reviewed until the complaint is closed.
DECIDED = frozenset({S.REFUSED, S.UPHELD, S.PARTLY_UPHELD, S.DISMISSED})
CLOSED = frozenset({S.CLOSED})


def move(current: ComplaintState, target: ComplaintState) -> ComplaintState:
    """Return `target` if the table allows it, else raise `complaint.illegal_step`."""
    return step(STEPS, current, target, "complaint.illegal_step")


def move_objection(current: ObjectionState, target: ObjectionState) -> ObjectionState:
    """Return `target` if the table allows it, else raise `objection.illegal_step`."""
    return step(OBJECTION_STEPS, current, target, "objection.illegal_step")
