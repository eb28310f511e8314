"""The life of a case, what is checked in it, and by when: pure."""

from marketplace.vetting.rules.checklist import (
    Evidence,
    Point,
    answer_that_holds,
    checklist,
    not_ok_points,
    open_points,
)
from marketplace.vetting.rules.states import (
    CLOSED,
    OPEN,
    STAGE_OF,
    STEPS,
    CaseKind,
    CaseState,
    Ending,
    Outcome,
    Result,
    Stage,
    check_proposal,
    step,
)
from marketplace.vetting.rules.timing import (
    Limits,
    Timed,
    case_clock,
    due_day,
    lapse_day,
    light_of,
)

__all__ = [
    "CLOSED",
    "OPEN",
    "STAGE_OF",
    "STEPS",
    "CaseKind",
    "CaseState",
    "Ending",
    "Evidence",
    "Limits",
    "Outcome",
    "Point",
    "Result",
    "Stage",
    "Timed",
    "answer_that_holds",
    "case_clock",
    "check_proposal",
    "checklist",
    "due_day",
    "lapse_day",
    "light_of",
    "not_ok_points",
    "open_points",
    "step",
]
