"""Time limits: the arithmetic, and how a clock is shown."""

from marketplace.clocks.rules.limits import (
    Light,
    Pause,
    counts,
    deadline,
    due_date,
    elapsed_days,
    is_provisional,
    lapses_at,
    light,
    light_on,
    merge_pauses,
    yellow_until,
)
from marketplace.clocks.rules.views import ClockView, DayMark, StripDay, view_clock
from marketplace.clocks.rules.waiting import Waiting

__all__ = [
    "ClockView",
    "DayMark",
    "Light",
    "Pause",
    "StripDay",
    "Waiting",
    "counts",
    "deadline",
    "due_date",
    "elapsed_days",
    "is_provisional",
    "lapses_at",
    "light",
    "light_on",
    "merge_pauses",
    "view_clock",
    "yellow_until",
]
