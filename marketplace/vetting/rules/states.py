"""The states of a vetting case and the steps between them."""

from enum import StrEnum

from marketplace.kernel import steps
from marketplace.kernel.errors import Refused


class CaseKind(StrEnum):
    """What a case decides about."""

    ADMISSION = "admission"
    CHANGE = "change"
    RENEWAL = "renewal"
    READMISSION = "readmission"


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    COMPLETENESS = "completeness"
    SUBSTANCE = "substance"
    RETURNED = "returned"
    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """The two looks an association takes: is everything there, and is it right."""

    COMPLETENESS = "completeness"
    SUBSTANCE = "substance"


class Result(StrEnum):
    """The answer to one point of the checklist."""

    OK = "ok"
    NOT_OK = "not_ok"


class Outcome(StrEnum):
    """What is proposed and decided."""

    ADMIT = "admit"
    REJECT = "reject"


class Ending(StrEnum):
    """Why a case ended without a decision."""

    APPLICANT = "applicant"
    LAPSED = "lapsed"
    REMOVAL = "removal"


# The whole life of a case. The state diagrams of the documentation are drawn from this table.
STEPS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.COMPLETENESS, CaseState.WITHDRAWN}),
    CaseState.COMPLETENESS: frozenset(
        {CaseState.SUBSTANCE, CaseState.RETURNED, CaseState.WITHDRAWN}
    ),
    CaseState.SUBSTANCE: frozenset({CaseState.PROPOSED, CaseState.RETURNED, CaseState.WITHDRAWN}),
    CaseState.RETURNED: frozenset({CaseState.RECEIVED, CaseState.WITHDRAWN}),
    CaseState.PROPOSED: frozenset({CaseState.DECIDED, CaseState.SUBSTANCE, CaseState.WITHDRAWN}),
    CaseState.DECIDED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
}

# Which look the association is taking while it is its turn.
STAGE_OF: dict[CaseState, Stage] = {
    CaseState.RECEIVED: Stage.COMPLETENESS,
    CaseState.COMPLETENESS: Stage.COMPLETENESS,
    CaseState.SUBSTANCE: Stage.SUBSTANCE,
    CaseState.PROPOSED: Stage.SUBSTANCE,
}

CLOSED = frozenset({CaseState.DECIDED, CaseState.WITHDRAWN})
OPEN = frozenset(CaseState) - CLOSED


def step(current: CaseState, target: CaseState) -> CaseState:
    """Return `target` if the step is legal, else raise `Refused("vetting.illegal_step")`."""
    return steps.step(STEPS, current, target, "vetting.illegal_step")


def check_proposal(outcome: Outcome, unanswered: int, not_ok: int) -> None:
    """A proposal rests on the whole checklist.

    Every point is answered; an admission needs every point in order, a rejection at least one
    that is not.
    """
    if unanswered:
        raise Refused("vetting.points_unanswered", count=unanswered)
    if outcome is Outcome.ADMIT and not_ok:
        raise Refused("vetting.points_not_ok", field="outcome", count=not_ok)
    if outcome is Outcome.REJECT and not not_ok:
        raise Refused("vetting.nothing_against", field="outcome")
