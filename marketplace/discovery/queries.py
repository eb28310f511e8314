"""Asking the directory: from the index where it can be read, else from the database."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.catalogue.queries import regions
from marketplace.discovery import indexing
from marketplace.discovery.fallback import search_database, synonyms
from search import IndexUnusableError, Query, Result


@dataclass(frozen=True)
class Answer:
    """A result and whether it came from the index; without it search is slower."""

    result: Result
    from_index: bool


def ask(session: Session, query: Query) -> Answer:
    """The institutions a query finds; never fails because of the index, which is only a cache."""
    try:
        found = indexing.directory().search(query, synonyms(session))
        return Answer(found, from_index=True)
    except IndexUnusableError:
        indexing.ask_for_rebuild()
        return Answer(search_database(session, query), from_index=False)


def successors(session: Session, codes: list[str]) -> tuple[str, ...]:
    """Region codes as they are today; superseded ones mean their successor, unknown ones stay."""
    tree = regions(session)
    return tuple(dict.fromkeys(tree.resolve(code) or code for code in codes))
