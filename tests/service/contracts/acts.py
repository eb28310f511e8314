"""What several do to a contract at the same instant."""

from marketplace.contracts import services
from marketplace.contracts.queries.reading import versions_of
from marketplace.engagements.services import beginning
from marketplace.infra.unit_of_work import UnitOfWork


def confirm(uow: UnitOfWork, engagement: int) -> None:
    """Confirm what stands there."""
    shown = versions_of(uow.session, engagement)[0]
    services.confirm(uow, engagement=engagement, content_hash=shown.content_hash)


def take_back(uow: UnitOfWork, engagement: int) -> None:
    """Take one's own text back."""
    services.take_back(uow, engagement=engagement, reason="另行商定。")


def step_back(uow: UnitOfWork, engagement: int) -> None:
    """The engagement is cancelled."""
    beginning.cancel_engagement(uow, engagement=engagement, reason="项目推迟。")
