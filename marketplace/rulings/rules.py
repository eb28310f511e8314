"""What holds for rulings: their life, what may be ruled, what a second silence means."""

from enum import StrEnum

from marketplace.kernel import steps


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
