"""What is spoken at the border of the library: what goes in, is asked, comes out, or goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

NO_GRADE = "none"
NO_SCORE = -1


@dataclass(frozen=True, slots=True)
class ListingDocument:
    """One listing: an institution offering one item.

    `regions` begins with the listing's own region, its ancestors follow; a filter by any of
    them finds the listing. `levels` are qualification codes of the caller's choosing, likewise.
    `score` is in hundredths of a point, `NO_SCORE` where there is none; `grade` is `NO_GRADE`
    while not yet graded. `profile` is text in which words are found, and so is each of `words`:
    how the item is called, codes.
    """

    key: str
    institution_id: int
    institution_key: str
    name: str
    item: str
    admitted_on: date
    promised_days: int
    profile: str = ""
    words: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    grade: str = NO_GRADE
    levels: tuple[str, ...] = ()
    score: int = NO_SCORE


class Sort(StrEnum):
    """Orders of a result; the best grade, the fewest days and the latest admission come first."""

    RELEVANCE = "relevance"
    GRADE = "grade"
    DAYS = "days"
    ADMITTED = "admitted"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Query:
    """A question: words (all must match), and filters (any of the values of one facet).

    All filters must hold on one and the same listing. Pages count from 1. Where `after` is the
    listing key of a hit, the result goes on behind it, wherever it stands by now; `skip` says how
    many institutions to pass over instead when that listing is gone.
    """

    text: str = ""
    items: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 20
    after: str = ""
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One institution of a result with the listing of it that ranks best."""

    institution_id: int
    institution_key: str
    listing_key: str
    name: str


@dataclass(frozen=True, slots=True)
class Facets:
    """Institutions per value, each facet counted under the filters of the other facets."""

    items: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, int] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """A page of institutions, how many there are in all, and the counts beside the filters.

    `suggestions` are institutions with similar names, best first; there are some only where
    the words of the query match nothing in the whole index.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Facets
    suggestions: tuple[Hit, ...] = ()

    @property
    def suggestion(self) -> str:
        """The name to show after "did you mean", or an empty text."""
        return self.suggestions[0].name if self.suggestions else ""


class IndexUnusableError(Exception):
    """The index cannot answer; ask `search_documents` and have it rebuilt."""


class IndexMissing(IndexUnusableError):
    """There is no index at this place, or its folder has gone."""


class IndexDamaged(IndexUnusableError):
    """The files are there but do not read back as they were written."""


class IndexOutdated(IndexUnusableError):
    """The index was written by another version of this library's schema or analysis."""


class IndexLocked(Exception):
    """Another process is writing; nothing was changed, the caller tries again later."""
