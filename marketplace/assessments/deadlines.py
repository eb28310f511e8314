"""What falls due in assessments: objection periods end, hearings end, decisions are published."""

from datetime import datetime

from marketplace.assessments import queries, services
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def settle_cycles(opens: Opens, now: datetime) -> int:
    """End the time for objections of every cycle whose day is over."""
    with reading_session() as session:
        due = list(queries.due_cycles(session, now))
    return settle_each(opens, due, lambda uow, key: services.settle_cycle(uow, cycle=key))


def settle_removals(opens: Opens, now: datetime) -> int:
    """Settle every removal case that needs attention."""
    with reading_session() as session:
        due = list(queries.due_removals(session, now))
    return settle_each(opens, due, lambda uow, key: services.settle_removal(uow, case=key))
