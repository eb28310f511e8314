"""What several do to requests to departments at the same instant."""

from marketplace.commission_requests import services
from marketplace.competitions.services import notices
from marketplace.infra.unit_of_work import UnitOfWork
from tests.commission_requests import ITEM


def ask(uow: UnitOfWork, project: int) -> None:
    """An enterprise asks."""
    services.ask_department(uow, project=project, item_code=ITEM)


def take_up(uow: UnitOfWork, request: int) -> None:
    """The department will commission it."""
    services.take_up_request(uow, request=request)


def refuse(uow: UnitOfWork, request: int) -> None:
    """The department will not."""
    services.refuse_request(uow, request=request, reason="请先完善材料。")


def withdraw(uow: UnitOfWork, request: int) -> None:
    """The enterprise asks no more."""
    services.withdraw_request(uow, request=request, reason="不再需要。")


def follow(uow: UnitOfWork, request: int) -> None:
    """The platform looks whether it has its sense."""
    services.follow_project(uow, request=request)


def publish(uow: UnitOfWork, competition: int) -> None:
    """The notice is published."""
    notices.publish_competition(uow, competition=competition)
