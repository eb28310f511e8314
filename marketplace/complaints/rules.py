"""Pure rules of complaints and objections: life cycles, deadlines, names in public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.clocks.rules import deadline
from marketplace.kernel.steps import step
from marketplace.kernel.workdays import Calendar


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
# The states in which the parties read an answer.
ANSWERED = DECIDED | _AFTER


def move(current: ComplaintState, target: ComplaintState) -> ComplaintState:
    """Return `target` if the table allows it, else raise `complaint.illegal_step`."""
    return step(STEPS, current, target, "complaint.illegal_step")


def move_objection(current: ObjectionState, target: ObjectionState) -> ObjectionState:
    """Return `target` if the table allows it, else raise `objection.illegal_step`."""
    return step(OBJECTION_STEPS, current, target, "objection.illegal_step")


@dataclass(frozen=True)
class Days:
    """The limits in force, in working days."""

    acknowledge: int
    hearing: int
    decision: int


def step_due(
    calendar: Calendar, days: Days, state: ComplaintState, filed_on: date, since: date
) -> date | None:
    """The last day for whoever's turn it is: `since` is the day the state began.

    The decision is due counted from the day of filing, whatever the hearing took.
    """
    if state is ComplaintState.FILED:
        return deadline(calendar, filed_on, days.acknowledge)
    if state is ComplaintState.ACCEPTED:
        return deadline(calendar, since, days.hearing)
    if state is ComplaintState.INVESTIGATING:
        return deadline(calendar, filed_on, days.decision)
    if state in DECIDED:
        return deadline(calendar, since, days.decision)
    return None


def masked_name(name: str) -> str:
    """A person as the public may read of them: the first character and 某."""
    return f"{name.strip()[:1]}某" if name.strip() else ""
