"""What happens to the places of a listing, in the past tense."""

from dataclasses import dataclass
from typing import ClassVar

from marketplace.institutions.events import ListingEvent


@dataclass(frozen=True)
class PlacesPublished(ListingEvent):
    """The institution published how many works it takes; None: none is published any more."""

    KIND: ClassVar[str] = "listing.places_published"

    places: int | None
    places_before: int | None
    in_hand: int
