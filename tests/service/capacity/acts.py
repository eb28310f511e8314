"""What several do about places at the same instant."""

from marketplace.capacity import services
from marketplace.infra.unit_of_work import UnitOfWork


def publish(uow: UnitOfWork, listing: int, places: int) -> None:
    """The institution publishes how many works it takes."""
    services.publish_places(uow, listing_id=listing, places=places)
