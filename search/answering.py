"""What a question means: which listings it finds, how well, in which order, counted how.

It is said here once, over a snapshot: of the index, or of documents that no index holds.

A term matches a name that contains it, a text that has it as a phrase, a name that sounds like
it, and the same for its synonyms. A term that is found nowhere as it stands is taken apart into
words which must all match: 长春环评 finds what has both 长春 and 环评. All filters must hold on one
listing; listings collapse to their institution, which stands where its best listing does.

Where nothing at all matches, names are suggested that share much with the question: pairs of
characters and pairs of syllables, rare ones counting more. One wrong character breaks two pairs
of characters; if it sounds right, it breaks no pair of syllables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from search import analysis
from search import schema as fields
from search.documents import Facets, Hit, ListingDocument, Query, Result, Sort
from search.segment import Numbers
from search.snapshot import Part, Snapshot, Unindexed

MAX_PAGE_SIZE = 200

# How much a match is worth, the best of each term added up.
EXACTLY = 8
BEGINS = 4
IN_NAME = 3
SYNONYM_IN_NAME = 2
SOUNDS = 2
IN_TEXT = 1

# A name must share this much, of 2 for sharing everything, to be worth a suggestion.
LEAST = 0.4
MOST_SUGGESTIONS = 10

_NOWHERE = np.iinfo(np.int64).max


def search_documents(
    documents: Iterable[ListingDocument], query: Query, synonyms: analysis.Synonyms
) -> Result:
    """Answer a question from documents of which there is no index: the same answer, but slowly."""
    return answer(Snapshot([Part(Unindexed(documents), 0, BitMap())]), query, synonyms)


def answer(snapshot: Snapshot, query: Query, synonyms: analysis.Synonyms) -> Result:
    """Answer a question from what a snapshot holds."""
    terms = analysis.split_query(query.text)
    matches = match(snapshot, terms, synonyms)
    filters = _filters(snapshot, query)
    found = reduce(and_, filters.values(), matches.docs)
    order = _order(snapshot, query, matches)
    best = _best_places(snapshot, found, order)
    suggestions: list[int] = []
    if terms and not matches.docs:
        among = reduce(and_, filters.values(), snapshot.live)
        suggestions = _similar(snapshot, "".join(terms), among)
    return Result(
        hits=tuple(_hit(snapshot, doc) for doc in _page(snapshot, query, best, order)),
        total=len(best),
        facets=_count_facets(snapshot, matches.docs, filters),
        suggestions=tuple(_hit(snapshot, doc) for doc in suggestions),
    )


# ------------------------------------------------------------------ words


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that one term matches, by worth, the worth rising."""

    docs: BitMap
    by_worth: tuple[tuple[int, BitMap], ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that all terms match."""

    docs: BitMap
    terms: tuple[Match, ...] = field(default=())

    def relevance(self, size: int) -> Numbers:
        """The worth of every document of the index; meaningless for those that do not match."""
        total = np.zeros(size, dtype=np.int64)
        for term in self.terms:
            best = np.zeros(size, dtype=np.int64)
            for worth, docs in term.by_worth:
                best[as_array(docs)] = worth
            total += best
        return total


def as_array(docs: BitMap) -> Numbers:
    """Document numbers for indexing arrays."""
    return np.frombuffer(docs.to_array(), dtype=np.uint32).astype(np.int64)


def match(snapshot: Snapshot, terms: Iterable[str], synonyms: analysis.Synonyms) -> Matches:
    """The live documents that match all of the squashed terms; all of them where there are none."""
    found = tuple(part for term in terms for part in _match_somehow(snapshot, term, synonyms))
    return Matches(reduce(and_, (term.docs for term in found), snapshot.live), found)


def _match_somehow(snapshot: Snapshot, term: str, synonyms: analysis.Synonyms) -> Iterator[Match]:
    """A term as it stands, else cut into words that must all match, in the first way that finds."""
    whole = _match_term(snapshot, term, synonyms)
    ways = () if whole.docs else synonyms.readings(term)
    for words in ways:
        found = [_match_term(snapshot, word, synonyms) for word in words]
        if reduce(and_, (match.docs for match in found)):
            yield from found
            return
    yield whole


def _match_term(snapshot: Snapshot, term: str, synonyms: analysis.Synonyms) -> Match:
    in_name, in_text = snapshot.names_with(term), snapshot.texts_with(term)
    meant_in_name, sounding = BitMap(), BitMap()
    for form in synonyms.of(term):
        meant_in_name |= snapshot.names_with(form)
        in_text = in_text | snapshot.texts_with(form)
    if analysis.may_be_pinyin(term):
        sounding = snapshot.names_sounding(term)
    by_worth = (
        (IN_TEXT, in_text),
        (SYNONYM_IN_NAME, meant_in_name | sounding),
        (IN_NAME, in_name),
        (BEGINS, in_name & snapshot.docs(fields.NAME, analysis.begins_with(term))),
        (EXACTLY, snapshot.docs(fields.NAME, analysis.is_exactly(term))),
    )
    return Match(reduce(or_, (docs for _, docs in by_worth)), by_worth)


# ------------------------------------------------------------------ filters, orders, pages, counts


def _filters(snapshot: Snapshot, query: Query) -> dict[str, BitMap]:
    """For each facet that is filtered by, the documents that pass."""
    return {
        field: BitMap.union(BitMap(), *(snapshot.docs(field, value) for value in values))
        for field, name in fields.FACETS.items()
        if (values := getattr(query, name))
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

    return Facets(
        **{
            name: snapshot.facet(field).count(without(field))
            for field, name in fields.FACETS.items()
        }
    )


# ------------------------------------------------------------------ did you mean


def _similar(snapshot: Snapshot, squashed: str, among: BitMap) -> list[int]:
    """Documents of the most similar institutions, best first, one for each institution."""
    likeness = _shared(snapshot, fields.NAME, analysis.bigrams(squashed), among)
    sounds = analysis.syllable_pairs(squashed)
    if analysis.may_be_pinyin(squashed):
        sounds |= analysis.sound_triples(squashed) | analysis.initial_triples(squashed)
    likeness += _shared(snapshot, fields.PINYIN, sounds, among)
    candidates = np.flatnonzero(likeness >= LEAST)
    # Most similar first; of equals the better graded.
    rank = snapshot.rank(Sort.GRADE)
    order = candidates[np.lexsort([rank[candidates], -likeness[candidates]])]
    _, firsts = np.unique(snapshot.institutions[order], return_index=True)
    chosen: list[int] = order[np.sort(firsts)][:MOST_SUGGESTIONS].tolist()
    return chosen


def _shared(
    snapshot: Snapshot, field: str, terms: Iterable[str], among: BitMap
) -> npt.NDArray[np.float64]:
    """For each document the share of the terms it has, by weight, from 0 to 1."""
    total = 0.0
    shares = np.zeros(snapshot.size, dtype=np.float64)
    for term in sorted(set(terms)):
        docs = snapshot.docs(field, term)
        weight = float(np.log1p(len(snapshot.live) / (1 + len(docs))))
        shares[as_array(docs & among)] += weight
        total += weight
    return shares / total if total else shares
