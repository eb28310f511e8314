"""Reading one segment: postings as bitmaps, columns as arrays, both kept once they are read.

A segment never changes after it was written, so what is kept here outlives commits; which of
its documents have been deleted since is the snapshot's business. Of Whoosh only those parts read
here that do not unpickle: the table of terms without what is noted beside it, and text columns.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import VarBytesColumn
from whoosh.filedb.filetables import FileFormatError, HashReader
from whoosh.filedb.structfile import BufferFile
from whoosh.util.varints import read_varint

from search import analysis, pinyin
from search import schema as fields
from search.errors import IndexDamaged, IndexMissing
from search.index import SegmentEntry
from search.postings import Docs, decode_postings

Numbers = npt.NDArray[np.int64]

# So many answers are remembered; a vocabulary of 200,000 names has fewer terms that are asked.
REMEMBERED = 50_000

# Whatever bytes lead to that were not written by this library, though their checksum holds.
_MALFORMED = (struct.error, ValueError, TypeError, LookupError, EOFError, FileFormatError)


class Terms(HashReader):
    """Whoosh's table of terms, without what Whoosh keeps beside it: that is a pickle."""

    def _read_extras(self) -> None:
        self.extras: dict[str, Any] = {}

    def between(self, begin: int, end: int) -> Iterator[tuple[bytes, bytes]]:
        """The keys and values that lie between two places, in order."""
        for key, key_length, value, value_length in self._ranges(begin, end):
            yield self.dbfile.get(key, key_length), self.dbfile.get(value, value_length)


class Segment:
    """One segment of an open index. Safe to use from several threads."""

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        self.size = entry.size
        self._entry = entry
        self._content = _mapped(folder / fields.segment_file(entry.name))
        if zlib.crc32(self._content) != entry.checksum:
            raise IndexDamaged(entry.name)
        self._posts = self._part(W3Codec.POSTS_EXT)
        self._terms = self._open_terms()
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
        for field in self._entry.fields:
            for term, docs in self._postings_of(field):
                yield field, term, docs

    def values_of(self, field: str) -> Iterator[tuple[str, Docs]]:
        """Every term of one field with its documents."""
        return ((term.decode("utf-8"), docs) for term, docs in self._postings_of(field))

    def _postings_of(self, field: str) -> Iterator[tuple[bytes, Docs]]:
        _, begin, end = self._entry.fields.get(field, (0, 0, 0))
        try:
            for key, info in self._terms.between(begin, end) if begin < end else ():
                yield key[fields.FIELD_NUMBER.size :], self._read_posting(info)
        except _MALFORMED as error:
            raise IndexDamaged(field) from error

    # Columns

    def numbers(self, column: str) -> Numbers:
        """A numeric column as an array with one row for each document."""
        if column not in self._numbers:
            self._numbers[column] = self._read_numbers(column)
        return self._numbers[column]

    def _read_numbers(self, column: str) -> Numbers:
        code, default = fields.NUMBERS[column]
        content = self._part(f".{column}{W3Codec.COLUMN_EXT}")
        if len(content) > self.size * np.dtype(code).itemsize:
            raise IndexDamaged(column)
        written = np.frombuffer(content, dtype=f">{code}")
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
        return value.decode("utf-8", "replace")

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
        if field not in self._entry.fields:
            return BitMap()
        try:
            number = fields.FIELD_NUMBER.pack(self._entry.fields[field][0])
            info = self._terms.get(number + term.encode("utf-8", "replace"))
            docs = self._read_posting(info) if info is not None else None
        except _MALFORMED as error:
            raise IndexDamaged(field) from error
        # From an array of Python's a bitmap is made at once, from one of numpy's one by one.
        return BitMap() if docs is None else BitMap(array("I", docs.tobytes()))

    def _read_posting(self, info: bytes) -> Docs:
        *_, offset, length = fields.TERM_INFO.unpack(info)
        docs = decode_postings(bytes(self._posts[offset : offset + length]))
        if docs[-1] >= self.size:
            raise IndexDamaged("postings")
        return docs

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

    def _part(self, extension: str) -> memoryview:
        offset, length = self._entry.parts.get(extension, (0, 0))
        return self._content[offset : offset + length]

    def _open_terms(self) -> Terms:
        content = self._part(W3Codec.TERMS_EXT)
        try:
            return Terms(BufferFile(content), len(content))
        except _MALFORMED as error:
            raise IndexDamaged(self._entry.name) from error

    def _text_column(self, column: str) -> Any:
        if column not in self._texts:
            content = self._part(f".{column}{W3Codec.COLUMN_EXT}")
            try:
                reader = VarBytesColumn.Reader(BufferFile(content), 0, len(content), self.size)
            except _MALFORMED as error:
                raise IndexDamaged(column) from error
            self._texts[column] = reader
        return self._texts[column]

    def _categories(self, column: str) -> tuple[npt.NDArray[np.intp], list[str]]:
        # Laid out by Whoosh's RefBytesColumn: a reference for each document, the distinct
        # values, and as the last byte the width of a reference.
        content = self._part(f".{column}{W3Codec.COLUMN_EXT}")
        try:
            width = np.dtype(f">{chr(content[-1])}")
            places = np.frombuffer(content, dtype=width, count=self.size)
            rest = BytesIO(content[self.size * width.itemsize : -1])
            values = [
                rest.read(read_varint(rest.read)).decode("utf-8")
                for _ in range(read_varint(rest.read))
            ]
        except _MALFORMED as error:
            raise IndexDamaged(column) from error
        return places.astype(np.intp), values


def _mapped(path: Path) -> memoryview:
    try:
        with path.open("rb") as file:
            return memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
    except FileNotFoundError:
        raise IndexMissing(path.name) from None
    except ValueError as error:
        raise IndexDamaged(path.name) from error
