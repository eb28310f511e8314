"""Pictures of a document's pages for the viewer: bounded, made once, kept in the cache.

A picture shows the page and carries nothing else of the file: no script, no metadata. Pictures
of personal papers are encrypted in the cache as the papers are in the store, each for its page; one
that does not open, because its key is gone, is drawn anew. They end with their file.
"""

from pathlib import Path

from marketplace.infra import blobs, file_workshop
from marketplace.infra.crypto import SealBroken
from marketplace.infra.files import FileRow, note_reading
from marketplace.infra.room import LeftOutWhenFull
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
    note_reading(row)
    folder = blobs.pages_folder(row.sha256, _FORM_VERSION, sealed=row.personal)
    path, context = folder / f"{number}.png", f"page:{row.sha256}/{number}"
    kept = _kept(path, context, sealed=row.personal)
    if kept is not None:
        return kept
    picture = _draw(row, number)
    with LeftOutWhenFull("page"):
        blobs.write_atomically(path, blobs.seal(picture, context) if row.personal else picture)
    return picture


def _kept(path: Path, context: str, *, sealed: bool) -> bytes | None:
    """The picture that was drawn before, unless it cannot be read any more: its key may be gone."""
    try:
        raw = path.read_bytes()
        return blobs.unseal(raw, context) if sealed else raw
    except (FileNotFoundError, SealBroken):
        return None


def _draw(row: FileRow, number: int) -> bytes:
    try:
        content = blobs.get(row.sha256, sealed=row.personal)
        return file_workshop.draw(content, row.media_type, number)
    except (file_workshop.Overrun, ValueError):
        raise PageNotDrawn from None
