"""What is inside a document: opened, looked through and drawn, in a process made for it alone.

Nothing here is called by a web process: `file_workshop` runs it where time and memory are bounded,
because a small file can unpack to gigabytes and a short page can take minutes to draw.
"""

import io
import re
import time
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

import pikepdf
import pypdfium2
from PIL import Image, ImageOps

from marketplace.infra.media_types import CALLED, JPEG, PDF, PNG
from marketplace.kernel.errors import Refused

MAX_PIXELS = 50_000_000
MAX_OBJECTS = 200_000
MAX_PAGES = 2_000
MAX_UNPACKED = 128 * 1024 * 1024
MAX_SIDE = 1_600
_MAX_ATTACHED = 5 * 1024 * 1024
# Pages are tried at this size, for so long, before a document is taken.
_TRIAL_SIDE = 64
_TRIAL_SECONDS = 1.0

_ACTS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie",
     "/Sound"}
)  # fmt: skip
# Scripts of the whole document, and forms that are programs.
_ACTIVE_PARTS = (("/Names", "/JavaScript"), ("/AcroForm", "/XFA"))
_LEADS_AWAY = frozenset({"/URI", "/GoToR"})
_PLAYS = frozenset({"/RichMedia", "/Movie", "/Sound", "/3D"})
_ATTACHED_AS = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
# Filters that can make far more of what they are given.
_UNPACKS = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})
_IN_CHINESE = re.compile(rb"""encoding=["'](?:gb2312|gbk|gb18030)["']""", re.IGNORECASE)
_OF_PAGES = ("html", "svg", "script")

# The bound is our own, checked before a pixel is decoded; the library's would only warn.
Image.MAX_IMAGE_PIXELS = None


def examine(data: bytes, media_type: str) -> int:
    """Open a document and return how many pages it has.

    Refuses with `file.not_readable`, `file.encrypted`, `file.active_content`,
    `file.opens_address`, `file.attachment`, `file.too_demanding` or `file.too_many_pixels`.
    """
    return _examine_pdf(data) if media_type == PDF else _examine_image(data, media_type)


def draw(data: bytes, media_type: str, number: int) -> bytes:
    """Page `number` (from 1) as PNG, no side longer than `MAX_SIDE` pixels."""
    image = _draw_pdf(data, number) if media_type == PDF else _open_image(data)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


# ------------------------------------------------------------------ pictures


def _examine_image(data: bytes, media_type: str) -> int:
    kind = CALLED[media_type]
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            _refuse_many_pixels(image.width * image.height)
            image.verify()
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused("file.not_readable") from None
    return 1


def _refuse_many_pixels(count: int) -> None:
    if count > MAX_PIXELS:
        raise Refused("file.too_many_pixels", millions=MAX_PIXELS // 1_000_000)


def _open_image(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=(CALLED[PNG], CALLED[JPEG])) as opened:
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        return upright.convert("RGB")


# ------------------------------------------------------------------ pages


def _draw_pdf(data: bytes, number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        return _drawn(document, number, MAX_SIDE)
    finally:
        document.close()


def _drawn(document: Any, number: int, side: int) -> Image.Image:
    page = document[number - 1]
    longest = max(*page.get_size(), 1.0)
    image: Image.Image = page.render(scale=min(side / longest, 3.0)).to_pil()
    return image.convert("RGB")


def _try_drawing(data: bytes, pages: int) -> None:
    """Draw the first pages small: one that takes too much ends this process, not the viewer's.

    A page that merely cannot be drawn is no reason to refuse: the file itself can still be had.
    """
    end = time.process_time() + _TRIAL_SECONDS
    for number in range(1, pages + 1):
        if time.process_time() > end:
            return
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                _drawn(document, number, _TRIAL_SIDE)
            finally:
                document.close()
        except (RuntimeError, ValueError, OSError):
            return


# ------------------------------------------------------------------ what a PDF carries


def _examine_pdf(data: bytes) -> int:
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_UNPACKED,
        run_length_max_memory=MAX_UNPACKED,
        png_max_memory=MAX_UNPACKED,
        tiff_max_memory=MAX_UNPACKED,
    )
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if not 0 < pages <= MAX_PAGES:
                raise Refused("file.not_readable")
            _look_through(pdf)
    except pikepdf.PasswordError:
        raise Refused("file.encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError):
        _refuse_over_limit()
        raise Refused("file.not_readable") from None
    _refuse_over_limit()
    _try_drawing(data, pages)
    return pages


def _refuse_over_limit() -> None:
    if pikepdf.settings.qpdf_limit_errors():
        raise Refused("file.too_demanding")


def _look_through(pdf: pikepdf.Pdf) -> None:
    for place, active in _ACTIVE_PARTS:
        part = pdf.Root.get(place)
        if isinstance(part, pikepdf.Dictionary) and active in part:
            raise Refused("file.active_content")
    unpacked = 0
    for number, part in enumerate(pdf.objects):
        if number > MAX_OBJECTS:
            raise Refused("file.not_readable")
        for found in _dictionaries(part):
            _refuse_active(found)
        if isinstance(part, pikepdf.Stream):
            unpacked += _size(part)
            if unpacked > MAX_UNPACKED:
                raise Refused("file.too_demanding")


def _dictionaries(root: Any) -> Iterator[Any]:
    """Every dictionary within one object; objects referred to are walked in their own turn."""
    waiting = [root]
    for part in _within_bounds(waiting):
        if isinstance(part, pikepdf.Array):
            waiting += [child for child in part if _is_inner(child)]
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            waiting += [part[key] for key in part.keys() if _is_inner(part[key])]  # noqa: SIM118


def _within_bounds(waiting: list[Any]) -> Iterator[Any]:
    """What waits, the last first, while more may be added; refuses what would not end."""
    for _step in range(MAX_OBJECTS):
        if not waiting:
            return
        yield waiting.pop()
    raise Refused("file.too_demanding")


def _is_inner(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and not part.is_indirect


def _refuse_active(part: Any) -> None:
    """By what a dictionary is, never by a key's name alone: a font may be called `/JS`."""
    if _name(part, "/S") in _ACTS or _name(part, "/Subtype") in _PLAYS:
        raise Refused("file.active_content")
    if any(_name(act, "/S") in _LEADS_AWAY for act in _done_by_itself(part)):
        raise Refused("file.opens_address")
    for attached in _attachments(part):
        _refuse_unless_xml(attached)


def _name(part: Any, key: str) -> str:
    found = part.get(key)
    return str(found) if isinstance(found, pikepdf.Name) else ""


def _done_by_itself(part: Any) -> Iterator[Any]:
    """What a viewer does unasked: on opening, on turning to a page, and what follows it."""
    waiting = [part.get("/OpenAction")]
    unasked = part.get("/AA")
    if isinstance(unasked, pikepdf.Dictionary):
        waiting += [unasked[key] for key in unasked.keys()]  # noqa: SIM118
    for act in _within_bounds(waiting):
        if isinstance(act, pikepdf.Dictionary):
            yield act
            following = act.get("/Next")
            waiting += following if isinstance(following, pikepdf.Array) else [following]


def _attachments(part: Any) -> Iterator[Any]:
    if isinstance(part, pikepdf.Stream) and _name(part, "/Type") == "/EmbeddedFile":
        yield part
    named = part.get("/EF")
    if isinstance(named, pikepdf.Dictionary):
        found = (named.get(key) for key in _ATTACHED_AS)
        yield from (each for each in found if isinstance(each, pikepdf.Stream))


def _refuse_unless_xml(attached: Any) -> None:
    """Invoices and certificates of the state carry their data as XML; nothing else may ride along.

    Pages in XML's clothes (XHTML, SVG, what a style sheet turns into one) are something else, and
    without a document type there are no entities to swell.
    """
    data = attached.read_bytes()
    if len(data) > _MAX_ATTACHED:
        raise Refused("file.attachment")
    parser = expat.ParserCreate("utf-8" if _IN_CHINESE.search(data[:200]) else None)
    parser.StartDoctypeDeclHandler = _not_xml
    parser.ProcessingInstructionHandler = _not_xml
    parser.StartElementHandler = _refuse_page
    try:
        parser.Parse(_as_utf_8(data), True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Refused("file.attachment") from None


def _as_utf_8(data: bytes) -> bytes:
    """The parser knows no encoding of several bytes but Unicode's own."""
    return data.decode("gb18030").encode() if _IN_CHINESE.search(data[:200]) else data


def _not_xml(*_found: object) -> None:
    raise Refused("file.attachment")


def _refuse_page(name: str, _attributes: dict[str, str]) -> None:
    if name.rpartition(":")[2].lower() in _OF_PAGES:
        raise Refused("file.attachment")


def _size(stream: Any) -> int:
    """How many bytes a stream unpacks to; of a picture that is packed once, none are counted.

    Such a picture is bounded by its pixels: its decoder stops where they end.
    """
    if _name(stream, "/Subtype") == "/Image":
        _refuse_many_pixels(_number(stream, "/Width") * _number(stream, "/Height"))
        if sum(packed in _UNPACKS for packed in _filters(stream)) < 2:
            return 0
    try:
        return len(stream.read_bytes())
    except pikepdf.PdfError:
        return len(stream.read_raw_bytes())


def _number(part: Any, key: str) -> int:
    found = part.get(key)
    return found if isinstance(found, int) else 0


def _filters(stream: Any) -> list[str]:
    found = stream.get("/Filter", [])
    return [str(each) for each in (found if isinstance(found, pikepdf.Array) else [found])]
