"""One way to build each thing a test needs, through the real services."""

from datetime import datetime

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI


def system_work() -> UnitOfWork:
    """A unit of work of the platform itself, now."""
    return UnitOfWork(SYSTEM, datetime.now(SHANGHAI))


def seed_catalogue() -> None:
    """The shipped items, approval items, regions, rulebook and calendar."""
    from marketplace.catalogue import services

    with system_work() as uow:
        services.seed_catalogue(uow)
