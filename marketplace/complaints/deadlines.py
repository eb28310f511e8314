"""What falls due in complaints: hearings end, missed days are escalated, answers stand."""

from datetime import datetime

from marketplace.complaints import queries, services
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def settle_complaints(opens: Opens, now: datetime) -> int:
    """Settle every complaint that needs attention, each in an act of its own."""
    with reading_session() as session:
        due = list(queries.due_complaints(session, now))
    return settle_each(opens, due, lambda uow, key: services.settle_complaint(uow, complaint=key))


def settle_objections(opens: Opens, now: datetime) -> int:
    """Escalate every objection whose day was missed."""
    with reading_session() as session:
        due = list(queries.due_objections(session, now))
    return settle_each(opens, due, lambda uow, key: services.settle_objection(uow, objection=key))
