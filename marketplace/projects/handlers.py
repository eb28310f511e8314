"""How features that hold something of a project follow its change of hands."""

from collections.abc import Callable
from typing import TypeAlias

from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.events import Event
from marketplace.projects.events import (
    ProjectChanged,
    ProjectHandedOver,
    ProjectRecorded,
    ProjectTakenUp,
)

# Brings what a feature holds of a project in line with the enterprise that has it now.
Follows: TypeAlias = Callable[[UnitOfWork, int], None]


def follows_owner(name: str, follow: Follows) -> Handler:
    """A subscriber that is given each project for which the platform named another enterprise."""
    return _about_projects(name, follow, ProjectHandedOver)


def welcomes_owner(name: str, follow: Follows) -> Handler:
    """A subscriber that is given each project whose enterprise is registered here from now on."""
    return _about_projects(name, follow, ProjectTakenUp)


def follows_record(name: str, follow: Follows, *also: type[Event]) -> Handler:
    """A subscriber that is given each project whose record changed, or of which this is told."""
    return _about_projects(name, follow, ProjectChanged, *also)


def follows_project(name: str, follow: Follows) -> Handler:
    """A subscriber that is given each project that is new, that changed, or came to its own."""
    return _about_projects(name, follow, ProjectRecorded, ProjectChanged, ProjectTakenUp)


def _about_projects(name: str, follow: Follows, *events: type[Event]) -> Handler:
    def run(uow: UnitOfWork, record: EventRecord) -> None:
        follow(uow, record.subject_id)

    return Handler(name, run, events)
