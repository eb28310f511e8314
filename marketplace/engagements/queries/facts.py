"""What accepted engagements say about an institution's work, for its annual assessment."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.engagements.models import ClientRating, Engagement
from marketplace.engagements.queries.rows import WorkFact
from marketplace.engagements.rules.rating import mean_of
from marketplace.kernel.times import end_of_day, local_date, start_of_day


def work_facts(session: Session, listing_id: int, since: date, until: date) -> tuple[WorkFact, ...]:
    """The engagements of a listing accepted from `since` to `until`, both included."""
    found = session.scalars(
        select(Engagement)
        .where(
            Engagement.listing_id == listing_id,
            Engagement.accepted_at >= start_of_day(since),
            Engagement.accepted_at < end_of_day(until),
        )
        .order_by(Engagement.accepted_at, Engagement.id)
    ).all()
    means = _means(session, [row.id for row in found])
    return tuple(_fact(row, means.get(row.id)) for row in found)


def _fact(row: Engagement, rating_mean: Decimal | None) -> WorkFact:
    if row.accepted_at is None or row.delivered_at is None or row.due_on is None:
        raise ValueError(f"engagement {row.id} is accepted but was never delivered")
    return WorkFact(
        engagement_id=row.id,
        number=row.number,
        accepted_on=local_date(row.accepted_at),
        delivered_on=local_date(row.delivered_at),
        due_on=row.due_on,
        within_limit=bool(row.within_limit),
        returns=row.returns,
        rating_mean=rating_mean,
    )


def _means(session: Session, ids: list[int]) -> dict[int, Decimal]:
    """The mean of each engagement's rating; those without one are left out."""
    query = select(ClientRating).where(ClientRating.engagement_id.in_(ids))
    return {row.engagement_id: mean_of(row.scores().values()) for row in session.scalars(query)}
