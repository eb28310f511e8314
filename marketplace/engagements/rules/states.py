"""The states of an engagement, the steps between them, and whose turn each one is."""

from enum import StrEnum

from marketplace.kernel import steps


class State(StrEnum):
    """Where an engagement stands."""

    REQUESTED = "requested"
    TAKEN_ON = "taken_on"
    CONTRACTED = "contracted"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    DELIVERED = "delivered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


class Origin(StrEnum):
    """How the institution came to it."""

    PICK = "pick"
    AWARD = "award"


class ClientKind(StrEnum):
    """Who commissions, and therefore who pays."""

    ENTERPRISE = "enterprise"
    DEPARTMENT = "department"


class Side(StrEnum):
    """One of the two parties."""

    CLIENT = "client"
    PROVIDER = "provider"


class NoteKind(StrEnum):
    """What words were written for."""

    REQUEST = "request"
    DECLINE = "decline"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    RETURN = "return"
    ACCEPT = "accept"
    TERMINATE = "terminate"
    PAYMENT = "payment"


class Verdict(StrEnum):
    """What the client said to a delivered version."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


# The whole life of an engagement. The documentation's state diagrams are drawn from this table.
# A pause remembers the state it came from (`in_progress` or `returned`) and goes back to it.
STEPS: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.TAKEN_ON, State.DECLINED, State.LAPSED, State.CANCELLED}),
    State.TAKEN_ON: frozenset({State.CONTRACTED, State.LAPSED, State.CANCELLED}),
    State.CONTRACTED: frozenset({State.IN_PROGRESS, State.TERMINATED}),
    State.IN_PROGRESS: frozenset({State.PAUSED, State.DELIVERED, State.TERMINATED}),
    State.PAUSED: frozenset({State.IN_PROGRESS, State.RETURNED, State.TERMINATED}),
    State.DELIVERED: frozenset({State.ACCEPTED, State.RETURNED, State.TERMINATED}),
    State.RETURNED: frozenset({State.PAUSED, State.DELIVERED, State.TERMINATED}),
    State.ACCEPTED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.DECLINED: frozenset(),
    State.LAPSED: frozenset(),
    State.CANCELLED: frozenset(),
    State.TERMINATED: frozenset(),
}

ENDED = frozenset(state for state, targets in STEPS.items() if not targets)
OPEN = frozenset(State) - ENDED
# Ended without the work being done: the claim on the item and the money go back.
GIVEN_UP = ENDED - {State.CLOSED}
# The provider's clock runs.
RUNNING = frozenset({State.IN_PROGRESS, State.RETURNED})
# From the start of the work until its acceptance.
AT_WORK = RUNNING | {State.PAUSED, State.DELIVERED}
TERMINABLE = frozenset(state for state in STEPS if State.TERMINATED in STEPS[state])
DONE = frozenset({State.ACCEPTED, State.CLOSED})

# Who has to act next, for everything but a pause, which the side that paused it ends.
OWES: dict[State, Side] = {
    State.REQUESTED: Side.PROVIDER,
    State.TAKEN_ON: Side.CLIENT,
    State.CONTRACTED: Side.CLIENT,
    State.IN_PROGRESS: Side.PROVIDER,
    State.RETURNED: Side.PROVIDER,
    State.DELIVERED: Side.CLIENT,
    State.ACCEPTED: Side.CLIENT,
}

# What is waited for in a state, as a stable code: the board of lights and the reminders say it.
AWAITED: dict[State, str] = {
    State.REQUESTED: "answer",
    State.TAKEN_ON: "contract",
    State.CONTRACTED: "materials",
    State.IN_PROGRESS: "work",
    State.PAUSED: "resume",
    State.RETURNED: "work",
    State.DELIVERED: "acceptance",
    State.ACCEPTED: "rating",
}


def step(current: State, target: State) -> State:
    """Return `target` if the step is legal, else raise `Refused("engagement.illegal_step")`."""
    return steps.step(STEPS, current, target, "engagement.illegal_step")


def owes(state: State, paused_by: Side | None = None) -> Side | None:
    """Whose turn it is; None when nobody owes anything."""
    return paused_by if state is State.PAUSED else OWES.get(state)
