"""The contents of files, kept once each under the SHA-256 of what they contain.

`blobs/open/ab/cd/<sha256>` is the content itself; `blobs/sealed/...` holds personal papers,
encrypted with AES-256-GCM under a data key whose id stands at the head of the file. A blob is
written to a temporary name, synced and linked into place, so that a reader or a crash never
meets half of one. Removal takes the store's lock alone; writing shares it.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from marketplace.infra import crypto

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
    """Keep a content and return its name; the same content is kept once.

    One that is there already is made young again, so that the sweep leaves it alone until the
    row that is about to point to it has been committed.
    """
    sha256 = digest(data)
    path = _path(sha256, sealed=sealed)
    with _locked(fcntl.LOCK_SH):
        if path.exists():
            os.utime(path)
        else:
            write_atomically(path, seal(data) if sealed else data)
    return sha256


def get(sha256: str, *, sealed: bool) -> bytes:
    """The content; raises `BlobMissing`, and `SealBroken` for another paper under its name."""
    try:
        raw = _path(sha256, sealed=sealed).read_bytes()
    except FileNotFoundError:
        raise BlobMissing(sha256) from None
    data = unseal(raw) if sealed else raw
    if sealed and digest(data) != sha256:
        raise crypto.SealBroken(f"blob {sha256}")
    return data


def seal(data: bytes) -> bytes:
    """Encrypt a content for the disk."""
    return crypto.encrypt_bytes(data, _CONTEXT)


def unseal(raw: bytes) -> bytes:
    """Decrypt what `seal` gave; raises when it was altered."""
    return crypto.decrypt_bytes(raw, _CONTEXT)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a whole file or none: temporary name, sync, rename, sync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
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


def reseal_all() -> int:
    """Encrypt sealed contents that another key sealed under the current key; return how many."""
    count = 0
    for sha256 in list(names(sealed=True, older_than=float("-inf"))):
        path = _path(sha256, sealed=True)
        with _locked(fcntl.LOCK_SH), contextlib.suppress(FileNotFoundError):
            raw = path.read_bytes()
            if crypto.key_id_of_bytes(raw) != crypto.current_key_id():
                write_atomically(path, seal(unseal(raw)))
                count += 1
    return count


def cache_path(*parts: str) -> Path:
    """Where something that can be made again is kept."""
    return _store.root.joinpath("cache", *parts)


def sweep_cache(*, older_than: float) -> None:
    """Remove cached files that nobody has made anew for so many seconds."""
    limit = time.time() - older_than
    for path in cache_path().rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < limit:
                path.unlink()
