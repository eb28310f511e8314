"""The index on disk: a home folder, the generation of it that is current, and who may write.

    home/current       names the folder that counts and the version it was written by
    home/lock          held by whoever writes
    home/<folder>/     an ordinary Whoosh index

A rebuild fills a new folder and then replaces `current`, so it takes effect at once or not at
all. A smaller change adds a segment and a new table of contents, which Whoosh renames into place.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from search import schema as fields
from search.errors import IndexDamaged, IndexLocked, IndexMissing, IndexOutdated

_CURRENT = "current"
_LOCK = "lock"
_STAGING = "staging"


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that counts at some moment."""

    folder: Path

    @property
    def storage(self) -> FileStorage:
        return FileStorage(str(self.folder))


def read_place(home: Path) -> Place:
    """The current folder; raises `IndexMissing`, `IndexDamaged` or `IndexOutdated`."""
    try:
        content = (home / _CURRENT).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(str(home)) from None
    try:
        pointer = json.loads(content)
        folder, version = home / str(pointer["folder"]), str(pointer["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(str(home)) from error
    if version != fields.VERSION:
        raise IndexOutdated(version)
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


def read_contents(place: Place) -> TOC:
    """The table of contents of the last commit, read only if its checksum holds."""
    generation = latest_generation(place)
    try:
        content = (place.folder / _contents_name(generation)).read_bytes()
        expected = (place.folder / _checksum_name(generation)).read_text()
        if expected != str(zlib.crc32(content)):
            raise IndexDamaged(str(place.folder))
        return TOC.read(place.storage, fields.INDEX_NAME, generation, fields.make_schema())
    except FileNotFoundError:
        raise IndexMissing(str(place.folder)) from None
    except UnicodeDecodeError as error:
        raise IndexDamaged(str(place.folder)) from error


def commit(place: Place, segments: list[W3Segment], generation: int) -> None:
    """Make these segments the content of the folder and remove the files of all others."""
    # Whoever was killed here before may have left something behind.
    shutil.rmtree(place.folder / _STAGING, ignore_errors=True)
    staging = place.storage.temp_storage(_STAGING)
    TOC(fields.make_schema(), segments, generation).write(staging, fields.INDEX_NAME)
    written = Path(staging.folder) / _contents_name(generation)
    checksum = place.folder / _checksum_name(generation)
    checksum.write_text(str(zlib.crc32(written.read_bytes())))
    written.replace(place.folder / written.name)
    shutil.rmtree(staging.folder)
    clean_files(place.storage, fields.INDEX_NAME, generation, segments)
    for old in place.folder.glob("*.sum"):
        if old != checksum:
            old.unlink()


def _contents_name(generation: int) -> str:
    return f"_{fields.INDEX_NAME}_{generation}.toc"


def _checksum_name(generation: int) -> str:
    return f"_{fields.INDEX_NAME}_{generation}.sum"


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
