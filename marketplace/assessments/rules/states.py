"""The life of an assessment cycle and of a removal case."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.kernel.steps import step


class CycleState(StrEnum):
    """Where a year's assessment stands."""

    PLANNED = "planned"
    OPEN = "open"
    CUT_OFF = "cut_off"
    SCORED = "scored"
    PRELIMINARY = "preliminary"
    OBJECTIONS = "objections"
    FINAL = "final"


class RemovalState(StrEnum):
    """Where a removal case stands."""

    OPENED = "opened"
    NOTIFIED = "notified"
    HEARD = "heard"
    PROPOSED = "proposed"
    DECIDED = "decided"
    PUBLISHED = "published"


class RemovalOutcome(StrEnum):
    """What is proposed and decided in a removal case."""

    REMOVE = "remove"
    DISMISS = "dismiss"


class ObjectionOutcome(StrEnum):
    """What is decided about an objection to a preliminary grade."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Veto(StrEnum):
    """Facts that give grade D by themselves, however little work there was."""

    FORGERY = "forgery"
    BLACKLIST = "blacklist"


class Step(StrEnum):
    """The checklist of a rectification plan."""

    CAUSE = "cause"
    HARM = "harm"
    PREVENTION = "prevention"


C, R = CycleState, RemovalState

# The whole life of a cycle. `preliminary` while objections are taken, `objections` once that time
# is over and those that came are decided.
CYCLE_STEPS: Mapping[CycleState, frozenset[CycleState]] = {
    C.PLANNED: frozenset({C.OPEN}),
    C.OPEN: frozenset({C.CUT_OFF}),
    C.CUT_OFF: frozenset({C.SCORED}),
    C.SCORED: frozenset({C.PRELIMINARY}),
    C.PRELIMINARY: frozenset({C.OBJECTIONS}),
    C.OBJECTIONS: frozenset({C.FINAL}),
    C.FINAL: frozenset(),
}

# Due process: nothing is decided before the institution was told and heard.
REMOVAL_STEPS: Mapping[RemovalState, frozenset[RemovalState]] = {
    R.OPENED: frozenset({R.NOTIFIED}),
    R.NOTIFIED: frozenset({R.HEARD}),
    R.HEARD: frozenset({R.PROPOSED}),
    R.PROPOSED: frozenset({R.DECIDED, R.HEARD}),
    R.DECIDED: frozenset({R.PUBLISHED}),
    R.PUBLISHED: frozenset(),
}

REMOVAL_OPEN = frozenset({R.OPENED, R.NOTIFIED, R.HEARD, R.PROPOSED})
# The grades of these cycles can be read by everybody.
PUBLIC_CYCLES = frozenset({C.PRELIMINARY, C.OBJECTIONS, C.FINAL})


def move_cycle(current: CycleState, target: CycleState) -> CycleState:
    """Return `target` if the table allows it, else raise `assessment.illegal_step`."""
    return step(CYCLE_STEPS, current, target, "assessment.illegal_step")


def move_removal(current: RemovalState, target: RemovalState) -> RemovalState:
    """Return `target` if the table allows it, else raise `removal.illegal_step`."""
    return step(REMOVAL_STEPS, current, target, "removal.illegal_step")
