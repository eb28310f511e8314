"""What several do about a verdict at the same instant."""

from marketplace.budgets.services import paying
from marketplace.engagements.models import Engagement
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from tests.verdicts import message, take


def judge(uow: UnitOfWork, engagement: int, sequence: int, returned: int) -> None:
    """The department returns, or accepts, the first version."""
    number = uow.find(Engagement, engagement).number
    take(uow, message(number, "returned" if returned else "accepted", sequence))


def rate(uow: UnitOfWork, engagement: int) -> None:
    """The client rates."""
    ratings.rate_engagement(uow, engagement=engagement, scores=dict.fromkeys(CRITERIA, 5))


def propose(uow: UnitOfWork, hold: int, amount_fen: int) -> None:
    """The department proposes a payment."""
    paying.propose_payment(uow, hold=hold, amount_fen=amount_fen)


def approve(uow: UnitOfWork, payment: int) -> None:
    """Another person approves a payment."""
    paying.approve_payment(uow, payment=payment)
