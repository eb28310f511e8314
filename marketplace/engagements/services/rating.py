"""Client ratings: rate once, revise once, and the institution's one reply."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.engagements import rating_policy as policy
from marketplace.engagements.events import EngagementRated, RatingAnswered, RatingRevised
from marketplace.engagements.models import Engagement
from marketplace.engagements.models.rating import ClientRating, FormerRating
from marketplace.engagements.queries import rating as queries
from marketplace.engagements.rating_policy import RatingStanding
from marketplace.engagements.rules.rating import CRITERIA, check_scores
from marketplace.engagements.services import working
from marketplace.engagements.services.closing import note_rating
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.personal import has_personal_number
from marketplace.kernel.times import local_date


def rate_engagement(
    uow: UnitOfWork, *, engagement: int | str, scores: Mapping[str, int], comment: str = ""
) -> str:
    """The client scores the work on five criteria; returns the rating's public id.

    Refused before the acceptance, after the rulebook's working days, with a personal number in
    the comment, and a second time: of two ratings at once the second finds the first. The
    engagement closes with it when nothing else is owed.
    """
    row, rating, standing = _lock(uow, engagement)
    policy.may_rate(uow.actor, standing).require()
    check_scores(scores)
    rating = ClientRating(
        engagement_id=row.id,
        listing_id=row.listing_id,
        item_code=row.item_code,
        client_id=row.client_id,
        provider_id=row.provider_id,
        **{one: scores[one] for one in CRITERIA},
        comment=_public(comment, "comment"),
        rated_on=local_date(uow.now),
        rated_at=uow.now,
        rated_by=working.acting_user(uow),
    )
    try:
        uow.add(rating)
    except IntegrityError:
        raise Refused("rating.already_rated") from None
    working.record(uow, row, EngagementRated, rating_id=rating.id)
    note_rating(uow, engagement=row.id)
    return rating.public_id


def revise_rating(
    uow: UnitOfWork, *, engagement: int | str, scores: Mapping[str, int], comment: str = ""
) -> None:
    """The client changes its rating, once; what it said before stays on record."""
    row, rating, standing = _lock(uow, engagement)
    policy.may_revise(uow.actor, standing).require()
    check_scores(scores)
    if rating is None:
        raise Refused("rating.not_rated")
    uow.session.add(
        FormerRating(
            rating_id=rating.id,
            **rating.scores(),
            comment=rating.comment,
            replaced_at=uow.now,
        )
    )
    for one in CRITERIA:
        setattr(rating, one, scores[one])
    rating.comment = _public(comment, "comment")
    rating.revised_at, rating.revised_by = uow.now, working.acting_user(uow)
    working.record(uow, row, RatingRevised, rating_id=rating.id)


def answer_rating(uow: UnitOfWork, *, engagement: int | str, words: str) -> None:
    """The institution replies to its rating, once; the reply stands beside it in public."""
    row, rating, standing = _lock(uow, engagement)
    policy.may_reply(uow.actor, standing).require()
    if rating is None:
        raise Refused("rating.not_rated")
    rating.reply = _public(working.required(words, "words"), "words")
    rating.replied_at, rating.replied_by = uow.now, working.acting_user(uow)
    working.record(uow, row, RatingAnswered, rating_id=rating.id)


def _public(words: str, field: str) -> str:
    """What everybody will read holds no identity, mobile or bank card number (invariant I8)."""
    if has_personal_number(words):
        raise Refused("rating.personal_number", field=field)
    return words.strip()


def _lock(
    uow: UnitOfWork, key: int | str
) -> tuple[Engagement, ClientRating | None, RatingStanding]:
    """Lock the engagement and read its rating under the lock; to outsiders neither exists."""
    row, _standing = working.lock_engagement(uow, key)
    rating = uow.session.scalars(
        select(ClientRating).where(ClientRating.engagement_id == row.id)
    ).one_or_none()
    today = local_date(uow.now)
    return row, rating, queries.standing_of(uow.session, row, rating, today)
