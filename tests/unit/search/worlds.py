"""Documents to build with, told apart by what a test is about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from search import Directory, Indexer, ListingDocument, Query, Synonyms

REPOSITORY = Path(__file__).parents[3]


def listing(number: int = 1, **facts) -> ListingDocument:
    """A listing of its own institution, plain unless said otherwise."""
    plain = {
        "key": f"l{number}",
        "institution_id": number,
        "institution_key": f"i{number}",
        "name": f"第{number}号机构",
        "item": "JL-Z01",
        "admitted_on": date(2026, 1, 1),
        "promised_days": 10,
    }
    return ListingDocument(**plain | facts)


def directory_of(home: Path, *documents: ListingDocument) -> Directory:
    """A directory over exactly these documents."""
    Indexer(home).rebuild(documents)
    return Directory(home)


def names_found(directory: Directory, text: str, synonyms: Synonyms | None = None) -> list[str]:
    """The names of the first page of institutions for a text."""
    query = Query(text=text)
    result = directory.search(query, synonyms) if synonyms else directory.search(query)
    return [hit.name for hit in result.hits]
