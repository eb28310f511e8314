"""The life of a request to a department, and what overtakes it."""

from enum import StrEnum

from marketplace.kernel import steps
from marketplace.projects.rules import Need, Needed, ProjectState


class RequestState(StrEnum):
    """Where a request to a department stands."""

    ASKED = "asked"
    TAKEN_UP = "taken_up"
    PUBLISHED = "published"
    MET = "met"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


class Overtaking(StrEnum):
    """What made a request needless before anybody took it up."""

    GRANTED = "granted"
    NOT_ASKED = "not_asked"
    PROJECT_ENDED = "project_ended"
    PROJECT_PASSED = "project_passed"
    COMMISSIONED = "commissioned"


_S = RequestState

# A competition that fails or is cancelled puts the request back to the department. It is met when
# the contract of its competition is recorded.
STEPS: dict[RequestState, frozenset[RequestState]] = {
    _S.ASKED: frozenset({_S.TAKEN_UP, _S.REFUSED, _S.WITHDRAWN, _S.OVERTAKEN}),
    _S.TAKEN_UP: frozenset({_S.PUBLISHED, _S.REFUSED, _S.WITHDRAWN}),
    _S.PUBLISHED: frozenset({_S.MET, _S.TAKEN_UP}),
    _S.MET: frozenset(),
    _S.REFUSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.OVERTAKEN: frozenset(),
}

LIVE = frozenset({_S.ASKED, _S.TAKEN_UP, _S.PUBLISHED})
ENDED = frozenset(RequestState) - LIVE
# Whoever has it answers, or publishes a notice, within so many working days of the rulebook.
DAYS: dict[RequestState, str] = {
    _S.ASKED: "commission_request.answer_days",
    _S.TAKEN_UP: "commission_request.notice_days",
}


def step(current: RequestState, target: RequestState) -> RequestState:
    """Return `target` if the step is legal, else raise `commission_request.illegal_step`."""
    return steps.step(STEPS, current, target, "commission_request.illegal_step")


def overtaking(
    needed: Needed, project: ProjectState, *, same_enterprise: bool, commissioned: bool
) -> Overtaking | None:
    """What makes a request needless, or None while it has its sense.

    `same_enterprise` says that the project is still of the enterprise that asks, `commissioned`
    that somebody holds the item already.
    """
    if project is not ProjectState.ACTIVE:
        return Overtaking.PROJECT_ENDED
    if not same_enterprise:
        return Overtaking.PROJECT_PASSED
    if needed.need is Need.GRANTED:
        return Overtaking.GRANTED
    if needed.need is Need.NOT_ASKED:
        return Overtaking.NOT_ASKED
    return Overtaking.COMMISSIONED if commissioned else None
