"""The index on disk: a home folder, what of it is current, who may write, and its reader.

    home/current       names the folder that counts and the version it was written by
    home/lock          held by whoever writes
    home/<folder>/     an ordinary Whoosh index, with our own table of contents beside Whoosh's

A rebuild fills a new folder and then replaces `current`, so it takes effect at once or not at
all. A smaller change adds a segment and a new table of contents, which is renamed into place.

Whoosh's table of contents is a pickle, and so are the list of parts in a segment's file and the
numbers of its fields. They are written for Whoosh and never read here: `Contents` says the same
in JSON. Whoever can write into the folder can spoil the index, but not have code run.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from pyroaring import BitMap
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from search import schema as fields
from search.analysis import NO_SYNONYMS, Synonyms
from search.answering import answer
from search.documents import (
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    Query,
    Result,
)
from search.segment import Segment, SegmentEntry
from search.snapshot import Part, Snapshot

_CURRENT = "current"
_LOCK = "lock"
_STAGING = "staging"
_OPENING_ATTEMPTS = 5


# Whatever a JSON that was not written here may lead to.
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that counts at some moment."""

    folder: Path

    @property
    def storage(self) -> FileStorage:
        return FileStorage(str(self.folder))


@dataclass(frozen=True, slots=True)
class Contents:
    """What one commit holds; `checksum` is that of Whoosh's own table of contents."""

    generation: int
    checksum: int
    segments: tuple[SegmentEntry, ...]


def read_place(home: Path) -> Place:
    """The current folder; raises `IndexMissing`, `IndexDamaged` or `IndexOutdated`."""
    try:
        content = (home / _CURRENT).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(str(home)) from None
    try:
        pointer = json.loads(content)
        folder, version = home / _matching("[0-9a-f]{32}", pointer["folder"]), pointer["version"]
    except _MALFORMED as error:
        raise IndexDamaged(str(home)) from error
    if version != fields.VERSION:
        raise IndexOutdated(str(version))
    if not folder.is_dir():
        raise IndexMissing(str(folder))
    return Place(folder)


def mark_of(home: Path) -> tuple[int, int]:
    """A mark that changes whenever another folder becomes current."""
    try:
        status = (home / _CURRENT).stat()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(str(home)) from None
    return status.st_ino, status.st_mtime_ns


def latest_generation(place: Place) -> int:
    """The number of the last commit in a folder, or -1 if there is none."""
    generation: int = TOC._latest_generation(place.storage, fields.INDEX_NAME)  # noqa: SLF001
    return generation


def read_contents(place: Place) -> Contents:
    """What the last commit holds, read only if all checksums hold."""
    generation = latest_generation(place)
    try:
        content = (place.folder / _contents_name(generation)).read_bytes()
        theirs = (place.folder / _toc_name(generation)).read_bytes()
        contents = _decode(content)
    except FileNotFoundError:
        raise IndexMissing(str(place.folder)) from None
    except _MALFORMED as error:
        raise IndexDamaged(str(place.folder)) from error
    if (contents.generation, contents.checksum) != (generation, zlib.crc32(theirs)):
        raise IndexDamaged(str(place.folder))
    return contents


def _encode(contents: Contents) -> bytes:
    body = json.dumps(asdict(contents)).encode()
    return b"%d\n%s" % (zlib.crc32(body), body)


def _decode(content: bytes) -> Contents:
    checksum, _, body = content.partition(b"\n")
    if checksum != b"%d" % zlib.crc32(body):
        raise ValueError("the checksum differs")
    read = json.loads(body)
    segments = tuple(map(_decode_entry, read["segments"]))
    return Contents(_number(read["generation"]), _number(read["checksum"]), segments)


def _decode_entry(read: Any) -> SegmentEntry:
    entry = SegmentEntry(
        name=_matching("[0-9a-z]+", read["name"]),
        size=_number(read["size"]),
        checksum=_number(read["checksum"]),
        parts={name: _numbers(place, 2) for name, place in read["parts"].items()},
        fields={name: _numbers(place, 3) for name, place in read["fields"].items()},
        deleted=_numbers(read["deleted"]),
    )
    if max(entry.deleted, default=-1) >= entry.size:
        raise ValueError("deleted what is not there")
    return entry


def _matching(pattern: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise TypeError(value)
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(value)
    return value


def _numbers(values: Any, count: int | None = None) -> tuple[int, ...]:
    if not isinstance(values, list) or count not in {None, len(values)}:
        raise TypeError(values)
    return tuple(map(_number, values))


def commit(place: Place, segments: Sequence[SegmentEntry], generation: int) -> None:
    """Make these segments the content of the folder and remove the files of all others."""
    # Whoever was killed here before may have left something behind.
    shutil.rmtree(place.folder / _STAGING, ignore_errors=True)
    staging = place.storage.temp_storage(_STAGING)
    theirs = [_whoosh_segment(entry) for entry in segments]
    TOC(fields.make_schema(), theirs, generation).write(staging, fields.INDEX_NAME)
    toc = Path(staging.folder) / _toc_name(generation)
    ours = place.folder / _contents_name(generation)
    ours.write_bytes(_encode(Contents(generation, zlib.crc32(toc.read_bytes()), tuple(segments))))
    toc.replace(place.folder / toc.name)
    shutil.rmtree(staging.folder)
    clean_files(place.storage, fields.INDEX_NAME, generation, theirs)
    for old in place.folder.glob("*.json"):
        if old != ours:
            old.unlink()


def _whoosh_segment(entry: SegmentEntry) -> W3Segment:
    deleted = set(entry.deleted) or None
    segment = W3Segment(W3Codec(), fields.INDEX_NAME, entry.size, entry.name, deleted)
    segment.compound = True
    # Lengths of fields matter only to scoring by frequency, which nothing here uses.
    segment._fieldlengths = {}  # noqa: SLF001
    return segment


def _toc_name(generation: int) -> str:
    return f"_{fields.INDEX_NAME}_{generation}.toc"


def _contents_name(generation: int) -> str:
    return f"_{fields.INDEX_NAME}_{generation}.json"


@contextmanager
def new_place(home: Path) -> Iterator[Place]:
    """A new folder to fill; it becomes current when the block ends without an error."""
    folder = home / uuid4().hex
    folder.mkdir(parents=True)
    yield Place(folder)
    pointer = home / f"{_CURRENT}.new"
    pointer.write_text(json.dumps({"folder": folder.name, "version": fields.VERSION}))
    pointer.replace(home / _CURRENT)
    remove_leftovers(home, folder)


def remove_leftovers(home: Path, current: Path) -> None:
    """Remove the folders that no longer count, and those of rebuilds that did not end."""
    for entry in home.iterdir():
        if entry.is_dir() and entry != current:
            shutil.rmtree(entry, ignore_errors=True)


@contextmanager
def writing(home: Path, patience: float) -> Iterator[None]:
    """Hold the lock of the home; raises `IndexLocked` if it is not free within `patience` seconds.

    The system lets go of the lock when its holder dies.
    """
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        _acquire(handle, time.monotonic() + patience)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise IndexLocked from None
            time.sleep(0.02)
        else:
            return


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a reader has open, and by what it sees whether that is still the latest."""

    mark: tuple[int, int]
    place: Place
    generation: int
    snapshot: Snapshot


class Directory:
    """The reader of an index; one for each process, shared by its threads.

    Before every question it looks whether there is a newer commit and if so opens that afresh,
    keeping only segments that have not changed. Raises `IndexMissing`, `IndexDamaged` or
    `IndexOutdated`; no text of a question ever makes it raise.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._segments: dict[str, Segment] = {}

    def search(self, query: Query, synonyms: Synonyms = NO_SYNONYMS) -> Result:
        """Answer a question from the latest commit."""
        return answer(self._latest(), query, synonyms)

    def size(self) -> int:
        """How many listings the latest commit holds; also the way to learn whether it is sound."""
        return len(self._latest().live)

    def _latest(self) -> Snapshot:
        opened = self._opened
        if opened is None or not self._is_latest(opened):
            with self._lock:
                opened = self._opened
                if opened is None or not self._is_latest(opened):
                    opened = self._opened = self._open(mark_of(self._home))
        return opened.snapshot

    def _is_latest(self, opened: _Opened) -> bool:
        return (
            opened.mark == mark_of(self._home)
            and latest_generation(opened.place) == opened.generation
        )

    def _open(self, mark: tuple[int, int]) -> _Opened:
        # A writer may remove what was just about to be opened; then there is something newer.
        for _ in range(_OPENING_ATTEMPTS - 1):
            place = read_place(self._home)
            try:
                return self._open_place(mark, place)
            except (FileNotFoundError, IndexMissing):
                time.sleep(0.01)
        return self._open_place(mark, read_place(self._home))

    def _open_place(self, mark: tuple[int, int], place: Place) -> _Opened:
        contents = read_contents(place)
        opened: dict[str, Segment] = {}
        parts: list[Part] = []
        base = 0
        for entry in contents.segments:
            name = f"{place.folder}/{entry.name}"
            reader = self._segments.get(name)
            if reader is None:
                reader = Segment(place.folder, entry)
            opened[name] = reader
            parts.append(Part(reader, base, BitMap(entry.deleted)))
            base += reader.size
        self._segments = opened
        return _Opened(mark, place, contents.generation, Snapshot(parts))
