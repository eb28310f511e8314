"""Reading one segment: postings as bitmaps, columns as arrays, both kept once they are read.

A segment never changes after it was written, so what is kept here outlives commits; which of
its documents have been deleted since is the snapshot's business.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import TermNotFound
from whoosh.util.varints import read_varint

from search import analysis, pinyin
from search import schema as fields
from search.errors import IndexDamaged, IndexMissing
from search.segment_writer import checksum

Numbers = npt.NDArray[np.int64]
Docs = npt.NDArray[np.uint32]

# So many answers are remembered; a vocabulary of 200,000 names has fewer terms that are asked.
REMEMBERED = 50_000

_INT = struct.Struct("!i")
_MAGIC_LENGTH = 4


class Segment:
    """One segment of an open index. Safe to use from several threads."""

    def __init__(self, storage: FileStorage, schema: Schema, segment: W3Segment) -> None:
        try:
            found = checksum(storage, segment)
        except FileNotFoundError:
            raise IndexMissing(segment.segment_id()) from None
        if found != getattr(segment, "checksum", None):
            raise IndexDamaged(segment.segment_id())
        self.size: int = segment.doc_count_all()
        self._schema = schema
        self._segment = segment
        self._files = segment.open_compound_file(storage)
        self._terms = W3Codec().terms_reader(self._files, segment)
        self._posts = segment.open_file(self._files, W3Codec.POSTS_EXT)
        self._remembered: dict[tuple[str, str], BitMap] = {}
        self._texts: dict[str, Any] = {}
        self._numbers: dict[str, Numbers] = {}

    # Postings

    def docs(self, field: str, term: str) -> BitMap:
        """The documents with a term; not to be changed by the caller."""
        return self._remember(field, term, self._read_docs)

    def names_with(self, fragment: str) -> BitMap:
        """The documents whose name contains a squashed fragment."""
        if len(fragment) <= 2:
            return self.docs(fields.NAME, fragment)
        return self._remember("names with", fragment, self._verify_name)

    def texts_with(self, phrase: str) -> BitMap:
        """The documents whose name or profile contains a squashed phrase made of whole words."""
        return self._remember("texts with", phrase, self._verify_text)

    def names_sounding(self, letters: str) -> BitMap:
        """The documents whose name has these letters as its sound or its initials, in part."""
        return self._remember("names sounding", letters, self._verify_sound)

    def postings(self) -> Iterator[tuple[str, bytes, Docs]]:
        """Every term of the segment with its documents, in order of field and term."""
        for (field, term), info in self._terms.items():
            yield field, term, self._read_posting(info)

    def values_of(self, field: str) -> Iterator[tuple[str, Docs]]:
        """Every term of one field with its documents."""
        for (name, term), info in self._terms.items_from(field, b""):
            if name != field:
                return
            yield term.decode("utf-8"), self._read_posting(info)

    # Columns

    def numbers(self, column: str) -> Numbers:
        """A numeric column as an array with one row for each document."""
        if column not in self._numbers:
            self._numbers[column] = self._read_numbers(column)
        return self._numbers[column]

    def _read_numbers(self, column: str) -> Numbers:
        code, default = fields.NUMBERS[column]
        written = np.frombuffer(self._column_bytes(column), dtype=f">{code}")
        if len(written) > self.size:
            raise IndexDamaged(column)
        values = np.full(self.size, default, dtype=np.int64)
        values[: len(written)] = written
        return values

    @cached_property
    def grade_ranks(self) -> Numbers:
        """The rank of each document's grade."""
        places, grades = self._categories(fields.GRADE)
        ranks = np.array([fields.grade_rank(grade) for grade in grades], dtype=np.int64)
        return ranks[places]

    @cached_property
    def name_order(self) -> npt.NDArray[np.bytes_]:
        """Keys by which names sort as they are spoken."""
        return np.array(list(self._text_column(fields.PINYIN)), dtype="S64")

    @cached_property
    def key_order(self) -> npt.NDArray[np.bytes_]:
        """The keys of the documents, for breaking ties."""
        return np.array(list(self._text_column(fields.KEY)), dtype=np.bytes_)

    def text(self, column: str, doc: int) -> str:
        """The value of a text column for one document."""
        value: bytes = self._text_column(column)[doc]
        return value.decode("utf-8")

    def column_values(self, column: str) -> list[Any]:
        """A whole column as its writer was given it."""
        if column in fields.NUMBERS:
            return list(self.numbers(column).tolist())
        if column in fields.FACETS:
            places, values = self._categories(column)
            return [values[place].encode("utf-8") for place in places.tolist()]
        return list(self._text_column(column))

    # Inside

    def _remember(self, kind: str, term: str, find: Callable[[str, str], BitMap]) -> BitMap:
        found = self._remembered.get((kind, term))
        if found is None:
            if len(self._remembered) >= REMEMBERED:
                self._remembered = {}
            found = self._remembered[kind, term] = find(kind, term)
        return found

    def _read_docs(self, field: str, term: str) -> BitMap:
        try:
            info = self._terms.term_info(field, term.encode("utf-8", "replace"))
        except TermNotFound:
            return BitMap()
        # From an array of Python's a bitmap is made at once, from one of numpy's one by one.
        return BitMap(array("I", self._read_posting(info).tobytes()))

    def _read_posting(self, info: Any) -> Docs:
        # Whoosh hands the length out as it unpacked it, in a tuple.
        offset, (length,) = info.extent()
        return decode_postings(self._posts.get(offset, length))

    def _having_all(self, field: str, terms: Sequence[str]) -> BitMap:
        found: BitMap | None = None
        for term in terms:
            docs = self.docs(field, term)
            found = docs if found is None else found & docs
            if not found:
                break
        return BitMap() if found is None else found

    def _verify_name(self, _kind: str, fragment: str) -> BitMap:
        candidates = self._having_all(fields.NAME, list(analysis.bigrams(fragment)))
        sought = fragment.encode("utf-8")
        names = self._text_column(fields.NAME_KEY)
        return BitMap([doc for doc in candidates if sought in names[doc]])

    def _verify_text(self, _kind: str, phrase: str) -> BitMap:
        words = analysis.query_words(phrase)
        candidates = self._having_all(fields.WORDS, words)
        if words == (phrase,):
            return candidates
        sought = phrase.encode("utf-8")
        texts = self._text_column(fields.TEXT)
        return BitMap([doc for doc in candidates if sought in texts[doc]])

    def _verify_sound(self, _kind: str, letters: str) -> BitMap:
        sound = self._having_all(fields.PINYIN, sorted(pinyin.sound_triples(letters)))
        short = self._having_all(fields.PINYIN, sorted(pinyin.initial_triples(letters)))
        found = BitMap()
        for doc in sound | short:
            parts = self.text(fields.PINYIN, doc).split(" ")
            if letters in pinyin.initials(parts) or pinyin.sounds_like(parts, letters):
                found.add(doc)
        return found

    def _column_bytes(self, column: str) -> bytes:
        name = W3Codec.column_filename(self._segment, column)
        content: bytes = self._files.open_file(name).get(0, self._files.file_length(name))
        return content

    def _text_column(self, column: str) -> Any:
        if column not in self._texts:
            name = W3Codec.column_filename(self._segment, column)
            file, length = self._files.open_file(name), self._files.file_length(name)
            kind = self._schema[column].column_type
            self._texts[column] = kind.reader(file, 0, length, self.size)
        return self._texts[column]

    def _categories(self, column: str) -> tuple[npt.NDArray[np.intp], list[str]]:
        # Laid out by Whoosh's RefBytesColumn: a reference for each document, the distinct
        # values, and as the last byte the width of a reference.
        content = self._column_bytes(column)
        width = np.dtype(f">{chr(content[-1])}")
        places = np.frombuffer(content, dtype=width, count=self.size)
        rest = BytesIO(content[self.size * width.itemsize : -1])
        values = [
            rest.read(read_varint(rest.read)).decode("utf-8") for _ in range(read_varint(rest.read))
        ]
        return places.astype(np.intp), values


def decode_postings(content: bytes) -> Docs:
    """The document numbers of a posting list as Whoosh's codec writes it."""
    position = _MAGIC_LENGTH
    blocks: list[Docs] = []
    last = False
    while not last:
        (length,) = _INT.unpack_from(content, position)
        last = length < 0
        position += _INT.size
        block = BytesIO(content[position : position + abs(length)])
        position += abs(length)
        # The files are this program's own; the checksum has been compared.
        info = pickle.load(block)  # noqa: S301
        data = block.read()
        deltas = pickle.loads(zlib.decompress(data) if info[3] else data)[0]  # noqa: S301
        blocks.append(np.cumsum(np.asarray(deltas, dtype=np.uint32), dtype=np.uint32))
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
