"""What everybody may read of an institution's work: ratings, comments, and measured facts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.clocks.rules import elapsed_days
from marketplace.engagements.models import ClientRating, Engagement
from marketplace.engagements.queries.clock import counting_calendar, limit_of, standing_times
from marketplace.engagements.rules import DONE
from marketplace.engagements.rules.rating import CRITERIA, mean, mean_of
from marketplace.kernel.actors import STAFF_CAPACITIES
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar

# So many comments are shown of each listing, the latest first.
SHOWN = 10
# So many of the latest works are measured.
MEASURED = 50


@dataclass(frozen=True)
class PublicRating:
    """A rating as everybody sees it; without `client_name` for an enterprise: it stays unnamed."""

    scores: Mapping[str, int]
    mean: Decimal
    comment: str
    rated_on: date
    revised: bool
    reply: str
    client_name: str


@dataclass(frozen=True)
class ListingRatings:
    """What clients said of one listing: how many, the mean, each criterion, the latest words."""

    count: int
    mean: Decimal | None
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    latest: tuple[PublicRating, ...] = ()


@dataclass(frozen=True)
class MeasuredWork:
    """What the platform measured of a listing's accepted works, the latest `MEASURED` of them.

    Days are in the unit of the item's limit, pauses and the client's own time left out.
    """

    count: int
    within_limit: int
    without_return: int
    days_used: Decimal
    days_allowed: Decimal
    days_promised: Decimal | None


NO_RATINGS = ListingRatings(0, None)


def rating_counts(session: Session, listing_ids: Collection[int]) -> dict[int, ListingRatings]:
    """How many ratings each listing has, and their means, in one query; none are left out."""
    sums = [func.sum(getattr(ClientRating, one)) for one in CRITERIA]
    query = (
        select(ClientRating.listing_id, func.count(ClientRating.id), *sums)
        .where(ClientRating.listing_id.in_(list(listing_ids)))
        .group_by(ClientRating.listing_id)
    )
    return {row[0]: _summary(int(row[1]), row[2:]) for row in session.execute(query)}


def _summary(count: int, sums: Sequence[int]) -> ListingRatings:
    means = [Decimal(int(total)) / count for total in sums]
    return ListingRatings(count, mean(means), dict(zip(CRITERIA, means, strict=True)))


def ratings_of_listings(
    session: Session, listing_ids: Collection[int]
) -> dict[int, ListingRatings]:
    """The same with the latest comments and replies; only public bodies are named."""
    found = rating_counts(session, listing_ids)
    if not found:
        return {}
    query = select(ClientRating).where(ClientRating.listing_id.in_(list(found)))
    query = query.order_by(ClientRating.rated_at.desc(), ClientRating.id.desc())
    latest: dict[int, list[ClientRating]] = defaultdict(list)
    for row in session.scalars(query.limit(SHOWN * len(found) * 5)):
        if len(latest[row.listing_id]) < SHOWN:
            latest[row.listing_id].append(row)
    names = _public_bodies(session, {row.client_id for rows in latest.values() for row in rows})
    return {
        key: replace(told, latest=tuple(_public(row, names) for row in latest[key]))
        for key, told in found.items()
    }


def _public_bodies(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = accounts.organisations(session, ids)
    return {key: row.name for key, row in rows.items() if row.capacities & STAFF_CAPACITIES}


def _public(row: ClientRating, names: Mapping[int, str]) -> PublicRating:
    return PublicRating(
        scores=row.scores(),
        mean=mean_of(row.scores().values()),
        comment=row.comment,
        rated_on=row.rated_on,
        revised=row.revised_at is not None,
        reply=row.reply,
        client_name=names.get(row.client_id, ""),
    )


def measured_work(session: Session, listing_ids: Collection[int]) -> dict[int, MeasuredWork]:
    """Days used against limit and promise, and returns, of accepted works; none are left out."""
    query = select(Engagement).where(
        Engagement.listing_id.in_(list(listing_ids)), Engagement.state.in_(DONE)
    )
    rows: dict[int, list[Engagement]] = defaultdict(list)
    for row in session.scalars(query.order_by(Engagement.accepted_at.desc()).limit(MEASURED * 10)):
        if len(rows[row.listing_id]) < MEASURED:
            rows[row.listing_id].append(row)
    if not rows:
        return {}
    starts = [local_date(row.requested_at) for found in rows.values() for row in found]
    calendar = counting_calendar(session, min(starts))
    return {key: _measured(calendar, found) for key, found in rows.items()}


def _measured(calendar: Calendar, rows: Sequence[Engagement]) -> MeasuredWork:
    count = len(rows)
    promised = [row.promised_days for row in rows if row.promised_days is not None]
    used = [_used(calendar, row) for row in rows]
    return MeasuredWork(
        count=count,
        within_limit=sum(bool(row.within_limit) for row in rows),
        without_return=sum(row.returns == 0 for row in rows),
        days_used=mean_of(used),
        days_allowed=mean_of(row.limit_value for row in rows),
        days_promised=mean_of(promised) if promised else None,
    )


def _used(calendar: Calendar, row: Engagement) -> int:
    """The days of the limit that the accepted version took."""
    if row.started_at is None or row.delivered_at is None:
        return 0
    start, end = local_date(row.started_at), local_date(row.delivered_at)
    return elapsed_days(calendar, limit_of(row), start, standing_times(row), end)
