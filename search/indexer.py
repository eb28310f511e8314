"""Writing the index: small changes in batches, and the whole of it anew.

Whoosh's own writer passes every posting through a sorting pool and a dozen calls. Here a term
keeps a growing array of document numbers, which are in order as documents come, and each array
is written at once. The files are those of Whoosh's codec, as its own reader expects them.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pyroaring import BitMap
from whoosh.codec.whoosh3 import STORED_COLUMN, W3Codec, W3Segment
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashWriter

from search import index
from search import schema as fields
from search.documents import ListingDocument
from search.index import Place
from search.segment import Docs, Segment, SegmentEntry, encode_postings

# A change folds older segments into its own while together they stay below this; larger ones
# wait for `compact`, so that a change is never slow.
FOLD_LIMIT = 4_000

# Place and length of Whoosh's own list of the parts, before the parts.
_COMPOUND_HEADER = struct.Struct("!qi")


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
        for name in fields.VALUES
        for values in [reader.column_values(name)]
    )
    return int(live.sum()), ((f, t, docs) for f, t, docs in postings if docs), columns


# ------------------------------------------------------------------ one segment


class SegmentBuilder:
    """Collects documents, then writes them as one segment."""

    def __init__(self) -> None:
        self._postings: dict[str, dict[bytes, array[int]]] = {}
        self._columns: dict[str, list[Any]] = {}
        self.count = 0

    def add(self, document: ListingDocument) -> None:
        """Add one document under the next number."""
        for field, terms_of in fields.TERMS.items():
            pool = self._postings.setdefault(field, {})
            for term in terms_of(document):
                posting = pool.get(term)
                if posting is None:
                    posting = pool[term] = array("I")
                posting.append(self.count)
        for name, value_of in fields.VALUES.items():
            self._columns.setdefault(name, []).append(value_of(document))
        self.count += 1

    def extend(
        self,
        count: int,
        postings: Iterable[tuple[str, bytes, Sequence[int]]],
        columns: Iterable[tuple[str, list[Any]]],
    ) -> None:
        """Add `count` documents of an older segment, numbered from 0 in what is passed."""
        for field, term, documents in postings:
            posting = self._postings.setdefault(field, {}).setdefault(term, array("I"))
            posting.extend(documents if not self.count else (n + self.count for n in documents))
        for name, values in columns:
            self._columns.setdefault(name, []).extend(values)
        self.count += count

    def write(self, folder: Path) -> SegmentEntry:
        """Write the file of the segment; it counts only once a table of contents names it."""
        storage, schema = FileStorage(str(folder)), fields.make_schema()
        segment = W3Codec().new_segment(storage, fields.INDEX_NAME)
        places = self._write_postings(storage, segment)
        for name, values in sorted(self._columns.items()):
            _write_column(storage, segment, name, schema[name].column_type, values)
        # Nothing is stored beside the columns, but Whoosh's reader looks for the place of it.
        _write_column(storage, segment, "_stored", STORED_COLUMN, [None] * self.count)
        parts = _join_files(storage, segment)
        checksum = zlib.crc32((folder / fields.segment_file(segment.segid)).read_bytes())
        return SegmentEntry(segment.segid, self.count, checksum, parts, places)

    def _write_postings(
        self, storage: FileStorage, segment: W3Segment
    ) -> dict[str, tuple[int, int, int]]:
        """Write terms and postings; the number, beginning and end of each field's terms."""
        posts = segment.create_file(storage, W3Codec.POSTS_EXT)
        terms = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        terms.extras["fieldmap"] = {
            field: number for number, field in enumerate(sorted(self._postings))
        }
        places: dict[str, tuple[int, int, int]] = {}
        position = posts.tell()
        for field, number in terms.extras["fieldmap"].items():
            prefix, begin = fields.FIELD_NUMBER.pack(number), terms.tell()
            for term, documents in sorted(self._postings[field].items()):
                block = encode_postings(documents)
                posts.write(block)
                terms.add(prefix + term, _term_info(documents, position, len(block)))
                position += len(block)
            places[field] = number, begin, terms.tell()
        terms.close()
        posts.close()
        return places


def _join_files(storage: FileStorage, segment: W3Segment) -> dict[str, tuple[int, int]]:
    """Make one file of all the segment's files, as Whoosh does; where each of them lies in it."""
    names = sorted(segment.list_files(storage))
    parts: dict[str, tuple[int, int]] = {}
    position = _COMPOUND_HEADER.size
    for name in names:
        length = storage.file_length(name)
        parts[name.removeprefix(segment.segment_id())] = position, length
        position += length
    CompoundStorage.assemble(segment.create_file(storage, segment.COMPOUND_EXT), storage, names)
    for name in names:
        storage.delete_file(name)
    return parts


def _term_info(documents: Sequence[int], position: int, length: int) -> bytes:
    count = len(documents)
    span = documents[0], documents[-1]
    return fields.TERM_INFO.pack(0, float(count), count, 0, 0, 1.0, *span, position, length)


def _write_column(
    storage: FileStorage, segment: W3Segment, name: str, column: Any, values: list[Any]
) -> None:
    file = storage.create_file(W3Codec.column_filename(segment, name))
    writer = column.writer(file)
    for number, value in enumerate(values):
        writer.add(number, value)
    writer.finish(len(values))
    file.close()
