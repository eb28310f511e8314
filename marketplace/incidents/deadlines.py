"""What falls due: incidents that nobody answered in time are recorded so."""

from datetime import datetime

from marketplace.incidents import queries, services
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.kernel.times import local_date


def settle_incidents(opens: Opens, now: datetime) -> int:
    """Record every incident whose day for an answer is over, each in an act of its own."""
    with reading_session() as session:
        due = queries.due_incidents(session, local_date(now))
    return settle_each(opens, due, lambda uow, key: services.settle_incident(uow, incident=key))
