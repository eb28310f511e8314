"""Building one segment: postings pooled in memory, then written term by term in blocks.

Whoosh's own writer passes every posting through a sorting pool and a dozen calls. Here a term
keeps a growing array of document numbers, which are in order as documents come, and each array
is written at once. The files are those of Whoosh's codec, as its own reader expects them.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import STORED_COLUMN, W3Codec, W3Segment
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashWriter

from search import schema as fields
from search.analysis import BREAK, name_terms, phrases, squash, text_words
from search.documents import ListingDocument
from search.index import SegmentEntry
from search.pinyin import pinyin_terms, syllables
from search.postings import encode_postings

# Place and length of Whoosh's own list of the parts, before the parts.
_COMPOUND_HEADER = struct.Struct("!qi")

Values = dict[str, Any]


class SegmentBuilder:
    """Collects documents, then writes them as one segment."""

    def __init__(self) -> None:
        self._postings: dict[str, dict[bytes, array[int]]] = {}
        self._columns: dict[str, list[Any]] = {}
        self.count = 0

    def add(self, document: ListingDocument) -> None:
        """Add one document under the next number."""
        for field, terms in _terms_of(document):
            pool = self._postings.setdefault(field, {})
            for term in terms:
                posting = pool.get(term)
                if posting is None:
                    posting = pool[term] = array("I")
                posting.append(self.count)
        for name, value in _values_of(document).items():
            self._columns.setdefault(name, []).append(value)
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


def _terms_of(document: ListingDocument) -> Iterable[tuple[str, Iterable[bytes]]]:
    sound = _sound(document.name)
    yield fields.KEY, (_encode(document.key),)
    yield fields.NAME, _name_terms(document.name)
    yield fields.PINYIN, map(_encode, pinyin_terms(sound))
    yield fields.WORDS, _word_terms(document.name, document.profile)
    yield fields.ITEM, (_encode(document.item),)
    yield fields.REGION, set(map(_encode, document.regions))
    yield fields.GRADE, (_encode(document.grade),)
    yield fields.LEVEL, set(map(_encode, document.levels))


def _values_of(document: ListingDocument) -> Values:
    return {
        fields.KEY: _encode(document.key),
        fields.INSTITUTION: document.institution_id,
        fields.INSTITUTION_KEY: _encode(document.institution_key),
        fields.NAME: _encode(document.name),
        fields.NAME_KEY: _encode(squash(document.name)),
        fields.PINYIN: _encode(" ".join(_sound(document.name))),
        fields.TEXT: _encode(_text(document.name, document.profile)),
        fields.ITEM: _encode(document.item),
        fields.REGION: _encode(document.regions[0] if document.regions else ""),
        fields.GRADE: _encode(document.grade),
        fields.LEVEL: _encode(document.levels[0] if document.levels else ""),
        fields.SCORE: document.score,
        fields.DAYS: document.promised_days,
        fields.ADMITTED: document.admitted_on.toordinal(),
    }


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


# The listings of an institution follow each other, so their common parts are analysed once.
@lru_cache(maxsize=256)
def _sound(name: str) -> tuple[str, ...]:
    return syllables(squash(name))


@lru_cache(maxsize=256)
def _name_terms(name: str) -> tuple[bytes, ...]:
    return tuple(map(_encode, name_terms(squash(name))))


@lru_cache(maxsize=256)
def _text(name: str, profile: str) -> str:
    return squash(name) + BREAK + phrases(profile)


@lru_cache(maxsize=256)
def _word_terms(name: str, profile: str) -> tuple[bytes, ...]:
    return tuple(map(_encode, text_words(_text(name, profile))))
