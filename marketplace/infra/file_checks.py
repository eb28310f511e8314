"""Checking an upload: what it is by its content, that it opens, that no scanner objects.

Accepted are PDF, PNG and JPEG. A PDF must open without a password and must hold nothing that
acts on its own (scripts, programs to start, forms to send, files inside it).
"""

import io
import re
import socket
import struct
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import filetype
import pikepdf
from PIL import Image

from marketplace.infra.blobs import digest
from marketplace.kernel.errors import Refused

MEGABYTE = 1024 * 1024
DEFAULT_MEGABYTES = 20
MAX_PIXELS = 50_000_000
MAX_OBJECTS = 200_000
MAX_PAGES = 2_000
NAME_LENGTH = 120
# How the scanner is asked: so many bytes at once, so many seconds.
_CHUNK = 64 * 1024
_TIMEOUT = 30.0

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"

_SUFFIXES = {PDF: (".pdf",), PNG: (".png",), JPEG: (".jpg", ".jpeg")}

_ACTS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie",
     "/Sound"}
)  # fmt: skip

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia"})


# The bound is our own, checked before a pixel is decoded; the library's would only warn.
Image.MAX_IMAGE_PIXELS = None


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

    Refuses with `file.empty`, `file.too_large`, `file.wrong_type`, `file.not_readable`,
    `file.encrypted`, `file.active_content`, `file.too_many_pixels`, `file.infected` or
    `file.not_scanned`. A form and the service behind it both ask; the second asking is cheap.
    """
    if not data:
        raise Refused("file.empty")
    if len(data) > max_megabytes * MEGABYTE:
        raise Refused("file.too_large", megabytes=max_megabytes)
    sha256 = digest(data)
    known = _passed.get((sha256, clamd_socket))
    if known is None:
        media_type = _media_type(data)
        pages = _check_pdf(data) if media_type == PDF else _check_image(data, media_type)
        if clamd_socket:
            scan(clamd_socket, data)
        known = Checked("", media_type, len(data), pages, sha256)
        _passed.put((sha256, clamd_socket), known)
    return replace(known, name=clean_name(name, known.media_type))


def _media_type(data: bytes) -> str:
    kind = filetype.guess(data[:4096])
    if kind is None or kind.mime not in _SUFFIXES:
        raise Refused("file.wrong_type")
    return str(kind.mime)


def clean_name(name: str, media_type: str) -> str:
    """The last part of the name without control, direction or reserved characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(ch for ch in last if unicodedata.category(ch)[0] != "C")
    kept = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s+", " ", kept)).strip().rstrip(" .")
    stem, dot, suffix = kept.rpartition(".")
    suffixes = _SUFFIXES[media_type]
    if not dot or f".{suffix.lower()}" not in suffixes:
        stem, suffix = kept, suffixes[0][1:]
    return f"{stem.strip(' .')[:NAME_LENGTH] or 'file'}.{suffix.lower()}"


def _check_image(data: bytes, media_type: str) -> int:
    kind = "PNG" if media_type == PNG else "JPEG"
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused("file.too_many_pixels", millions=MAX_PIXELS // 1_000_000)
            image.verify()
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused("file.not_readable") from None
    return 1


def _check_pdf(data: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Refused("file.encrypted")
            pages = len(pdf.pages)
            if not 0 < pages <= MAX_PAGES:
                raise Refused("file.not_readable")
            _refuse_active(pdf)
            return pages
    except pikepdf.PasswordError:
        raise Refused("file.encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError):
        raise Refused("file.not_readable") from None


def _refuse_active(pdf: pikepdf.Pdf) -> None:
    for number, part in enumerate(pdf.objects):
        if number > MAX_OBJECTS:
            raise Refused("file.not_readable")
        for found in _dictionaries(part):
            if _is_active(found):
                raise Refused("file.active_content")


def _dictionaries(root: Any) -> Iterator[Any]:
    """Every dictionary within one object; objects referred to are walked in their own turn."""
    waiting, steps = [root], 0
    while waiting and steps < MAX_OBJECTS:
        steps += 1
        part = waiting.pop()
        if isinstance(part, pikepdf.Array):
            waiting += [child for child in part if _is_inner(child)]
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            waiting += [part[key] for key in part.keys() if _is_inner(part[key])]  # noqa: SIM118


def _is_inner(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and not part.is_indirect


def _is_active(part: Any) -> bool:
    keys = set(part.keys())
    if keys & _ACTIVE_KEYS:
        return True
    return "/S" in keys and isinstance(part["/S"], pikepdf.Name) and str(part["/S"]) in _ACTS


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
