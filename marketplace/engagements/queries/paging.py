"""A party's engagements a page at a time, by their numbers."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.engagements.models import Engagement
from marketplace.engagements.queries.lists import rows_of
from marketplace.engagements.queries.rows import EngagementRow
from marketplace.engagements.rules import State


def latest_engagements(
    session: Session,
    organisation_id: int,
    *,
    states: Collection[State] = (),
    below: str = "",
    limit: int,
    today: date | None = None,
) -> tuple[EngagementRow, ...]:
    """At most so many engagements of a party, the highest number first, below a number if given.

    Without states every state counts.
    """
    mine = (Engagement.client_id == organisation_id) | (Engagement.provider_id == organisation_id)
    query = select(Engagement).where(mine)
    if states:
        query = query.where(Engagement.state.in_(states))
    if below:
        query = query.where(Engagement.number < below)
    found = session.scalars(query.order_by(Engagement.number.desc()).limit(limit)).all()
    return rows_of(session, found, today)
