"""What falls due: awards whose contract is overdue are asked about."""

from datetime import datetime

from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.rulings import queries, services


def ask_for_rulings(opens: Opens, _now: datetime) -> int:
    """Ask the supervisor about each that was not asked about yet, in an act of its own."""
    with reading_session() as session:
        unasked = queries.unasked(session)
    return settle_each(
        opens, unasked, lambda uow, key: services.ask_for_ruling(uow, engagement=key)
    )
