"""What falls due in quotation rounds: the day by which institutions answer."""

from datetime import datetime

from marketplace.engagements.queries import quoting_parties
from marketplace.engagements.services import quoting
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def settle_rounds(opens: Opens, now: datetime) -> int:
    """Close every round whose day has ended, each in an act of its own."""
    with reading_session() as session:
        due = list(quoting_parties.due_rounds(session, now))
    return settle_each(opens, due, lambda uow, key: quoting.settle_round(uow, quotation_round=key))
