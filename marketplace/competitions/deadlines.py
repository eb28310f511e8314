"""What falls due in competitions: sign-up closes, awards hold when nobody objected."""

from datetime import datetime

from marketplace.competitions.queries import lists
from marketplace.competitions.services import awarding
from marketplace.infra.database import reading_session
from marketplace.infra.ticks import Opens, settle_each


def settle_competitions(opens: Opens, now: datetime) -> int:
    """Settle every competition that needs attention, each in an act of its own."""
    with reading_session() as session:
        due = list(lists.due_competitions(session, now))
    return settle_each(
        opens, due, lambda uow, key: awarding.settle_competition(uow, competition=key)
    )
