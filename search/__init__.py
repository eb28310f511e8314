"""Full-text search over listings: a library that knows nothing of the marketplace.

`Indexer` writes an index, `Directory` asks it; `ListingDocument` goes in, a `Query` is asked, a
`Result` comes out. The index is a cache: whoever gets `IndexMissing`, `IndexDamaged` or
`IndexOutdated` (all of them `IndexUnusableError`) asks `search_documents` and has it rebuilt.
"""

from search.analysis import NO_SYNONYMS, Synonyms, warm_up
from search.answering import search_documents
from search.documents import (
    NO_GRADE,
    NO_SCORE,
    Facets,
    Hit,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    IndexUnusableError,
    ListingDocument,
    Query,
    Result,
    Sort,
)
from search.index import Directory
from search.indexer import Indexer

__all__ = [
    "NO_GRADE",
    "NO_SCORE",
    "NO_SYNONYMS",
    "Directory",
    "Facets",
    "Hit",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
    "IndexOutdated",
    "IndexUnusableError",
    "Indexer",
    "ListingDocument",
    "Query",
    "Result",
    "Sort",
    "Synonyms",
    "search_documents",
    "warm_up",
]
