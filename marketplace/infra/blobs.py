"""The contents of files: open ones once each under the SHA-256 of what they contain.

`blobs/open/ab/cd/<sha256>` is the content itself; `blobs/sealed/...` holds personal papers,
encrypted with AES-256-GCM under a data key whose id stands at the head of the file. Their names are
random: by its SHA-256 a paper could be found by whoever has a copy, or guesses what it says. Each
is bound to its name, so that it opens under no other. A blob is
written to a temporary name, synced and linked into place, so that a reader or a crash never
meets half of one. Removal takes the store's lock alone; writing shares it.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from marketplace.infra import crypto

# What a personal paper is bound to; those from before were bound to no name, but named by digest.
_CONTEXT = "blob:"


@dataclass
class _Store:
    root: Path = Path()


_store = _Store()


class BlobMissing(Exception):
    """A file row points to a content that is not in the store."""


def use_home(home: Path) -> None:
    """Keep blobs and cached pages under this folder."""
    _store.root = home


def digest(data: bytes) -> str:
    """The SHA-256 of a content in hexadecimal: its name in the store."""
    return hashlib.sha256(data).hexdigest()


def _path(sha256: str, *, sealed: bool) -> Path:
    kind = "sealed" if sealed else "open"
    return _store.root / "blobs" / kind / sha256[:2] / sha256[2:4] / sha256


@contextlib.contextmanager
def _locked(operation: int) -> Iterator[None]:
    folder = _store.root / "blobs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file, operation)
        yield


def put(data: bytes, *, sealed: bool) -> str:
    """Keep a content and return its name; the same open content is kept once.

    One that is there already is made young again, so that the sweep leaves it alone until the
    row that is about to point to it has been committed.
    """
    name = secrets.token_hex(32) if sealed else digest(data)
    path = _path(name, sealed=sealed)
    with _locked(fcntl.LOCK_SH):
        if path.exists():
            os.utime(path)
        else:
            write_atomically(path, seal(data, _CONTEXT + name) if sealed else data)
    return name


def get(sha256: str, *, sealed: bool) -> bytes:
    """The content; raises `BlobMissing`, and `SealBroken` for another paper under its name."""
    try:
        raw = _path(sha256, sealed=sealed).read_bytes()
    except FileNotFoundError:
        raise BlobMissing(sha256) from None
    return _unseal_named(raw, sha256) if sealed else raw


def _unseal_named(raw: bytes, name: str) -> bytes:
    try:
        return unseal(raw, _CONTEXT + name)
    except crypto.SealBroken:
        data = unseal(raw, _CONTEXT)
        if digest(data) != name:
            raise
        return data


def seal(data: bytes, context: str) -> bytes:
    """Encrypt a content for the disk, bound to the place where it is kept."""
    return crypto.encrypt_bytes(data, context)


def unseal(raw: bytes, context: str) -> bytes:
    """Decrypt what `seal` gave; raises `SealBroken` when it was altered or moved."""
    return crypto.decrypt_bytes(raw, context)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a whole file or none: temporary name, sync, rename, sync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)  # Half a file would take the room that is missing.
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def names(*, sealed: bool, older_than: float) -> Iterator[str]:
    """The names of kept contents that nobody has written for so many seconds."""
    limit = time.time() - older_than
    folder = _store.root / "blobs" / ("sealed" if sealed else "open")
    for path in folder.glob("*/*/*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                yield path.name


def remove(sha256: str, *, sealed: bool, older_than: float) -> bool:
    """Take a content away if it is still that old; True when it went."""
    path = _path(sha256, sealed=sealed)
    with _locked(fcntl.LOCK_EX):
        try:
            if path.stat().st_mtime >= time.time() - older_than:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
    return True


def reseal_all(broken: list[str]) -> int:
    """Encrypt sealed contents that another key sealed under the current key; return how many.

    Those that do not open are left, and named in `broken`.
    """
    count = 0
    for sha256 in list(names(sealed=True, older_than=float("-inf"))):
        path = _path(sha256, sealed=True)
        with _locked(fcntl.LOCK_SH), contextlib.suppress(FileNotFoundError):
            raw = path.read_bytes()
            if crypto.key_id_of_bytes(raw) == crypto.current_key_id():
                continue
            try:
                write_atomically(path, seal(_unseal_named(raw, sha256), _CONTEXT + sha256))
                count += 1
            except crypto.SealBroken as error:
                broken.append(str(error))
    return count


def cache_path(*parts: str) -> Path:
    """Where something that can be made again is kept."""
    return _store.root.joinpath("cache", *parts)


def pages_folder(name: str, version: str, *, sealed: bool) -> Path:
    """Where the pictures of the pages of a content are kept."""
    kind = "sealed" if sealed else "open"
    return cache_path("pages", kind, name[:2], f"{name}-{version}")


def forget_pages(name: str, *, sealed: bool) -> None:
    """Take away the pictures of a content's pages: they can be drawn again while it is there."""
    for folder in pages_folder(name, "", sealed=sealed).parent.glob(f"{name}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def forget_lost_pages() -> None:
    """Take away the pictures of contents that are gone."""
    for sealed in (False, True):
        for folder in pages_folder("", "", sealed=sealed).parent.glob("*/*-*"):
            name = folder.name.rpartition("-")[0]
            if not _path(name, sealed=sealed).exists():
                shutil.rmtree(folder, ignore_errors=True)


def forget_pages_under_other_keys() -> int:
    """Take away pictures of personal papers that another key sealed; return how many."""
    count, current = 0, crypto.current_key_id()
    for path in pages_folder("", "", sealed=True).parent.glob("*/*-*/*.png"):
        with contextlib.suppress(FileNotFoundError):
            if crypto.key_id_of_bytes(path.read_bytes()) != current:
                path.unlink()
                count += 1
    return count


def sweep_cache(*, older_than: float) -> None:
    """Remove cached files that nobody has made anew for so many seconds."""
    limit = time.time() - older_than
    for path in cache_path().rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < limit:
                path.unlink()
