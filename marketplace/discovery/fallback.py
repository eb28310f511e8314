"""Answering from the database while the index cannot be read: slower, same meaning."""

from collections import Counter
from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from marketplace.catalogue.queries import regions
from marketplace.discovery.documents import to_documents
from marketplace.institutions import queries as institutions
from search import Facets, Hit, ListingDocument, Query, Result, order_key

_FACETS: dict[str, Callable[[ListingDocument], Iterable[str]]] = {
    "items": lambda listing: (listing.item,),
    "regions": lambda listing: listing.regions,
    "grades": lambda listing: (listing.grade,),
    "levels": lambda listing: listing.levels,
}


def search_database(session: Session, query: Query) -> Result:
    """The institutions that a query finds, read from the database alone.

    Words match as fragments of the name or the profile; there are no synonyms or suggestions.
    """
    keys = institutions.admitted_listings(session)
    documents = to_documents(institutions.listing_documents(session, keys), regions(session))
    named = [listing for listing in documents if _has_words(listing, query.text)]
    found = [listing for listing in named if _passes(listing, query, skip="")]
    best: dict[int, ListingDocument] = {}
    for listing in sorted(found, key=lambda one: order_key(one, query.sort)):
        best.setdefault(listing.institution_id, listing)
    ranked = list(best.values())
    start = _start(ranked, documents, query)
    shown = ranked[start : start + query.page_size]
    hits = tuple(Hit(d.institution_id, d.institution_key, d.key, d.name) for d in shown)
    return Result(hits=hits, total=len(best), facets=_facets(named, query))


def _start(ranked: list[ListingDocument], known: list[ListingDocument], query: Query) -> int:
    """Where the page begins: behind the listing asked for, else by number."""
    if not query.after:
        return (max(query.page, 1) - 1) * query.page_size
    last = next((one for one in known if one.key == query.after), None)
    if last is None:
        return query.skip
    behind = order_key(last, query.sort)
    return sum(order_key(one, query.sort) <= behind for one in ranked)


def _has_words(listing: ListingDocument, text: str) -> bool:
    here = f"{listing.name} {listing.profile}".casefold()
    return all(word in here for word in text.casefold().split())


def _passes(listing: ListingDocument, query: Query, *, skip: str) -> bool:
    for facet, values_of in _FACETS.items():
        wanted: tuple[str, ...] = getattr(query, facet)
        if facet != skip and wanted and not set(wanted) & set(values_of(listing)):
            return False
    return True


def _facets(named: list[ListingDocument], query: Query) -> Facets:
    counts: dict[str, Counter[str]] = {}
    for facet, values_of in _FACETS.items():
        pairs = {
            (value, listing.institution_id)
            for listing in named
            if _passes(listing, query, skip=facet)
            for value in values_of(listing)
        }
        counts[facet] = Counter(value for value, _ in pairs)
    return Facets(**counts)
