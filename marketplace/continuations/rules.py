"""What the client may say of work whose project is not active, and what holds without an answer."""

from enum import StrEnum

from marketplace.engagements.rules import RUNNING, UNDER_WAY
from marketplace.engagements.rules import State as WorkState
from marketplace.kernel import steps


class ContinuationState(StrEnum):
    """Where the question stands that the client of work under way is asked."""

    ASKED = "asked"
    BLOCKED = "blocked"
    ANSWERED = "answered"
    SETTLED = "settled"
    FELL_AWAY = "fell_away"


class Answer(StrEnum):
    """What the client says of the work."""

    KEEP = "keep"
    PAUSE = "pause"
    TERMINATE = "terminate"


class Outcome(StrEnum):
    """What holds where the client has not answered in time, by where the work stands."""

    PAUSED = "paused"
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    GOES_ON = "goes_on"


_S = ContinuationState

# Work under contract may not start without an answer, so that question stays open after its day.
# All of them fall away when the project is active again, or when the work is over by itself.
STEPS: dict[ContinuationState, frozenset[ContinuationState]] = {
    _S.ASKED: frozenset({_S.BLOCKED, _S.ANSWERED, _S.SETTLED, _S.FELL_AWAY}),
    _S.BLOCKED: frozenset({_S.ANSWERED, _S.FELL_AWAY}),
    _S.ANSWERED: frozenset({_S.FELL_AWAY}),
    _S.SETTLED: frozenset({_S.FELL_AWAY}),
    _S.FELL_AWAY: frozenset(),
}
OPEN = frozenset({_S.ASKED, _S.BLOCKED})
LIVE = frozenset(_S) - {_S.FELL_AWAY}

# Without an answer; work that the table does not name is not asked about any more.
DEFAULTS: dict[WorkState, Outcome] = {
    WorkState.REQUESTED: Outcome.CANCELLED,
    WorkState.TAKEN_ON: Outcome.CANCELLED,
    WorkState.CONTRACTED: Outcome.BLOCKED,
    WorkState.IN_PROGRESS: Outcome.PAUSED,
    WorkState.RETURNED: Outcome.PAUSED,
    WorkState.DELIVERED: Outcome.GOES_ON,
    WorkState.PAUSED: Outcome.GOES_ON,
}
ASKED_ABOUT = UNDER_WAY & DEFAULTS.keys()
# After the day, nothing else happens to these before the platform has settled them.
STOPPED = frozenset(
    state for state, outcome in DEFAULTS.items() if outcome in {Outcome.PAUSED, Outcome.CANCELLED}
)
PAUSABLE = RUNNING


def step(current: ContinuationState, target: ContinuationState) -> ContinuationState:
    """Return `target` if the step is legal, else raise `Refused("continuation.illegal_step")`."""
    return steps.step(STEPS, current, target, "continuation.illegal_step")
