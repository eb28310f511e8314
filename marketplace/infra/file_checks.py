"""Checking an upload: what it is by its content, that it opens, that no scanner objects.

Accepted are PDF, PNG and JPEG. A PDF must open without a password and must hold nothing that
acts on its own (scripts, programs to start, forms to send, addresses opened unasked) and no file
but data as XML.
"""

import re
import socket
import struct
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

import filetype

from marketplace.infra import file_workshop
from marketplace.infra.blobs import digest
from marketplace.infra.media_types import PDF, SUFFIXES
from marketplace.kernel.characters import clean
from marketplace.kernel.errors import Refused

MEGABYTE = 1024 * 1024
DEFAULT_MEGABYTES = 20
NAME_LENGTH = 120
# How the scanner is asked: so many bytes at once, so many seconds.
_CHUNK = 64 * 1024
_TIMEOUT = 30.0

# A PDF may begin this late: what stands before comes from the mail or the program that sent it.
_LATE = 1024


@dataclass(frozen=True)
class Checked:
    """An upload that passed: its cleaned name, type, size in bytes, pages and SHA-256."""

    name: str
    media_type: str
    size: int
    pages: int
    sha256: str


def check_upload(
    name: str, data: bytes, *, max_megabytes: int = DEFAULT_MEGABYTES, clamd_socket: str = ""
) -> Checked:
    """Open the upload and return what it is.

    Refuses with `file.empty`, `file.too_large`, `file.wrong_type`, with what `file_workshop`
    refuses after opening it, `file.infected` or `file.not_scanned`. A form and the service behind
    it both ask; the second asking is cheap.
    """
    if not data:
        raise Refused("file.empty")
    if len(data) > max_megabytes * MEGABYTE:
        raise Refused("file.too_large", megabytes=max_megabytes)
    sha256 = digest(data)
    known = _passed.get((sha256, clamd_socket))
    if known is None:
        media_type = _media_type(data)
        pages = file_workshop.examine(data, media_type)
        if clamd_socket:
            scan(clamd_socket, data)
        known = Checked("", media_type, len(data), pages, sha256)
        _passed.put((sha256, clamd_socket), known)
    return replace(known, name=clean_name(name, known.media_type))


def _media_type(data: bytes) -> str:
    kind = filetype.guess(data[:4096])
    if kind is None and b"%PDF" in data[: _LATE + 4]:
        return PDF
    if kind is None or kind.mime not in SUFFIXES:
        raise Refused("file.wrong_type")
    return str(kind.mime)


def clean_name(name: str, media_type: str) -> str:
    """The last part of the name without control, direction or reserved characters.

    Letters that this Python's tables do not know yet stay: people are called by them.
    """
    last = re.split(r"[/\\]", clean(name))[-1]
    kept = re.sub(r"[\n\t]", "", last)
    kept = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s+", " ", kept)).strip().rstrip(" .")
    stem, dot, suffix = kept.rpartition(".")
    suffixes = SUFFIXES[media_type]
    if not dot or f".{suffix.lower()}" not in suffixes:
        stem, suffix = kept, suffixes[0][1:]
    return f"{stem.strip(' .')[:NAME_LENGTH] or 'file'}.{suffix.lower()}"


class _Memory:
    """The last uploads that passed, by content; shared by the threads of one process."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], Checked] = OrderedDict()

    def get(self, key: tuple[str, str]) -> Checked | None:
        with self._lock:
            return self._known.get(key)

    def put(self, key: tuple[str, str], checked: Checked) -> None:
        with self._lock:
            self._known[key] = checked
            while len(self._known) > self._size:
                self._known.popitem(last=False)


_passed = _Memory(64)


# ------------------------------------------------------------------ the scanner


def scan(socket_path: str, data: bytes) -> None:
    """Refuse what the scanner finds, and everything while the scanner does not answer.

    `socket_path` is clamd's local socket. Codes: `file.infected`, `file.not_scanned`.
    """
    try:
        answer = _ask(socket_path, data)
    except OSError:
        raise Refused("file.not_scanned") from None
    if answer.endswith("FOUND"):
        raise Refused("file.infected")
    if not answer.endswith("OK"):
        raise Refused("file.not_scanned")


def _ask(socket_path: str, data: bytes) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as clamd:
        clamd.settimeout(_TIMEOUT)
        clamd.connect(socket_path)
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            clamd.sendall(struct.pack(">I", len(chunk)) + chunk)
        clamd.sendall(struct.pack(">I", 0))
        answer = clamd.recv(4096)
    return answer.rstrip(b"\0\n ").decode("utf-8", "replace")
