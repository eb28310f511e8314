"""Reading client ratings: one with its standing, means, and what everybody may read of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import add

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import EngagementParty, WorkFact
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.actors import STAFF_CAPACITIES
from marketplace.kernel.times import local_date
from marketplace.ratings import rules
from marketplace.ratings.models import ClientRating, FormerRating
from marketplace.ratings.policy import RatingStanding
from marketplace.verdicts import queries as verdicts

# So many comments are shown of each listing, the latest first.
SHOWN = 10
# So many of the latest works are measured.
MEASURED = 50
# So many are asked for with one statement; a database takes no more than 32,766 values.
_ASKED = 5_000
_SCORES = tuple(getattr(ClientRating, one) for one in rules.CRITERIA)


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


RATING = row_of(RatingRow, ClientRating, scores=LATER, rated_by_name=LATER, former=LATER)


def rating_of(session: Session, engagement_id: int) -> RatingRow | None:
    """The rating of an engagement, if it has one."""
    row = find_rating(session, engagement_id)
    if row is None:
        return None
    former = session.scalars(
        select(FormerRating).where(FormerRating.rating_id == row.id)
    ).one_or_none()
    return RATING.of(
        row,
        scores=row.scores(),
        rated_by_name=accounts.people(session, [row.rated_by]).get(row.rated_by, ""),
        former=FormerRow(former.scores(), former.comment) if former else None,
    )


def rating_standing(session: Session, engagement_id: int, today: date) -> RatingStanding:
    """What the policies ask about rating an engagement on a day."""
    party = engagements.party(session, engagement_id)
    return standing_of(session, party, find_rating(session, engagement_id), today)


def find_rating(session: Session, engagement_id: int) -> ClientRating | None:
    """The rating of an engagement as it is kept, if it has one."""
    query = select(ClientRating).where(ClientRating.engagement_id == engagement_id)
    return session.scalars(query).one_or_none()


def standing_of(
    session: Session, party: EngagementParty, rating: ClientRating | None, today: date
) -> RatingStanding:
    """The same for what was read, or locked, already."""
    return RatingStanding(
        client_id=party.client_id,
        provider_id=party.provider_id,
        today=today,
        rate_by=_until(session, party.accepted_at, "rating.days"),
        rated=rating is not None,
        revise_by=_until(session, rating.rated_at, "rating.revision_days") if rating else None,
        revised=rating is not None and rating.revised_at is not None,
        replied=rating is not None and rating.replied_at is not None,
        trail=engagements.trail(session, party.id),
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
    ids = list(engagement_ids)
    found: dict[int, Decimal] = {}
    for start in range(0, len(ids), _ASKED):
        part = ClientRating.engagement_id.in_(ids[start : start + _ASKED])
        for key, *scores in session.execute(
            select(ClientRating.engagement_id, *_SCORES).where(part)
        ):
            found[key] = rules.mean_of(scores)
    return found


def item_means(session: Session, until: date) -> dict[str, Decimal]:
    """The mean of all ratings up to a day for each item that has any."""
    together = reduce(add, _SCORES)
    query = select(ClientRating.item_code, func.sum(together), func.count()).where(
        ClientRating.rated_on <= until
    )
    # The mean of means of five whole numbers each: exact, as if each were reckoned by itself.
    return {
        item_code: Decimal(int(total)) / len(_SCORES) / count
        for item_code, total, count in session.execute(query.group_by(ClientRating.item_code))
    }


def _mean(row: ClientRating) -> Decimal:
    return rules.mean_of(row.scores().values())


# ------------------------------------------------------------------ in public


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
    sums = [func.sum(getattr(ClientRating, one)) for one in rules.CRITERIA]
    query = (
        select(ClientRating.listing_id, func.count(ClientRating.id), *sums)
        .where(ClientRating.listing_id.in_(list(listing_ids)))
        .group_by(ClientRating.listing_id)
    )
    return {row[0]: _summary(int(row[1]), row[2:]) for row in session.execute(query)}


def _summary(count: int, sums: Sequence[int]) -> ListingRatings:
    means = [Decimal(int(total)) / count for total in sums]
    return ListingRatings(count, rules.mean(means), dict(zip(rules.CRITERIA, means, strict=True)))


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
        mean=_mean(row),
        comment=row.comment,
        rated_on=row.rated_on,
        revised=row.revised_at is not None,
        reply=row.reply,
        client_name=names.get(row.client_id, ""),
    )


def measured_work(session: Session, listing_ids: Collection[int]) -> dict[int, MeasuredWork]:
    """Days used against limit and promise, and returns, of accepted works; none are left out."""
    found = verdicts.counted(session, engagements.latest_work(session, listing_ids, MEASURED))
    return {key: _measured(works) for key, works in found.items()}


def _measured(works: Sequence[WorkFact]) -> MeasuredWork:
    promised = [one.days_promised for one in works if one.days_promised is not None]
    return MeasuredWork(
        count=len(works),
        within_limit=sum(one.within_limit for one in works),
        without_return=sum(one.returns == 0 for one in works),
        days_used=rules.mean_of(one.days_used for one in works),
        days_allowed=rules.mean_of(one.days_allowed for one in works),
        days_promised=rules.mean_of(promised) if promised else None,
    )
