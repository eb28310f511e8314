"""Building one segment: postings pooled in memory, then written term by term in blocks.

Whoosh's own writer passes every posting through a sorting pool and a dozen calls. Here a term
keeps a growing array of document numbers, which are in order as documents come, and each array
is written at once. The files are those of Whoosh's codec, as its own reader expects them.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from whoosh.codec.whoosh3 import STORED_COLUMN, WHOOSH3_HEADER_MAGIC, W3Codec, W3Segment
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashWriter

from search import schema as fields
from search.analysis import BREAK, name_terms, phrases, squash, text_words
from search.documents import ListingDocument
from search.pinyin import pinyin_terms, syllables

# Whoosh writes 128 postings a block; larger blocks read back faster and are as readable to it.
BLOCK = 4096
LONG = 32

_INT = struct.Struct("!i")
_FIELD_NUMBER = struct.Struct("!H")
# Row of the term table: flags, weight, documents, shortest and longest length, greatest weight,
# first and last document, then where the postings lie and how long they are.
_TERM_INFO = struct.Struct("!BfIBBfIIqi")

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

    def write(self, storage: FileStorage, schema: Schema) -> W3Segment:
        """Write the files of the segment; it counts only once a table of contents names it."""
        segment = W3Codec().new_segment(storage, fields.INDEX_NAME)
        self._write_postings(storage, segment)
        for name, values in sorted(self._columns.items()):
            _write_column(storage, segment, name, schema[name].column_type, values)
        # Nothing is stored beside the columns, but Whoosh's reader looks for the place of it.
        _write_column(storage, segment, "_stored", STORED_COLUMN, [None] * self.count)
        segment.set_doc_count(self.count)
        # Lengths of fields matter only to scoring by frequency, which nothing here uses.
        segment._fieldlengths = {}  # noqa: SLF001
        segment.create_compound_file(storage)
        segment.checksum = checksum(storage, segment)
        return segment

    def _write_postings(self, storage: FileStorage, segment: W3Segment) -> None:
        posts = segment.create_file(storage, W3Codec.POSTS_EXT)
        terms = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        numbers = {field: number for number, field in enumerate(sorted(self._postings))}
        terms.extras["fieldmap"] = numbers
        position = posts.tell()
        for field, number in numbers.items():
            prefix = _FIELD_NUMBER.pack(number)
            for term, documents in sorted(self._postings[field].items()):
                block = encode_postings(documents)
                posts.write(block)
                terms.add(prefix + term, _term_info(documents, position, len(block)))
                position += len(block)
        terms.close()
        posts.close()


def checksum(storage: FileStorage, segment: W3Segment) -> int:
    """The sum over a segment's file that tells later whether it is still what was written."""
    total = 0
    with storage.open_file(segment.make_filename(segment.COMPOUND_EXT)) as file:
        while chunk := file.read(1 << 20):
            total = zlib.crc32(chunk, total)
    return total


def encode_postings(documents: Sequence[int]) -> bytes:
    """The posting list of one term as the codec writes it, uncompressed."""
    parts: list[bytes] = [WHOOSH3_HEADER_MAGIC]
    for start in range(0, len(documents), BLOCK):
        block = documents[start : start + BLOCK]
        info = pickle.dumps((len(block), block[-1], 1.0, 0, 0, 0), 2)
        data = info + pickle.dumps((_deltas(block), None, None), 4)
        is_last = start + BLOCK >= len(documents)
        parts += (_INT.pack(-len(data) if is_last else len(data)), data)
    return b"".join(parts)


def _deltas(block: Sequence[int]) -> Sequence[int]:
    # Whoosh takes any sequence of numbers here; an array reads back without touching each.
    steps = map(int.__sub__, block[1:], block[:-1])
    if len(block) < LONG:
        return (block[0], *steps)
    return array("I", (block[0], *steps))


def _term_info(documents: Sequence[int], position: int, length: int) -> bytes:
    count = len(documents)
    span = documents[0], documents[-1]
    return _TERM_INFO.pack(0, float(count), count, 0, 0, 1.0, *span, position, length)


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
