"""Did you mean: names that share much with a question that matches nothing.

Asked and indexed names are compared by the pairs of characters and the pairs of syllables they
share, rare ones counting more. One wrong character breaks two pairs of characters; if it sounds
right, it breaks no pair of syllables.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from search import schema as fields
from search.analysis import bigrams
from search.documents import Sort
from search.matching import as_array
from search.pinyin import initial_triples, may_be_pinyin, sound_triples, syllable_pairs
from search.snapshot import Snapshot

# A name must share this much, of 2 for sharing everything, to be worth a suggestion.
LEAST = 0.4
MOST_SUGGESTIONS = 10


def similar(snapshot: Snapshot, squashed: str, among: BitMap) -> list[int]:
    """Documents of the most similar institutions, best first, one for each institution."""
    likeness = _shared(snapshot, fields.NAME, bigrams(squashed), among)
    sounds = syllable_pairs(squashed)
    if may_be_pinyin(squashed):
        sounds |= sound_triples(squashed) | initial_triples(squashed)
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
        weight = float(np.log1p(snapshot.size / (1 + len(docs))))
        shares[as_array(docs & among)] += weight
        total += weight
    return shares / total if total else shares
