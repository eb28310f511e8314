"""Pure rules of complaints: life cycles, deadlines, how people are named in public."""

from marketplace.complaints.rules.states import (
    CLOSED,
    DECIDED,
    OBJECTION_STEPS,
    STEPS,
    About,
    ComplaintState,
    Filer,
    ObjectionState,
    Outcome,
    move,
    move_objection,
)
from marketplace.complaints.rules.timing import Days, light_of, masked_name, step_due

__all__ = [
    "CLOSED",
    "DECIDED",
    "OBJECTION_STEPS",
    "STEPS",
    "About",
    "ComplaintState",
    "Days",
    "Filer",
    "ObjectionState",
    "Outcome",
    "light_of",
    "masked_name",
    "move",
    "move_objection",
    "step_due",
]
