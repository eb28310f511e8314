"""The record of a project changes its state, and what is said of the work for it."""

from marketplace.accounts import queries as accounts
from marketplace.continuations import services
from marketplace.engagements.services import doing
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects import services as project_services
from marketplace.projects.queries import reading
from tests.engagements import PAPER_OWED
from tests.projects import project_record


def becomes(uow: UnitOfWork, code: str, credit_code: str, revision: int, state: str) -> None:
    """The platform says that the project is in this state."""
    changes = {
        "active": {},
        "cancelled": {"cancelled": True},
        "completed": {"completed": True},
        "excluded": {"foreign_invested": True},
    }[state]
    record = project_record(code, enterprise_credit_code=credit_code, revision=revision, **changes)
    project_services.record_project(uow, record=record)


def follow(uow: UnitOfWork, project: int) -> None:
    """The clients are asked, or asked no more."""
    services.follow_project(uow, project)


def keep(uow: UnitOfWork, continuation: int) -> None:
    """The client lets the work go on."""
    services.keep_work(uow, continuation=continuation)


def pause(uow: UnitOfWork, continuation: int) -> None:
    """The client stops the clock."""
    services.pause_work(uow, continuation=continuation)


def end(uow: UnitOfWork, continuation: int) -> None:
    """The client ends the work."""
    services.end_work(uow, continuation=continuation, reason="项目不再建设。")


def settle(uow: UnitOfWork, continuation: int) -> None:
    """The tick."""
    services.settle_continuation(uow, continuation=continuation)


def start(uow: UnitOfWork, engagement: int) -> None:
    """The materials are complete."""
    doing.start_work(uow, engagement=engagement, handed_over=[PAPER_OWED])


def cancel(uow: UnitOfWork, project: int) -> None:
    """The platform says that the project is cancelled."""
    row = reading.project(uow.session, project)
    house = accounts.organisation(uow.session, row.enterprise_id or 0).credit_code
    becomes(uow, row.code, house, 2, "cancelled")
