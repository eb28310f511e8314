"""Reading places: what is published, how many are in hand and free; never writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from marketplace.capacity import policy, rules
from marketplace.capacity.models import Place, PublishedPlaces
from marketplace.institutions.queries.market import admitted_for
from marketplace.kernel.decisions import Decision

_HELD = Place.freed_at.is_(None)


@dataclass(frozen=True)
class Capacity:
    """How many works a listing takes at a time, and how many are in hand.

    `places` is None where no number is published: then there is no limit.
    """

    places: int | None = None
    in_hand: int = 0

    @property
    def free(self) -> int | None:
        """How many more are taken; None where no number is published."""
        return rules.free(self.places, self.in_hand)

    @property
    def until(self) -> int:
        """How many works have to end before one more is taken."""
        return rules.until(self.places, self.in_hand)


def capacities(session: Session, listing_ids: Iterable[int]) -> dict[int, Capacity]:
    """Of each of these listings; two queries for any number."""
    ids = list(listing_ids)
    published = select(PublishedPlaces.listing_id, PublishedPlaces.places)
    held = select(Place.listing_id, func.count(Place.id)).where(_HELD, Place.listing_id.in_(ids))
    places = _by_listing(session, published.where(PublishedPlaces.listing_id.in_(ids)))
    in_hand = _by_listing(session, held.group_by(Place.listing_id))
    return {key: Capacity(places.get(key), in_hand.get(key) or 0) for key in ids}


def _by_listing(session: Session, query: Select[Any, Any]) -> dict[int, int | None]:
    return {row[0]: row[1] for row in session.execute(query)}


def capacity(session: Session, listing_id: int) -> Capacity:
    """Of one listing."""
    return capacities(session, [listing_id])[listing_id]


def may_take(session: Session, listing_ids: Collection[int]) -> dict[int, Decision]:
    """Whether each of these listings takes one more work now."""
    found = capacities(session, listing_ids)
    return {key: policy.may_take(one) for key, one in found.items()}


def numbers_taken(session: Session, listing_id: int) -> frozenset[int]:
    """The numbers that works of a listing hold."""
    query = select(Place.number).where(
        _HELD, Place.listing_id == listing_id, Place.number.is_not(None)
    )
    return frozenset(number for number in session.scalars(query) if number is not None)


@dataclass(frozen=True)
class ItemPlaces:
    """How many institutions in the market for an item publish places, and how many are free."""

    institutions: int
    free: int


def item_places(session: Session, item_code: str) -> ItemPlaces:
    """The places that are published for an item, counted in one query."""
    held = (
        select(Place.listing_id, func.count(Place.id).label("works"))
        .where(_HELD)
        .group_by(Place.listing_id)
        .subquery()
    )
    left = PublishedPlaces.places - func.coalesce(held.c.works, 0)
    query = (
        select(
            func.count(PublishedPlaces.listing_id),
            func.coalesce(func.sum(case((left > 0, left), else_=0)), 0),
        )
        .outerjoin(held, held.c.listing_id == PublishedPlaces.listing_id)
        .where(
            PublishedPlaces.places.is_not(None),
            PublishedPlaces.listing_id.in_(admitted_for(item_code)),
        )
    )
    return ItemPlaces(*session.execute(query).one())
