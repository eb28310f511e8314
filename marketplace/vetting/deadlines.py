"""What falls due in vetting: unanswered returns lapse, missed days are escalated."""

from datetime import datetime

from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.vetting.queries import lists
from marketplace.vetting.services import casework


def settle_cases(opens: Opens, now: datetime) -> int:
    """Settle every case that needs attention, each in an act of its own."""
    with reading_session() as session:
        due = list(lists.due_cases(session, now))
    return settle_each(opens, due, lambda uow, key: casework.settle_case(uow, case=key))
