"""Pictures of a document's pages for the viewer: bounded, made once, kept in the cache.

A picture shows the page and carries nothing else of the file: no script, no metadata. Pictures
of personal papers are encrypted in the cache as the papers are in the store.
"""

from pathlib import Path

from marketplace.infra import blobs, file_workshop
from marketplace.infra.files import FileRow, content
from marketplace.kernel.errors import NotFound

_FORM_VERSION = "1"


class PageNotDrawn(Exception):
    """The page cannot be drawn; the file itself can still be had."""


def page_picture(row: FileRow, number: int) -> bytes:
    """Page `number` (from 1) as PNG, no side longer than `file_contents.MAX_SIDE` pixels.

    Raises `NotFound` for a page the file does not have and `PageNotDrawn` for one that resists.
    """
    if not 1 <= number <= row.pages:
        raise NotFound
    path = _cached(row, number)
    if path.exists():
        raw = path.read_bytes()
        return blobs.unseal(raw) if row.personal else raw
    picture = _draw(row, number)
    blobs.write_atomically(path, blobs.seal(picture) if row.personal else picture)
    return picture


def _cached(row: FileRow, number: int) -> Path:
    kind = "sealed" if row.personal else "open"
    folder = f"{row.sha256}-{_FORM_VERSION}"
    return blobs.cache_path("pages", kind, row.sha256[:2], folder, f"{number}.png")


def _draw(row: FileRow, number: int) -> bytes:
    try:
        return file_workshop.draw(content(row), row.media_type, number)
    except (file_workshop.Overrun, ValueError):
        raise PageNotDrawn from None
