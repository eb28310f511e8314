"""Words to documents: what a term matches, and how well.

A term matches a name that contains it, a text that has it as a phrase, a name that sounds like
it, and the same for its synonyms. A term that is found nowhere as it stands is taken apart into
words which must all match: 长春环评 finds what has both 长春 and 环评.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

import numpy as np
from pyroaring import BitMap

from search import schema as fields
from search.analysis import Synonyms, begins_with, is_exactly
from search.pinyin import may_be_pinyin
from search.segment import Numbers
from search.snapshot import Snapshot

# How much a match is worth, the best of each term added up.
EXACTLY = 8
BEGINS = 4
IN_NAME = 3
SYNONYM_IN_NAME = 2
SOUNDS = 2
IN_TEXT = 1


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


def match(snapshot: Snapshot, terms: Iterable[str], synonyms: Synonyms) -> Matches:
    """The live documents that match all of the squashed terms; all of them where there are none."""
    found = tuple(part for term in terms for part in _match_somehow(snapshot, term, synonyms))
    return Matches(reduce(and_, (term.docs for term in found), snapshot.live), found)


def _match_somehow(snapshot: Snapshot, term: str, synonyms: Synonyms) -> Iterator[Match]:
    whole = _match_term(snapshot, term, synonyms)
    parts = () if whole.docs else synonyms.parts(term)
    if len(parts) > 1:
        yield from (_match_term(snapshot, part, synonyms) for part in parts)
    else:
        yield whole


def _match_term(snapshot: Snapshot, term: str, synonyms: Synonyms) -> Match:
    in_name, in_text = snapshot.names_with(term), snapshot.texts_with(term)
    meant_in_name, sounding = BitMap(), BitMap()
    for form in synonyms.of(term):
        meant_in_name |= snapshot.names_with(form)
        in_text = in_text | snapshot.texts_with(form)
    if may_be_pinyin(term):
        sounding = snapshot.names_sounding(term)
    by_worth = (
        (IN_TEXT, in_text),
        (SYNONYM_IN_NAME, meant_in_name | sounding),
        (IN_NAME, in_name),
        (BEGINS, in_name & snapshot.docs(fields.NAME, begins_with(term))),
        (EXACTLY, snapshot.docs(fields.NAME, is_exactly(term))),
    )
    return Match(reduce(or_, (docs for _, docs in by_worth)), by_worth)
