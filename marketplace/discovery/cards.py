"""What the directory shows of each institution: rows of the database, admitted now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.institutions import queries as institutions
from search import Hit


@dataclass(frozen=True)
class Card:
    """An institution of the result with everything it offers now, the best match first."""

    institution_id: str
    name: str
    region_code: str
    offers: tuple[institutions.ListingDocument, ...]

    @property
    def best(self) -> institutions.ListingDocument:
        """The offer that fits the question best."""
        return self.offers[0]


def cards(session: Session, hits: Sequence[Hit]) -> tuple[Card, ...]:
    """A card per hit in the same order; institutions with no admitted listing now fall out.

    The number of queries does not depend on how many hits there are.
    """
    admitted = institutions.admitted_of(session, [hit.institution_id for hit in hits])
    offers: dict[int, list[institutions.ListingDocument]] = defaultdict(list)
    for offer in institutions.listing_documents(session, admitted):
        offers[offer.institution_id].append(offer)
    return tuple(
        _card(hit, offers[hit.institution_id]) for hit in hits if offers[hit.institution_id]
    )


def _card(hit: Hit, offers: list[institutions.ListingDocument]) -> Card:
    offers.sort(key=lambda offer: (offer.listing_public_id != hit.listing_key, offer.item_code))
    first = offers[0]
    return Card(first.institution_public_id, first.name, first.region_code, tuple(offers))
