"""Answering from the database while the index cannot be read: the same answer, but slowly."""

from functools import lru_cache

from sqlalchemy.orm import Session

from marketplace.catalogue.queries import synonym_map
from marketplace.discovery.documents import to_documents
from marketplace.institutions import queries as institutions
from search import Query, Result, Synonyms, search_documents


def search_database(session: Session, query: Query) -> Result:
    """What a query finds, read from the database alone."""
    admitted = institutions.listing_documents(session, institutions.admitted_listings(session))
    return search_documents(to_documents(session, admitted), query, synonyms(session))


def synonyms(session: Session) -> Synonyms:
    """The synonyms in force, ready to ask with."""
    return _prepared(tuple(synonym_map(session).items()))


@lru_cache(maxsize=4)
def _prepared(table: tuple[tuple[str, tuple[str, ...]], ...]) -> Synonyms:
    return Synonyms(dict(table))
