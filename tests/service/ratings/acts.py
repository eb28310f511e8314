"""What several do to ratings at the same instant."""

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.ratings import services
from marketplace.ratings.rules import CRITERIA


def rate(uow: UnitOfWork, engagement: int, score: int) -> None:
    """The client rates every criterion alike."""
    scores = dict.fromkeys(CRITERIA, score)
    services.rate_engagement(uow, engagement=engagement, scores=scores)
