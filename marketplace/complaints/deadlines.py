"""What falls due in complaints: hearings end, missed days are escalated, answers stand."""

from datetime import datetime

from marketplace.complaints.queries.complaints import due_complaints
from marketplace.complaints.queries.objections import due_objections
from marketplace.complaints.services.complaints import settle_complaint
from marketplace.complaints.services.objections import settle_objection
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def settle_complaints(opens: Opens, now: datetime) -> int:
    """Settle every complaint that needs attention, each in an act of its own."""
    with reading_session() as session:
        due = list(due_complaints(session, now))
    return settle_each(opens, due, lambda uow, key: settle_complaint(uow, complaint=key))


def settle_objections(opens: Opens, now: datetime) -> int:
    """Escalate every objection whose day was missed."""
    with reading_session() as session:
        due = list(due_objections(session, now))
    return settle_each(opens, due, lambda uow, key: settle_objection(uow, objection=key))
