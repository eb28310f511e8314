"""Reading client ratings: one with its standing, and the means that assessments use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.engagements.models import Engagement
from marketplace.engagements.models.rating import ClientRating, FormerRating
from marketplace.engagements.rating_policy import RatingStanding
from marketplace.engagements.rules import rating as rules
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class FormerRow:
    """What a rating said before it was revised."""

    scores: Mapping[str, int]
    comment: str


@dataclass(frozen=True)
class RatingRow:
    """A rating as the parties see it, with what it was before its revision."""

    id: int
    public_id: str
    engagement_id: int
    scores: Mapping[str, int]
    comment: str
    rated_at: datetime
    rated_by_name: str
    revised_at: datetime | None
    former: FormerRow | None
    reply: str
    replied_at: datetime | None

    @property
    def mean(self) -> Decimal:
        """The mean of the five criteria."""
        return rules.mean_of(self.scores.values())


def is_rated(session: Session, engagement_id: int) -> bool:
    """Whether the client has rated the engagement."""
    query = select(ClientRating.id).where(ClientRating.engagement_id == engagement_id)
    return session.scalar(query) is not None


def rating_of(session: Session, engagement_id: int) -> RatingRow | None:
    """The rating of an engagement, if it has one."""
    query = select(ClientRating).where(ClientRating.engagement_id == engagement_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    former = session.scalars(
        select(FormerRating).where(FormerRating.rating_id == row.id)
    ).one_or_none()
    return RatingRow(
        id=row.id,
        public_id=row.public_id,
        engagement_id=row.engagement_id,
        scores=row.scores(),
        comment=row.comment,
        rated_at=row.rated_at,
        rated_by_name=accounts.people(session, [row.rated_by]).get(row.rated_by, ""),
        revised_at=row.revised_at,
        former=FormerRow(former.scores(), former.comment) if former else None,
        reply=row.reply,
        replied_at=row.replied_at,
    )


def rating_standing(session: Session, engagement_id: int, today: date) -> RatingStanding:
    """What the policies ask about rating an engagement on a day."""
    row = session.scalars(select(Engagement).where(Engagement.id == engagement_id)).one()
    rating = session.scalars(
        select(ClientRating).where(ClientRating.engagement_id == engagement_id)
    ).one_or_none()
    return standing_of(session, row, rating, today)


def standing_of(
    session: Session, row: Engagement, rating: ClientRating | None, today: date
) -> RatingStanding:
    """The same for rows that were read, or locked, already."""
    return RatingStanding(
        state=row.state,
        client_id=row.client_id,
        provider_id=row.provider_id,
        today=today,
        rate_by=_until(session, row.accepted_at, "rating.days"),
        rated=rating is not None,
        revise_by=_until(session, rating.rated_at, "rating.revision_days") if rating else None,
        revised=rating is not None and rating.revised_at is not None,
        replied=rating is not None and rating.replied_at is not None,
    )


def _until(session: Session, since: datetime | None, key: str) -> date | None:
    """The last of the rulebook's working days after an instant, by the numbers of that day."""
    if since is None:
        return None
    day = local_date(since)
    return rules.last_day(catalogue.calendar(session), day, int(catalogue.rule(session, key, day)))


# ------------------------------------------------------------------ means


def means_of(session: Session, engagement_ids: Iterable[int]) -> dict[int, Decimal]:
    """The mean of each of these engagements' ratings; those without one are left out."""
    query = select(ClientRating).where(ClientRating.engagement_id.in_(list(engagement_ids)))
    return {row.engagement_id: _mean(row) for row in session.scalars(query)}


def rating_means(
    session: Session, listing_id: int, since: date, until: date
) -> tuple[int, Decimal | None]:
    """How many ratings a listing got from `since` to `until`, both included, and their mean."""
    query = select(ClientRating).where(
        ClientRating.listing_id == listing_id, ClientRating.rated_on.between(since, until)
    )
    means = [_mean(row) for row in session.scalars(query)]
    return len(means), rules.mean(means)


def item_mean(session: Session, item_code: str, until: date) -> Decimal | None:
    """The mean of all ratings for an item up to a day; None while there are none."""
    query = select(ClientRating).where(
        ClientRating.item_code == item_code, ClientRating.rated_on <= until
    )
    return rules.mean(_mean(row) for row in session.scalars(query))


def _mean(row: ClientRating) -> Decimal:
    return rules.mean_of(row.scores().values())
