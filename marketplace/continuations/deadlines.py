"""What falls due: clients are asked, and what they did not answer is settled."""

from datetime import datetime

from marketplace.continuations import queries, services
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.kernel.times import local_date


def settle_continuations(opens: Opens, now: datetime) -> int:
    """Settle every question whose day is over and ask what was not asked, each in its own act."""
    with reading_session() as session:
        due = list(queries.due_continuations(session, local_date(now)))
        unasked = list(queries.unasked_projects(session))
    settled = settle_each(
        opens, due, lambda uow, key: services.settle_continuation(uow, continuation=key)
    )
    return settled + settle_each(opens, unasked, services.follow_project)
