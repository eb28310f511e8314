"""Pictures of a document's pages for the viewer: bounded, made once, kept in the cache.

A picture shows the page and carries nothing else of the file: no script, no metadata. Pictures
of personal papers are encrypted in the cache as the papers are in the store.
"""

import io
import threading
from pathlib import Path

from PIL import Image, ImageOps

from marketplace.infra import blobs
from marketplace.infra.file_checks import PDF
from marketplace.infra.files import FileRow, content
from marketplace.kernel.errors import NotFound

MAX_SIDE = 1_600
_FORM_VERSION = "1"

# The PDF library may be used by one thread at a time.
_one_at_a_time = threading.Lock()


class PageNotDrawn(Exception):
    """The page cannot be drawn; the file itself can still be had."""


def page_picture(row: FileRow, number: int) -> bytes:
    """Page `number` (from 1) as PNG, no side longer than `MAX_SIDE` pixels.

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
    data = content(row)
    try:
        image = _draw_pdf(data, number) if row.media_type == PDF else _open_image(data)
    except (RuntimeError, OSError, ValueError):  # what the PDF library raises is a RuntimeError
        raise PageNotDrawn from None
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def _draw_pdf(data: bytes, number: int) -> Image.Image:
    # Binding the library takes a tenth of a start, and few processes ever draw.
    import pypdfium2  # noqa: PLC0415

    with _one_at_a_time:
        document = pypdfium2.PdfDocument(data)
        try:
            page = document[number - 1]
            longest = max(*page.get_size(), 1.0)
            image: Image.Image = page.render(scale=min(MAX_SIDE / longest, 3.0)).to_pil()
            return image.convert("RGB")
        finally:
            document.close()


def _open_image(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        return upright.convert("RGB")
