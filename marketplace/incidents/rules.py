"""What holds for incidents during the work: their life, from which day on, how many at once."""

from datetime import date
from enum import StrEnum

from marketplace.engagements.rules import UNDER_WAY
from marketplace.engagements.rules import State as WorkState
from marketplace.kernel import steps
from marketplace.kernel.errors import Refused


class IncidentState(StrEnum):
    """Where an incident stands."""

    NOTED = "noted"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What came up."""

    LATE_DOCUMENTS = "late_documents"
    SITE_CLOSED = "site_closed"
    STAFF_CHANGED = "staff_changed"
    OTHER = "other"


_S = IncidentState

# What was not answered in time stays recorded so; an answer is still taken, and marked as late.
STEPS: dict[IncidentState, frozenset[IncidentState]] = {
    _S.NOTED: frozenset({_S.ANSWERED, _S.UNANSWERED, _S.WITHDRAWN}),
    _S.ANSWERED: frozenset(),
    _S.UNANSWERED: frozenset({_S.ANSWERED}),
    _S.WITHDRAWN: frozenset(),
}
# The other side may still answer.
ANSWERABLE = frozenset(state for state, targets in STEPS.items() if _S.ANSWERED in targets)
# What stands in the record.
STANDING = frozenset(_S) - {_S.WITHDRAWN}
# Between the contract and the acceptance.
NOTABLE = UNDER_WAY - {WorkState.REQUESTED, WorkState.TAKEN_ON}


def step(current: IncidentState, target: IncidentState) -> IncidentState:
    """Return `target` if the step is legal, else raise `Refused("incident.illegal_step")`."""
    return steps.step(STEPS, current, target, "incident.illegal_step")


def check_since(since_on: date, taken_on: date, today: date) -> None:
    """An incident of the work lies between its taking on and today."""
    if since_on < taken_on:
        raise Refused("incident.since_too_early", field="since_on", day=taken_on)
    if since_on > today:
        raise Refused("incident.since_later", field="since_on")


def over_on(state: IncidentState, answer_by: date, today: date) -> date | None:
    """The day that is over for an answer, whether or not the platform has noted it yet."""
    return answer_by if state is IncidentState.NOTED and today > answer_by else None
