"""Asking the directory: from the index where it can be read, else from the database; and what is
shown of those it finds.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.discovery import services
from marketplace.institutions import queries as institutions
from search import Hit, IndexUnusableError, Query, Result, Sort, Synonyms, search_documents

# What a question is narrowed by; values of one filter widen, filters narrow.
FILTERS = ("item", "region", "grade", "level")


@dataclass(frozen=True)
class Answer:
    """A result and whether it came from the index; without it search is slower."""

    result: Result
    from_index: bool


def ask(session: Session, query: Query) -> Answer:
    """The institutions a query finds; never fails because of the index, which is only a cache."""
    try:
        found = services.directory().search(query, synonyms(session))
        return Answer(found, from_index=True)
    except IndexUnusableError:
        services.ask_for_rebuild()
        return Answer(search_database(session, query), from_index=False)


def search_database(session: Session, query: Query) -> Result:
    """What a query finds, read from the database alone: the same answer, but slowly."""
    admitted = institutions.admitted_offers(session, institutions.admitted_listings(session))
    return search_documents(services.to_documents(session, admitted), query, synonyms(session))


def synonyms(session: Session) -> Synonyms:
    """The synonyms in force, ready to ask with."""
    names = tuple(item.name for item in catalogue.by_code(session).values())
    return _prepared(tuple(catalogue.synonym_map(session).items()), names)


@lru_cache(maxsize=4)
def _prepared(table: tuple[tuple[str, tuple[str, ...]], ...], names: tuple[str, ...]) -> Synonyms:
    return Synonyms(dict(table), names)


def question(
    session: Session,
    *,
    text: str,
    filters: Mapping[str, Sequence[str]],
    sort: str,
    page: int = 1,
    page_size: int,
    after: str = "",
    skip: int = 0,
) -> Query:
    """The question in these words, for the pages and the public interface alike.

    Superseded region codes mean their successor, unknown ones stay. Without an order that is
    known the best match comes first, and without words the latest admission.
    """
    text, tree = text.strip(), catalogue.regions(session)
    usual = Sort.RELEVANCE if text else Sort.ADMITTED
    return Query(
        text=text,
        items=tuple(filters["item"]),
        regions=tuple(dict.fromkeys(tree.resolve(code) or code for code in filters["region"])),
        grades=tuple(filters["grade"]),
        levels=tuple(filters["level"]),
        sort=Sort(sort) if sort in set(Sort) else usual,
        page=page,
        page_size=page_size,
        after=after,
        skip=skip,
    )


@dataclass(frozen=True)
class Card:
    """An institution of the result with everything it offers now, the best match first."""

    institution_id: str
    name: str
    region_code: str
    offers: tuple[institutions.OfferRow, ...]

    @property
    def best(self) -> institutions.OfferRow:
        """The offer that fits the question best."""
        return self.offers[0]


def listings_on(shown: Sequence[Card]) -> list[int]:
    """The listings of these cards."""
    return [offer.listing_id for card in shown for offer in card.offers]


def cards(session: Session, hits: Sequence[Hit]) -> tuple[Card, ...]:
    """A card per hit in the same order; institutions with no admitted listing now fall out.

    The number of queries does not depend on how many hits there are.
    """
    admitted = institutions.admitted_of(session, [hit.institution_id for hit in hits])
    offers: dict[int, list[institutions.OfferRow]] = defaultdict(list)
    for offer in institutions.admitted_offers(session, admitted):
        offers[offer.institution_id].append(offer)
    return tuple(
        _card(hit, offers[hit.institution_id]) for hit in hits if offers[hit.institution_id]
    )


def _card(hit: Hit, offers: list[institutions.OfferRow]) -> Card:
    offers.sort(key=lambda offer: (offer.listing_public_id != hit.listing_key, offer.item_code))
    first = offers[0]
    return Card(first.institution_public_id, first.name, first.region_code, tuple(offers))
