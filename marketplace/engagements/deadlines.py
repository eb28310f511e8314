"""What falls due in engagements: days settle, reminders go out, what nobody answered lapses."""

from datetime import datetime

from marketplace.engagements.queries import handovers, lists, standings
from marketplace.engagements.services import ending, handing
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.kernel.times import local_date


def settle_days(opens: Opens, now: datetime) -> int:
    """Settle every day that has come, so that what is counted of it never changes."""
    today = local_date(now)
    with reading_session() as session:
        if standings.first_unsettled(session, today) > today:
            return 0
    with opens() as uow:
        return ending.settle_days(uow, through=today)


def settle_engagements(opens: Opens, now: datetime) -> int:
    """Settle every engagement that needs attention, each in an act of its own."""
    with reading_session() as session:
        due = list(lists.due_engagements(session, now))
    return settle_each(opens, due, lambda uow, key: ending.settle_engagement(uow, engagement=key))


def refer_handovers(opens: Opens, now: datetime) -> int:
    """Give the supervisor what two enterprises have not settled in time."""
    with reading_session() as session:
        due = list(handovers.due_handovers(session, local_date(now)))
    return settle_each(opens, due, lambda uow, key: handing.refer_handover(uow, handover=key))
