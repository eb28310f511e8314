"""By when each side acts on a complaint, its light, and how a person is named in public."""

from dataclasses import dataclass
from datetime import date

from marketplace.clocks.rules import deadline
from marketplace.complaints.rules.states import DECIDED, ComplaintState
from marketplace.kernel.workdays import Calendar


@dataclass(frozen=True)
class Days:
    """The limits in force, in working days."""

    acknowledge: int
    hearing: int
    decision: int
    yellow: int = 3


def step_due(
    calendar: Calendar, days: Days, state: ComplaintState, filed_on: date, since: date
) -> date | None:
    """The last day for whoever's turn it is: `since` is the day the state began.

    The decision is due counted from the day of filing, whatever the hearing took.
    """
    if state is ComplaintState.FILED:
        return deadline(calendar, filed_on, days.acknowledge)
    if state is ComplaintState.ACCEPTED:
        return deadline(calendar, since, days.hearing)
    if state is ComplaintState.INVESTIGATING:
        return deadline(calendar, filed_on, days.decision)
    if state in DECIDED:
        return deadline(calendar, since, days.decision)
    return None


def light_of(calendar: Calendar, days: Days, due: date | None, today: date) -> str:
    """Red after the due day, yellow in the last days before it, `none` where nothing is due."""
    if due is None:
        return "none"
    if today > due:
        return "red"
    return "yellow" if calendar.workdays_between(today, due) <= days.yellow else "green"


def masked_name(name: str) -> str:
    """A person as the public may read of them: the first character and 某."""
    return f"{name.strip()[:1]}某" if name.strip() else ""
