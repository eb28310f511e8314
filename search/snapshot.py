"""The index as of one commit: all segments seen as one run of numbered documents.

A new commit gets a new snapshot, made of the segments already open and those that are new.
Nothing of an old one is carried over but whole segments, which never change. A snapshot can also
be made of documents that no index holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from search import schema as fields
from search.analysis import query_words, sounds_like, squash
from search.documents import ListingDocument, Sort
from search.segment import REMEMBERED, Docs, Numbers


class Listings(Protocol):
    """Numbered documents as a snapshot asks them: a segment, or `Unindexed`."""

    size: int

    def docs(self, field: str, term: str) -> BitMap: ...
    def names_with(self, fragment: str) -> BitMap: ...
    def texts_with(self, phrase: str) -> BitMap: ...
    def names_sounding(self, letters: str) -> BitMap: ...
    def values_of(self, field: str) -> Iterator[tuple[str, Docs]]: ...
    def numbers(self, column: str) -> Numbers: ...
    def text(self, column: str, doc: int) -> str: ...
    @property
    def grade_ranks(self) -> Numbers: ...
    @property
    def name_order(self) -> npt.NDArray[np.bytes_]: ...
    @property
    def key_order(self) -> npt.NDArray[np.bytes_]: ...


class Unindexed:
    """Documents that no index holds: each answer is what it means, looked up in all of them."""

    def __init__(self, documents: Iterable[ListingDocument]) -> None:
        self._documents = tuple(documents)
        self.size = len(self._documents)
        self._terms: dict[str, dict[str, list[int]]] = {}

    def docs(self, field: str, term: str) -> BitMap:
        """The documents with a term."""
        return BitMap(self._by_term(field).get(term, ()))

    def names_with(self, fragment: str) -> BitMap:
        """The documents whose name contains a squashed fragment."""
        return self._where(lambda one: fragment in squash(one.name))

    def texts_with(self, phrase: str) -> BitMap:
        """The documents that contain a squashed phrase made of whole words."""
        words = set(map(fields.encode, query_words(phrase)))
        return self._where(
            lambda one: phrase in fields.text(one) and words <= set(fields.TERMS[fields.WORDS](one))
        )

    def names_sounding(self, letters: str) -> BitMap:
        """The documents whose name has these letters as its sound or its initials, in part."""
        return self._where(lambda one: sounds_like(fields.sound(one.name), letters))

    def values_of(self, field: str) -> Iterator[tuple[str, Docs]]:
        """Every term of one field with its documents."""
        for term, docs in self._by_term(field).items():
            yield term, np.array(docs, dtype=np.uint32)

    def numbers(self, column: str) -> Numbers:
        """A numeric column."""
        return np.array(self._values(column), dtype=np.int64)

    def text(self, column: str, doc: int) -> str:
        """The value of a text column for one document."""
        value = fields.VALUES[column](self._documents[doc])
        return value.decode("utf-8") if isinstance(value, bytes) else str(value)

    @property
    def grade_ranks(self) -> Numbers:
        """The rank of each document's grade."""
        return np.array([fields.grade_rank(one.grade) for one in self._documents], dtype=np.int64)

    @property
    def name_order(self) -> npt.NDArray[np.bytes_]:
        """Keys by which names sort as they are spoken."""
        return np.array(self._values(fields.PINYIN), dtype="S64")

    @property
    def key_order(self) -> npt.NDArray[np.bytes_]:
        """The keys of the documents, for breaking ties."""
        return np.array(self._values(fields.KEY), dtype=np.bytes_)

    def _where(self, holds: Callable[[ListingDocument], bool]) -> BitMap:
        return BitMap(number for number, one in enumerate(self._documents) if holds(one))

    def _values(self, column: str) -> list[bytes | int]:
        return [fields.VALUES[column](one) for one in self._documents]

    def _by_term(self, field: str) -> dict[str, list[int]]:
        if field not in self._terms:
            found = self._terms[field] = {}
            for number, one in enumerate(self._documents):
                for term in fields.TERMS[field](one):
                    found.setdefault(term.decode("utf-8"), []).append(number)
        return self._terms[field]


@dataclass(frozen=True, slots=True)
class Part:
    """One segment's stretch of the numbering: its first number and its deleted documents."""

    segment: Listings
    base: int
    dead: BitMap


@dataclass(frozen=True, slots=True)
class Facet:
    """Which values the documents have, as pairs of value and institution that count once.

    Row d of `pairs` holds the pairs of document d, filled up with a number beyond all pairs.
    Pairs are numbered value by value: those of `names[i]` begin at `starts[i]`.
    """

    pairs: Numbers
    pair_count: int
    starts: Numbers
    names: tuple[str, ...]

    def count(self, docs: Numbers) -> dict[str, int]:
        """Institutions per value among the documents; values without any are left out."""
        if not self.names:
            return {}
        present = np.zeros(self.pair_count + 1, dtype=bool)
        present[self.pairs.take(docs, axis=0).ravel()] = True
        counts = np.add.reduceat(present[:-1], self.starts, dtype=np.int64).tolist()
        return {name: count for name, count in zip(self.names, counts, strict=True) if count}


class Snapshot:
    """What one commit holds. Safe to use from several threads: all that it keeps is derived."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.size = sum(part.segment.size for part in parts)
        self._docs: dict[tuple[str, str], BitMap] = {}
        self._orders: dict[Sort, tuple[Numbers, Numbers]] = {}
        self._facets: dict[str, Facet] = {}

    # Documents that have something

    def docs(self, field: str, term: str) -> BitMap:
        """The live documents with a term; not to be changed by the caller."""
        return self._remember((field, term), lambda segment: segment.docs(field, term))

    def names_with(self, fragment: str) -> BitMap:
        """The live documents whose name contains a squashed fragment."""
        return self._remember(("", fragment), lambda segment: segment.names_with(fragment))

    def texts_with(self, phrase: str) -> BitMap:
        """The live documents that contain a squashed phrase somewhere."""
        return self._remember(("|", phrase), lambda segment: segment.texts_with(phrase))

    def names_sounding(self, letters: str) -> BitMap:
        """The live documents whose name sounds so, in part, or has such initials."""
        return self._remember(("~", letters), lambda segment: segment.names_sounding(letters))

    @cached_property
    def live(self) -> BitMap:
        """All documents that have not been deleted."""
        return self._gather(lambda segment: BitMap(range(segment.size)))

    def _remember(self, what: tuple[str, str], find: Callable[[Listings], BitMap]) -> BitMap:
        found = self._docs.get(what)
        if found is None:
            if len(self._docs) >= REMEMBERED:
                self._docs = {}
            found = self._docs[what] = self._gather(find)
        return found

    def _gather(self, find: Callable[[Listings], BitMap]) -> BitMap:
        found = BitMap()
        for part in self.parts:
            found |= (find(part.segment) - part.dead).shift(part.base)
        return found

    # Columns

    @property
    def institutions(self) -> Numbers:
        """For each document the place of its institution among all, from 0."""
        return self._institutions[1]

    @property
    def institution_count(self) -> int:
        """How many places of institutions there are."""
        return len(self._institutions[0])

    @cached_property
    def _institutions(self) -> tuple[Numbers, Numbers]:
        distinct, places = np.unique(self._numbers(fields.INSTITUTION), return_inverse=True)
        return distinct, places.astype(np.int64)

    def number(self, column: str, doc: int) -> int:
        """The value of a numeric column for one document."""
        part = self._part_of(doc)
        return int(part.segment.numbers(column)[doc - part.base])

    def text(self, column: str, doc: int) -> str:
        """The value of a text column for one document."""
        part = self._part_of(doc)
        return part.segment.text(column, doc - part.base)

    def _part_of(self, doc: int) -> Part:
        return next(part for part in reversed(self.parts) if part.base <= doc)

    def _numbers(self, column: str) -> Numbers:
        return self._column(lambda segment: segment.numbers(column))

    def _column(self, read: Callable[[Listings], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        columns = [read(part.segment) for part in self.parts]
        return np.concatenate(columns) if columns else np.zeros(0, dtype=np.int64)

    # Orders

    def rank(self, sort: Sort) -> Numbers:
        """For each document its place in an order, from 0; no two share one.

        Relevance without words is the order by grade.
        """
        return self._order(sort)[0]

    def ranked(self, sort: Sort) -> Numbers:
        """The documents in an order: the inverse of `rank`."""
        return self._order(sort)[1]

    def _order(self, sort: Sort) -> tuple[Numbers, Numbers]:
        if sort not in self._orders:
            keys = [self._column(lambda segment: segment.key_order)]
            keys += [self._numbers(fields.INSTITUTION), -self._numbers(fields.SCORE)]
            keys += [self._column(lambda segment: segment.grade_ranks), *self._first_key(sort)]
            ranked = np.lexsort(keys).astype(np.int64)
            rank = np.empty(self.size, dtype=np.int64)
            rank[ranked] = np.arange(self.size)
            self._orders[sort] = rank, ranked
        return self._orders[sort]

    def _first_key(self, sort: Sort) -> list[npt.NDArray[Any]]:
        if sort is Sort.DAYS:
            return [self._numbers(fields.DAYS)]
        if sort is Sort.ADMITTED:
            return [-self._numbers(fields.ADMITTED)]
        if sort is Sort.NAME:
            return [self._column(lambda segment: segment.name_order)]
        return []

    # Facets

    def facet(self, field: str) -> Facet:
        """The values of a field for counting, worked out at their first use."""
        if field not in self._facets:
            self._facets[field] = self._make_facet(field)
        return self._facets[field]

    def _make_facet(self, field: str) -> Facet:
        entries = [
            (name, docs.astype(np.int64) + part.base)
            for part in self.parts
            for name, docs in part.segment.values_of(field)
        ]
        names = tuple(sorted({name for name, _ in entries}))
        code = {name: place for place, name in enumerate(names)}
        docs = np.concatenate([np.zeros(0, dtype=np.int64), *(docs for _, docs in entries)])
        codes = np.repeat(
            np.array([code[name] for name, _ in entries], dtype=np.int64),
            [len(docs) for _, docs in entries],
        )
        width = self.institution_count
        distinct, pairs = np.unique(codes * width + self.institutions[docs], return_inverse=True)
        starts = np.searchsorted(distinct, np.arange(len(names)) * width)
        rows = _rows(docs, pairs, self.size, filler=len(distinct))
        return Facet(rows, len(distinct), starts.astype(np.int64), names)


def _rows(docs: Numbers, pairs: Numbers, size: int, *, filler: int) -> Numbers:
    """The pairs of each document as a row, all rows filled up to the length of the longest."""
    by_doc = np.argsort(docs, kind="stable")
    counts = np.bincount(docs, minlength=size)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.full((size, max(counts.max(initial=0), 1)), filler, dtype=np.int64)
    rows[docs[by_doc], np.arange(len(docs)) - first] = pairs[by_doc]
    return rows
