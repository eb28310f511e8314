"""What falls due in contracts: an amendment that was not confirmed in time lapses."""

from datetime import datetime

from marketplace.contracts import services
from marketplace.contracts.queries import reading
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.kernel.times import local_date


def lapse_amendments(opens: Opens, now: datetime) -> int:
    """End every amendment whose day is over, each in an act of its own."""
    with reading_session() as session:
        due = reading.due_amendments(session, local_date(now))
    return settle_each(opens, due, lambda uow, key: services.lapse_amendment(uow, version=key))
