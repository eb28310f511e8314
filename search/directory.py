"""Asking the index: filters, facets, orders and pages over the latest commit."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from functools import reduce
from operator import and_
from pathlib import Path

import numpy as np
from pyroaring import BitMap

from search import fuzzy, index
from search import schema as fields
from search.analysis import NO_SYNONYMS, Synonyms, split_query
from search.documents import Facets, Hit, Query, Result, Sort
from search.errors import IndexMissing
from search.matching import Matches, as_array, match
from search.segment import Numbers, Segment
from search.snapshot import Part, Snapshot

MAX_PAGE_SIZE = 200

_OPENING_ATTEMPTS = 5
_NOWHERE = np.iinfo(np.int64).max


class Directory:
    """The reader of an index; one for each process, shared by its threads.

    Before every question it looks whether there is a newer commit and if so opens that afresh,
    keeping only segments that have not changed. Raises `IndexMissing`, `IndexDamaged` or
    `IndexOutdated`; no text of a question ever makes it raise.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._mark = (0, 0)
        self._snapshot: Snapshot | None = None
        self._segments: dict[str, Segment] = {}

    def search(self, query: Query, synonyms: Synonyms = NO_SYNONYMS) -> Result:
        """Answer a question from the latest commit."""
        snapshot = self._latest()
        terms = split_query(query.text)
        matches = match(snapshot, terms, synonyms)
        filters = _filters(snapshot, query)
        found = reduce(and_, filters.values(), matches.docs)
        order = _order(snapshot, query, matches)
        best = _best_places(snapshot, found, order)
        suggestions: list[int] = []
        if terms and not matches.docs:
            among = reduce(and_, filters.values(), snapshot.live)
            suggestions = fuzzy.similar(snapshot, "".join(terms), among)
        return Result(
            hits=tuple(_hit(snapshot, doc) for doc in _page(snapshot, query, best, order)),
            total=len(best),
            facets=_count_facets(snapshot, matches.docs, filters),
            suggestions=tuple(_hit(snapshot, doc) for doc in suggestions),
        )

    def size(self) -> int:
        """How many listings the latest commit holds; also the way to learn whether it is sound."""
        return len(self._latest().live)

    def _latest(self) -> Snapshot:
        snapshot, mark = self._snapshot, self._mark
        if snapshot is not None and self._is_latest(snapshot, mark):
            return snapshot
        with self._lock:
            snapshot = self._snapshot
            if snapshot is None or not self._is_latest(snapshot, self._mark):
                self._mark = index.mark_of(self._home)
                snapshot = self._snapshot = self._open()
        return snapshot

    def _is_latest(self, snapshot: Snapshot, mark: tuple[int, int]) -> bool:
        return (
            mark == index.mark_of(self._home)
            and index.latest_generation(snapshot.place) == snapshot.generation
        )

    def _open(self) -> Snapshot:
        # A writer may remove what was just about to be opened; then there is something newer.
        for _ in range(_OPENING_ATTEMPTS - 1):
            place = index.read_place(self._home)
            try:
                return self._open_place(place)
            except (FileNotFoundError, IndexMissing):
                time.sleep(0.01)
        return self._open_place(index.read_place(self._home))

    def _open_place(self, place: index.Place) -> Snapshot:
        contents = index.read_contents(place)
        opened: dict[str, Segment] = {}
        parts: list[Part] = []
        base = 0
        for entry in contents.segments:
            name = f"{place.folder}/{entry.name}"
            reader = self._segments.get(name)
            if reader is None:
                reader = Segment(place.folder, entry)
            opened[name] = reader
            parts.append(Part(reader, base, BitMap(entry.deleted)))
            base += reader.size
        self._segments = opened
        return Snapshot(place, contents.generation, parts)


def _filters(snapshot: Snapshot, query: Query) -> dict[str, BitMap]:
    """For each facet that is filtered by, the documents that pass."""
    wanted = {
        fields.ITEM: query.items,
        fields.REGION: query.regions,
        fields.GRADE: query.grades,
        fields.LEVEL: query.levels,
    }
    return {
        field: BitMap.union(BitMap(), *(snapshot.docs(field, value) for value in values))
        for field, values in wanted.items()
        if values
    }


def _order(snapshot: Snapshot, query: Query, matches: Matches) -> Numbers:
    """For each document its place in the order asked for; no two share one."""
    rank = snapshot.rank(query.sort)
    if query.sort is not Sort.RELEVANCE or not matches.terms:
        return rank
    return rank - matches.relevance(snapshot.size) * snapshot.size


def _best_places(snapshot: Snapshot, found: BitMap, order: Numbers) -> Numbers:
    """For each institution found the best place in the order that a listing of it has."""
    docs = as_array(found)
    best = np.full(snapshot.institution_count, _NOWHERE, dtype=np.int64)
    np.minimum.at(best, snapshot.institutions[docs], order[docs])
    places: Numbers = best[best != _NOWHERE]
    return places


def _page(snapshot: Snapshot, query: Query, places: Numbers, order: Numbers) -> list[int]:
    """The documents of the page asked for, in order."""
    size = min(max(query.page_size, 1), MAX_PAGE_SIZE)
    start = min((max(query.page, 1) - 1) * size, len(places))
    if query.after:
        known = as_array(snapshot.docs(fields.KEY, query.after))
        places = places[places > order[known[0]]] if len(known) else places
        start = 0 if len(known) else min(query.skip, len(places))
    end = min(start + size, len(places))
    if start == end:
        return []
    first = np.sort(np.partition(places, end - 1)[:end])[start:]
    # Relevance moves a place by whole multiples of the size, so the rest is the place in rank.
    docs: list[int] = snapshot.ranked(query.sort)[first % snapshot.size].tolist()
    return docs


def _hit(snapshot: Snapshot, doc: int) -> Hit:
    return Hit(
        institution_id=snapshot.number(fields.INSTITUTION, doc),
        institution_key=snapshot.text(fields.INSTITUTION_KEY, doc),
        listing_key=snapshot.text(fields.KEY, doc),
        name=snapshot.text(fields.NAME, doc),
    )


def _count_facets(snapshot: Snapshot, matched: BitMap, filters: Mapping[str, BitMap]) -> Facets:
    """Institutions per value of each facet, as the filters of the other facets leave them."""
    everything = as_array(reduce(and_, filters.values(), matched))

    def without(field: str) -> Numbers:
        if field not in filters:
            return everything
        others = (docs for name, docs in filters.items() if name != field)
        return as_array(reduce(and_, others, matched))

    counts = {field: snapshot.facet(field).count(without(field)) for field in fields.FACETS}
    return Facets(
        items=counts[fields.ITEM],
        regions=counts[fields.REGION],
        grades=counts[fields.GRADE],
        levels=counts[fields.LEVEL],
    )
