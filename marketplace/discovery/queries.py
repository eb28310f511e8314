"""Asking the directory: from the index where it can be read, else from the database."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from marketplace.catalogue.queries import regions, synonym_map
from marketplace.discovery import indexing
from marketplace.discovery.fallback import search_database
from search import IndexUnusableError, Query, Result, Synonyms


@dataclass(frozen=True)
class Answer:
    """A result and whether it came from the index; without it search is slower and plainer."""

    result: Result
    from_index: bool


def ask(session: Session, query: Query) -> Answer:
    """The institutions a query finds; never fails because of the index, which is only a cache."""
    synonyms = _prepared(tuple(synonym_map(session).items()))
    try:
        return Answer(indexing.directory().search(query, synonyms), from_index=True)
    except IndexUnusableError:
        indexing.ask_for_rebuild()
        return Answer(search_database(session, query), from_index=False)


@lru_cache(maxsize=4)
def _prepared(table: tuple[tuple[str, tuple[str, ...]], ...]) -> Synonyms:
    return Synonyms(dict(table))


def successors(session: Session, codes: list[str]) -> tuple[str, ...]:
    """Region codes as they are today; superseded ones mean their successor, unknown ones stay."""
    tree = regions(session)
    return tuple(dict.fromkeys(tree.resolve(code) or code for code in codes))
