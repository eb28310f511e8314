"""Writing the index: small changes in batches, and the whole of it anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pyroaring import BitMap

from search import index
from search import schema as fields
from search.documents import ListingDocument
from search.index import Place, SegmentEntry
from search.postings import Docs
from search.segment import Segment
from search.segment_writer import SegmentBuilder

# A change folds older segments into its own while together they stay below this; larger ones
# wait for `compact`, so that a change is never slow.
FOLD_LIMIT = 4_000


class Indexer:
    """The writer of an index. One process at a time writes; the others wait `patience` seconds.

    Raises `IndexLocked` when they have waited in vain, and, from `apply` and `compact`,
    `IndexMissing`, `IndexDamaged` or `IndexOutdated` when only `rebuild` can help.
    """

    def __init__(self, home: Path, patience: float = 30.0) -> None:
        self._home = home
        self._patience = patience

    def rebuild(self, documents: Iterable[ListingDocument]) -> int:
        """Write a whole new index beside the old one and swap it in; how many documents it has.

        Of documents with the same key the last counts. Should anything fail, also the process,
        the old index goes on as it was.
        """
        with index.writing(self._home, self._patience), index.new_place(self._home) as place:
            latest = {document.key: document for document in documents}
            builder = SegmentBuilder()
            for document in latest.values():
                builder.add(document)
            index.commit(place, _written(builder, place), 1)
        return builder.count

    def apply(self, upserts: Iterable[ListingDocument], deletes: Iterable[str] = ()) -> None:
        """Put the documents in place of those with their keys, and remove the deleted keys.

        It is one commit: a reader sees all of it or nothing. A key that is in both is written.
        """
        latest = {document.key: document for document in upserts}
        keys = {*latest, *deletes}
        if not keys:
            return
        with index.writing(self._home, self._patience):
            place = index.read_place(self._home)
            builder = SegmentBuilder()
            for document in latest.values():
                builder.add(document)
            self._commit(place, builder, keys, fold_all=False)
            index.remove_leftovers(self._home, place.folder)

    def compact(self) -> None:
        """Fold all segments into one and drop what was deleted; for quiet hours."""
        with index.writing(self._home, self._patience):
            place = index.read_place(self._home)
            self._commit(place, SegmentBuilder(), set(), fold_all=True)

    def _commit(
        self, place: Place, builder: SegmentBuilder, keys: set[str], *, fold_all: bool
    ) -> None:
        contents = index.read_contents(place)
        kept: list[SegmentEntry] = []
        found = [(entry, Segment(place.folder, entry)) for entry in contents.segments]
        left = [(_without(entry, reader, keys), reader) for entry, reader in found]
        for entry, reader in sorted(left, key=lambda one: one[0].live):
            if fold_all or _is_foldable(builder.count, entry.live):
                builder.extend(*_live_content(entry, reader))
            else:
                kept.append(entry)
        index.commit(place, kept + _written(builder, place), contents.generation + 1)


def _written(builder: SegmentBuilder, place: Place) -> list[SegmentEntry]:
    if not builder.count:
        return []
    return [builder.write(place.folder)]


def _is_foldable(gathered: int, live: int) -> bool:
    # Sizes thus keep doubling from one segment to the next, so there are only ever a few.
    return live == 0 or (live <= 2 * gathered and gathered + live <= FOLD_LIMIT)


def _without(entry: SegmentEntry, reader: Segment, keys: Iterable[str]) -> SegmentEntry:
    """The segment with the documents of these keys deleted, too."""
    deleted = BitMap(entry.deleted).union(*(reader.docs(fields.KEY, key) for key in keys))
    return replace(entry, deleted=tuple(deleted))


def _live_content(
    entry: SegmentEntry, reader: Segment
) -> tuple[int, Iterator[tuple[str, bytes, list[int]]], Iterator[tuple[str, list[Any]]]]:
    live = np.ones(reader.size, dtype=bool)
    live[list(entry.deleted)] = False
    renumbered = np.cumsum(live) - 1

    def survivors(docs: Docs) -> list[int]:
        kept: list[int] = renumbered[docs[live[docs]]].tolist()
        return kept

    postings = ((field, term, survivors(docs)) for field, term, docs in reader.postings())
    columns = (
        (name, [value for value, stays in zip(values, live, strict=True) if stays])
        for name in fields.COLUMNS
        for values in [reader.column_values(name)]
    )
    return int(live.sum()), ((f, t, docs) for f, t, docs in postings if docs), columns
