"""What goes back when an engagement ends without the work being done: the claim and the money."""

from marketplace.budgets import services as budgets
from marketplace.competitions import services as competitions
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import ClientKind
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects import services as projects

RECORD = "engagement"


def step_back(uow: UnitOfWork, row: Engagement) -> None:
    """Before a contract: the item is free again; an award goes to the next in order."""
    if row.competition_id is not None:
        competitions.winner_declined(uow, competition_id=row.competition_id, engagement_id=row.id)
        return
    projects.release_item(uow, record_kind=RECORD, record_id=row.id)


def release(uow: UnitOfWork, row: Engagement) -> None:
    """After a contract: the item is free again, and what the budget still holds for it."""
    if row.client_kind is ClientKind.DEPARTMENT:
        budgets.release_hold(uow, purpose_kind=RECORD, purpose_id=row.id)
    projects.release_item(uow, record_kind=RECORD, record_id=row.id)
