"""What the command line may ask of the catalogue."""

from marketplace.catalogue.services.seeding import seed_catalogue
from marketplace.infra.clock import business_now
from marketplace.infra.database import reading_session
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM


def import_catalogue() -> str:
    """Add the shipped rows that are missing; say how many they were."""
    with reading_session() as session:
        now = business_now(session)
    with UnitOfWork(SYSTEM, now) as uow:
        added = seed_catalogue(uow)
    return f"catalogue: {added} rows added"
