"""What holds for engagements: their life, whose turn it is, times, money, keep or move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.clocks.rules import Light, Pause, deadline, due_date, lapses_at, light
from marketplace.kernel import steps
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import start_of_day
from marketplace.kernel.workdays import Calendar, Limit


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


class Verdict(StrEnum):
    """What the client said to a delivered version."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


# The whole life of an engagement. The documentation's state diagrams are drawn from this table.
# A pause remembers the state it came from (`in_progress` or `returned`) and goes back to it. Only
# the winner of an award declines after taking on, by a ruling of the supervisor. Accepted work is
# given back by the verdict of the approving department only, and accepted again without a new
# version where that verdict is corrected.
STEPS: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.TAKEN_ON, State.DECLINED, State.LAPSED, State.CANCELLED}),
    State.TAKEN_ON: frozenset({State.CONTRACTED, State.LAPSED, State.CANCELLED, State.DECLINED}),
    State.CONTRACTED: frozenset({State.IN_PROGRESS, State.TERMINATED}),
    State.IN_PROGRESS: frozenset({State.PAUSED, State.DELIVERED, State.TERMINATED}),
    State.PAUSED: frozenset({State.IN_PROGRESS, State.RETURNED, State.TERMINATED}),
    State.DELIVERED: frozenset({State.ACCEPTED, State.RETURNED, State.TERMINATED}),
    State.RETURNED: frozenset({State.PAUSED, State.DELIVERED, State.TERMINATED, State.ACCEPTED}),
    State.ACCEPTED: frozenset({State.CLOSED, State.RETURNED}),
    State.CLOSED: frozenset(),
    State.DECLINED: frozenset(),
    State.LAPSED: frozenset(),
    State.CANCELLED: frozenset(),
    State.TERMINATED: frozenset(),
}


class HandoverState(StrEnum):
    """What becomes of work for a project that another enterprise has by now."""

    ASKED = "asked"
    REFERRED = "referred"
    PASSED = "passed"
    STAYS = "stays"
    DROPPED = "dropped"


# Both enterprises agree, or one keeps it where it is; what neither settles the supervisor settles.
# It is dropped where the work is over, or the record names yet another enterprise.
HANDOVER_STEPS: dict[HandoverState, frozenset[HandoverState]] = {
    HandoverState.ASKED: frozenset(set(HandoverState) - {HandoverState.ASKED}),
    HandoverState.REFERRED: frozenset(
        {HandoverState.PASSED, HandoverState.STAYS, HandoverState.DROPPED}
    ),
    HandoverState.PASSED: frozenset(),
    HandoverState.STAYS: frozenset(),
    HandoverState.DROPPED: frozenset(),
}
HANDOVER_OPEN = frozenset(state for state, targets in HANDOVER_STEPS.items() if targets)


def step_handover(current: HandoverState, target: HandoverState) -> HandoverState:
    """Return `target` if the step is legal, else raise `Refused("handover.illegal_step")`."""
    return steps.step(HANDOVER_STEPS, current, target, "handover.illegal_step")


ENDED = frozenset(state for state, targets in STEPS.items() if not targets)
OPEN = frozenset(State) - ENDED
# Ended without the work being done: the claim on the item and the money go back.
GIVEN_UP = ENDED - {State.CLOSED}
# The provider's clock runs.
RUNNING = frozenset({State.IN_PROGRESS, State.RETURNED})
# Both sides agree on a contract before the work, and change it while the work goes on, but not
# while the client looks at a result.
AGREEABLE = RUNNING | {State.TAKEN_ON, State.CONTRACTED, State.PAUSED}
TERMINABLE = frozenset(state for state in STEPS if State.TERMINATED in STEPS[state])
DONE = frozenset({State.ACCEPTED, State.CLOSED})
# The work is in hand no more: its place with the institution is free for good.
OFF_HAND = GIVEN_UP | DONE

# Who has to act next; but a pause is ended by the side that paused it, and the contract waits for
# the side whose confirmation is missing.
OWES: dict[State, Side] = {
    State.REQUESTED: Side.PROVIDER,
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
    State.RETURNED: "rework",
    State.DELIVERED: "acceptance",
    State.ACCEPTED: "rating",
}


def step(current: State, target: State) -> State:
    """Return `target` if the step is legal, else raise `Refused("engagement.illegal_step")`."""
    return steps.step(STEPS, current, target, "engagement.illegal_step")


def owes(state: State, paused_by: Side | None, contract_owed_by: Side | None) -> Side | None:
    """Whose turn it is; None when nobody owes anything."""
    named = {State.PAUSED: paused_by, State.TAKEN_ON: contract_owed_by}
    return named[state] if state in named else OWES.get(state)


def other_side(side: Side) -> Side:
    """The other of the two parties."""
    return Side.PROVIDER if side is Side.CLIENT else Side.CLIENT


class Way(StrEnum):
    """How the work goes on."""

    KEEP = "keep"
    MOVE = "move"


# Until the work is accepted there is something to keep or to move.
UNDER_WAY = OPEN - {State.ACCEPTED}
# Work an institution has taken on and that is not accepted may pass to another enterprise.
PASSABLE = UNDER_WAY - {State.REQUESTED}


class Told(StrEnum):
    """How far the party whose turn it is has been reminded of the present due day."""

    NOT = "not"
    SOON = "soon"
    OVER = "over"


@dataclass(frozen=True)
class Limits:
    """The numbers of the rulebook an engagement follows."""

    answer: int
    contract_reminder: int
    contract_lapse: Limit
    materials: int
    acceptance: int
    rating: int
    yellow: int


@dataclass(frozen=True)
class Turn:
    """The day by which somebody must act, and the day on which they are reminded of it."""

    due_on: date
    remind_on: date


def turn(state: State, calendar: Calendar, limits: Limits, since: date) -> Turn | None:
    """What is owed in a state entered on the day `since`; None where the work's clock says it.

    A request is reminded of on its last day, a missing contract after the rulebook's working
    days; materials, acceptance and rating when their light turns yellow.
    """
    if state is State.REQUESTED:
        due = deadline(calendar, since, limits.answer)
        return Turn(due, due)
    if state is State.TAKEN_ON:
        # Each confirmation that is missing has its own days, from when it began to be missing.
        due = deadline(calendar, since, limits.contract_lapse)
        return Turn(due, deadline(calendar, since, limits.contract_reminder))
    days = {
        State.CONTRACTED: limits.materials,
        State.DELIVERED: limits.acceptance,
        State.ACCEPTED: limits.rating,
    }.get(state)
    if days is None:
        return None
    due = deadline(calendar, since, days)
    return Turn(due, calendar.add_workdays(due, -limits.yellow))


def lapses(state: State, origin: Origin) -> bool:
    """Whether it ends by itself when the day for an answer or a contract is over.

    An award never does: whoever let it lie, the supervisor rules what becomes of it.
    """
    return state is State.REQUESTED or (state is State.TAKEN_ON and origin is Origin.PICK)


def lapsed_on(due_on: date | None, today: date) -> date | None:
    """The day that is over today of what then lapses: from then on nothing else happens."""
    return due_on if due_on is not None and today > due_on else None


@dataclass(frozen=True)
class Work:
    """The provider's clock: its limit, the day it started, and when it stood."""

    limit: Limit
    started: date
    pauses: Sequence[Pause]


def work_turn(work: Work, calendar: Calendar, limits: Limits, today: date) -> Turn:
    """The last day of the provider's limit, and the day on which its light turns yellow."""
    due = due_date(calendar, work.limit, work.started, work.pauses, today=today)
    day = calendar.add_workdays(due, -limits.yellow)
    while day < due and _colour(work, calendar, limits, day) is Light.GREEN:
        day += timedelta(days=1)
    return Turn(due, day)


def _colour(work: Work, calendar: Calendar, limits: Limits, day: date) -> Light:
    return light(calendar, work.limit, work.started, work.pauses, day, yellow_days=limits.yellow)


def colour(due_on: date | None, remind_on: date | None, today: date) -> str:
    """The light of a day that is owed: red after it, yellow from its reminder on; or none."""
    if due_on is None or remind_on is None:
        return "none"
    if today > due_on:
        return Light.RED.value
    return Light.YELLOW.value if today >= remind_on else Light.GREEN.value


def attention(found: Turn | None, told: Told) -> datetime | None:
    """The instant at which the tick looks at it next: the reminder, then the end of the due day."""
    if found is None or told is Told.OVER:
        return None
    ends = lapses_at(found.due_on)
    if told is Told.SOON:
        return ends
    return min(start_of_day(found.remind_on), ends)


def agreed_limit(listed: Limit, days: int | None, *, must_agree: bool = False) -> Limit:
    """The listed limit of the item, or a shorter one agreed in the same unit.

    Refuses `engagement.limit_too_long` for one that is longer, or not even a day, and
    `engagement.days_needed` for none where the item has no limit but the one that is agreed.
    """
    if days is None and must_agree:
        raise Refused("engagement.days_needed", field="limit_days")
    if days is None:
        return listed
    if not 1 <= days <= listed.value:
        raise Refused("engagement.limit_too_long", field="limit_days", limit=listed)
    return Limit(days, listed.unit)


def binding_promise(promised: int | None, limit: Limit) -> int | None:
    """What an institution promised, where that binds it more than the limit does.

    A promise is made for the longest limit of an item. For a class with a shorter one, or where
    fewer days were agreed, only the limit counts: a longer promise holds for nothing.
    """
    return promised if promised is not None and promised <= limit.value else None


def as_counted(calendar: Calendar, settled: dict[date, bool]) -> Calendar:
    """The calendar with the days that are past as they were counted then (invariant I7)."""
    return Calendar({**calendar.special, **settled}, calendar.years)
