"""What falls due in assessments: objection periods end, hearings end, decisions are published."""

from datetime import datetime

from marketplace.assessments.queries import cycles, removals
from marketplace.assessments.services import assessing, removing
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def settle_cycles(opens: Opens, now: datetime) -> int:
    """End the time for objections of every cycle whose day is over."""
    with reading_session() as session:
        due = list(cycles.due_cycles(session, now))
    return settle_each(opens, due, lambda uow, key: assessing.settle_cycle(uow, cycle=key))


def settle_removals(opens: Opens, now: datetime) -> int:
    """Settle every removal case that needs attention."""
    with reading_session() as session:
        due = list(removals.due_removals(session, now))
    return settle_each(opens, due, lambda uow, key: removing.settle_removal(uow, case=key))
