"""What falls due in quotation rounds: the day by which institutions answer."""

from datetime import datetime

from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each
from marketplace.quotations.queries.rounds import due_rounds
from marketplace.quotations.services import asking


def settle_rounds(opens: Opens, now: datetime) -> int:
    """Close every round whose day has ended, each in an act of its own."""
    with reading_session() as session:
        due = list(due_rounds(session, now))
    return settle_each(opens, due, lambda uow, key: asking.settle_round(uow, quotation_round=key))
