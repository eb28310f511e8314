"""What the command line may ask of the catalogue."""

from marketplace.catalogue.services.seeding import seed_catalogue
from marketplace.infra.unit_of_work import system_work


def import_catalogue() -> str:
    """Add the shipped rows that are missing; say how many they were."""
    with system_work() as uow:
        added = seed_catalogue(uow)
    return f"catalogue: {added} rows added"
