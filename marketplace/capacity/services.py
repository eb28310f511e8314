"""Acts on places: the institution publishes how many there are; works take and free them."""

from sqlalchemy import update

from marketplace.capacity import policy, queries, rules
from marketplace.capacity.events import PlacesPublished
from marketplace.capacity.models import Place, PublishedPlaces
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.services.dossier import lock_own_listing


def publish_places(uow: UnitOfWork, *, listing_id: int | str, places: int | None) -> None:
    """Say how many works are taken for a listing at a time; None says nothing, and so no limit.

    Works in hand are never touched by it. Refuses `capacity.out_of_range` beside its field and
    `listing.not_in_market`; another's listing does not exist (`NotFound`).
    """
    locked = lock_own_listing(uow, listing_id)
    policy.may_publish(uow.actor, locked.institution, locked.listing).require()
    places = rules.check(places)
    was = queries.capacity(uow.session, locked.listing.id)
    if places == was.places:
        return
    row = uow.session.get(PublishedPlaces, locked.listing.id)
    if row is None:
        row = PublishedPlaces(listing_id=locked.listing.id)
        uow.session.add(row)
    row.places, row.published_at, row.published_by = places, uow.now, uow.actor.user_id
    uow.record(
        PlacesPublished.of(
            locked.listing, places=places, places_before=was.places, in_hand=was.in_hand
        )
    )


def take_place(uow: UnitOfWork, *, listing_id: int, engagement_id: int, asks: bool = True) -> None:
    """A work takes the lowest free place of its listing, in the act that begins it.

    Called under the lock of the listing by the pick, which records its event. Without `asks` (an
    award) it is in hand without a number and never refused. Refuses `capacity.full`.
    """
    found = queries.capacity(uow.session, listing_id)
    number = None
    if asks and found.places is not None:
        policy.may_take(found).require()
        number = rules.lowest_free(queries.numbers_taken(uow.session, listing_id))
    uow.add(
        Place(listing_id=listing_id, number=number, engagement_id=engagement_id, taken_at=uow.now)
    )


def free_place(uow: UnitOfWork, *, engagement_id: int) -> None:
    """A work was given up or its result accepted: its place is free, once and for good.

    Called by the act that ends it, which records its event.
    """
    uow.session.execute(
        update(Place)
        .where(Place.engagement_id == engagement_id, Place.freed_at.is_(None))
        .values(freed_at=uow.now)
    )
