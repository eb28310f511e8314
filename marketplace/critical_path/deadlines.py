"""What falls due by itself: the days of the plan are nearly used up."""

from datetime import datetime

from marketplace.critical_path import queries, services
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.kernel.times import local_date


def tell_near_days(opens: Opens, now: datetime) -> int:
    """Look at every project whose days may be near, each in an act of its own."""
    with reading_session() as session:
        due = queries.due_watches(session, local_date(now))
    return settle_each(opens, due, lambda uow, key: services.look_at_days(uow, project=key))
