"""What holds for rulings: their life, what may be ruled, what a second silence means."""

from enum import StrEnum

from marketplace.engagements.rules import Side
from marketplace.kernel import steps
from marketplace.kernel.errors import Refused


class RulingState(StrEnum):
    """Where the matter stands."""

    ASKED = "asked"
    RULED = "ruled"
    DROPPED = "dropped"


# It is dropped where the two sides conclude the contract after all, or the work ends.
STEPS: dict[RulingState, frozenset[RulingState]] = {
    RulingState.ASKED: frozenset({RulingState.RULED, RulingState.DROPPED}),
    RulingState.RULED: frozenset(),
    RulingState.DROPPED: frozenset(),
}


class Outcome(StrEnum):
    """What the supervisor rules."""

    NEW_TERM = "new_term"
    DEPARTMENT_AT_FAULT = "department_at_fault"
    WINNER_ABANDONS = "winner_abandons"
    COMPETITION_FAILS = "competition_fails"


# The side whose turn it was gets the days of the rulebook anew.
NEW_TERMS = frozenset({Outcome.NEW_TERM, Outcome.DEPARTMENT_AT_FAULT})


def step(current: RulingState, target: RulingState) -> RulingState:
    """Return `target` if the step is legal, else raise `Refused("ruling.illegal_step")`."""
    return steps.step(STEPS, current, target, "ruling.illegal_step")


def check_outcome(outcome: Outcome, let_lie: Side) -> None:
    """A department's silence never counts as the winner's refusal.

    Refuses `ruling.department_let_it_lie`.
    """
    if outcome is Outcome.WINNER_ABANDONS and let_lie is Side.CLIENT:
        raise Refused("ruling.department_let_it_lie")


def is_second_silence(last: Outcome | None, let_lie: Side) -> bool:
    """Whether a department that was found at fault has let the award lie once more."""
    return last is Outcome.DEPARTMENT_AT_FAULT and let_lie is Side.CLIENT
