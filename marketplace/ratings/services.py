"""Client ratings: rate once, revise once, and the institution's one reply."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from marketplace.engagements import services as engagements
from marketplace.engagements.queries import EngagementParty
from marketplace.infra.rows import in_common
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import local_date
from marketplace.ratings import policy, queries
from marketplace.ratings.events import EngagementRated, RatingAnswered, RatingRevised
from marketplace.ratings.models import ClientRating, FormerRating
from marketplace.ratings.policy import RatingStanding
from marketplace.ratings.rules import CRITERIA, check_scores


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
        **in_common(row, ClientRating),
        engagement_id=row.id,
        **{one: scores[one] for one in CRITERIA},
        comment=optional(comment, "comment"),
        rated_on=local_date(uow.now),
        rated_at=uow.now,
        rated_by=uow.user_id,
    )
    try:
        uow.add(rating)
    except IntegrityError:
        raise Refused("rating.already_rated") from None
    uow.record(EngagementRated.of(row, rating_id=rating.id))
    engagements.note_rating(uow, engagement=row.id)
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
    rating.comment = optional(comment, "comment")
    rating.revised_at, rating.revised_by = uow.now, uow.user_id
    uow.record(RatingRevised.of(row, rating_id=rating.id))


def answer_rating(uow: UnitOfWork, *, engagement: int | str, words: str) -> None:
    """The institution replies to its rating, once; the reply stands beside it in public."""
    row, rating, standing = _lock(uow, engagement)
    policy.may_reply(uow.actor, standing).require()
    if rating is None:
        raise Refused("rating.not_rated")
    rating.reply = required(words, "words")
    rating.replied_at, rating.replied_by = uow.now, uow.user_id
    uow.record(RatingAnswered.of(row, rating_id=rating.id))


def _lock(
    uow: UnitOfWork, key: int | str
) -> tuple[EngagementParty, ClientRating | None, RatingStanding]:
    """Lock the engagement and read its rating under the lock; to outsiders neither exists."""
    row = engagements.hold_engagement(uow, engagement=key)
    rating = queries.find_rating(uow.session, row.id)
    return row, rating, queries.standing_of(uow.session, row, rating, local_date(uow.now))
