"""Reading one segment: postings as bitmaps, columns as arrays, both kept once they are read.

A segment never changes after it was written, so what is kept here outlives commits; which of
its documents have been deleted since is the snapshot's business.

Nothing is unpickled. Of Whoosh only such parts read here that do not: the table of terms, without
what Whoosh keeps beside it, and text columns. A posting list is to Whoosh blocks of two pickles:
what the block holds, and the steps from one document's number to the next. Here every block is
written in one fixed layout, which unpickles to just that, and is read as the layout it is; any
other bytes are damage.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from mmap import ACCESS_READ, mmap
from operator import sub
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec
from whoosh.columns import VarBytesColumn
from whoosh.filedb.filetables import FileFormatError, HashReader
from whoosh.filedb.structfile import BufferFile
from whoosh.util.varints import read_varint

from search import analysis
from search import schema as fields
from search.documents import IndexDamaged, IndexMissing

Docs = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

# So many answers are remembered; a vocabulary of 200,000 names has fewer terms that are asked.
REMEMBERED = 50_000

# Whatever bytes lead to that were not written by this library, though their checksum holds.
_MALFORMED = (struct.error, ValueError, TypeError, LookupError, EOFError, FileFormatError)

# Whoosh writes 128 postings a block; larger blocks read back faster and are as readable to it.
BLOCK = 4096

# The length of a block, negative for the last one.
_LENGTH = struct.Struct(">i")
# The pickle of (postings, last document, 1.0, 0, 0, 0): greatest weight, no compression, no
# lengths of fields; then the beginning and the end of the pickle of (steps, None, None).
_INFO = struct.Struct("<4sisi17s3s")
_LAYOUT = (b"\x80\x02(J", b"J", b"G?\xf0\0\0\0\0\0\0K\0K\0K\0t.", b"\x80\x02(")
_END = b"tNN\x87."
# Each step is the code of a pickled number and the number, all of a block in the same width.
_KINDS = {ord("K"): ("B", 1), ord("M"): ("H", 2), ord("J"): ("i", 4)}
_STEPS = {code: np.dtype(f"S1, <u{width}") for code, (_, width) in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment as the contents list it; its file never changes, what is deleted does.

    `parts` are offset and length in it of the files that Whoosh would keep apart, by extension.
    `fields` are number, beginning and end of a field's terms within the table of terms.
    """

    name: str
    size: int
    checksum: int
    parts: Mapping[str, Sequence[int]]
    fields: Mapping[str, Sequence[int]]
    deleted: Sequence[int] = ()

    @property
    def live(self) -> int:
        """How many of its documents have not been deleted."""
        return self.size - len(self.deleted)


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
        """The documents that contain a squashed phrase made of whole words."""
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
        sound = self._having_all(fields.PINYIN, sorted(analysis.sound_triples(letters)))
        short = self._having_all(fields.PINYIN, sorted(analysis.initial_triples(letters)))
        syllables = self._text_column(fields.PINYIN)
        return BitMap(
            doc
            for doc in sound | short
            if analysis.sounds_like(syllables[doc].decode("utf-8").split(" "), letters)
        )

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


# ------------------------------------------------------------------ posting lists


def encode_postings(documents: Sequence[int]) -> bytes:
    """The posting list of one term; the numbers of the documents rise."""
    parts: list[bytes] = [WHOOSH3_HEADER_MAGIC]
    for start in range(0, len(documents), BLOCK):
        block = documents[start : start + BLOCK]
        before, between, rest, begin = _LAYOUT
        info = _INFO.pack(before, len(block), between, block[-1], rest, begin)
        steps = _encode_steps((block[0], *map(sub, block[1:], block[:-1])))
        length = len(info) + len(steps) + len(_END)
        is_last = start + BLOCK >= len(documents)
        parts += (_LENGTH.pack(-length if is_last else length), info, steps, _END)
    return b"".join(parts)


def _encode_steps(steps: tuple[int, ...]) -> bytes:
    widest = max(steps)
    code = ord("K" if widest < 1 << 8 else "M" if widest < 1 << 16 else "J")
    kind, width = _KINDS[code]
    numbers = struct.pack(f"<{len(steps)}{kind}", *steps)
    content = bytearray([code]) * (len(steps) * (width + 1))
    for place in range(width):
        content[place + 1 :: width + 1] = numbers[place::width]
    return bytes(content)


def decode_postings(content: bytes) -> Docs:
    """The documents of a posting list; raises `IndexDamaged` if it is laid out otherwise."""
    position = len(WHOOSH3_HEADER_MAGIC)
    blocks: list[Docs] = []
    length = 1
    try:
        while length > 0:
            (length,) = _LENGTH.unpack_from(content, position)
            position += _LENGTH.size + abs(length)
            blocks.append(_decode_block(content, position - abs(length), position))
    except (struct.error, ValueError, LookupError) as error:
        raise IndexDamaged("postings") from error
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _decode_block(content: bytes, start: int, end: int) -> Docs:
    before, count, between, last, rest, begin = _INFO.unpack_from(content, start)
    steps = _STEPS[content[start + _INFO.size]]
    expected = start + _INFO.size + count * steps.itemsize
    if (before, between, rest, begin) != _LAYOUT or content[expected:end] != _END:
        raise ValueError("a block of another layout")
    read = np.frombuffer(content, dtype=steps, count=count, offset=start + _INFO.size)
    docs: Docs = read["f1"].cumsum(dtype=np.uint32)
    if docs[-1] != last:
        raise ValueError("the steps lead elsewhere")
    return docs
