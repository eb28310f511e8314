"""How features that hold something of a project follow its change of hands."""

from collections.abc import Callable
from typing import TypeAlias

from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects.events import ProjectHandedOver

# Brings what a feature holds of a project in line with the enterprise that has it now.
Follows: TypeAlias = Callable[[UnitOfWork, int], None]


def follows_owner(name: str, follow: Follows) -> Handler:
    """A subscriber that is given each project for which the platform named another enterprise."""

    def run(uow: UnitOfWork, record: EventRecord) -> None:
        follow(uow, record.subject_id)

    return Handler(name, run, (ProjectHandedOver,))
