"""The papers of the demo world: small, valid PDF pages, each with its own words.

They are written by hand: a page with a frame, Chinese lines in a font every reader substitutes,
and Latin lines in a font every reader has, so that something is readable on any machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_CHINESE = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H"
    b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>/DW 1000"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000"
    b" 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)
_LATIN = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    b"/Resources<</Font<</C 5 0 R/L 6 0 R>>>>>>"
)
_FRAME = (
    "0.7 0.55 0.2 RG 3 w 36 36 523 770 re S 1 w 44 44 507 754 re S\n"
    "0.75 0.1 0.1 RG 2 w 400 130 m 400 157 378 180 350 180 c 322 180 300 157 300 130 c "
    "300 103 322 80 350 80 c 378 80 400 103 400 130 c S\n"
)


@dataclass(frozen=True)
class Paper:
    """An upload: its file name and its bytes."""

    name: str
    data: bytes


def paper(name: str, title: str, lines: Sequence[str], latin: Sequence[str]) -> Paper:
    """One page with a title, lines of Chinese and lines of Latin letters and digits."""
    parts = [_FRAME, "0 g BT\n", _chinese(title, 28, 90, 700)]
    parts += [_chinese(line, 14, 90, 630 - 30 * row) for row, line in enumerate(lines)]
    below = 600 - 30 * len(lines)
    parts += [_latin(line, 90, below - 24 * row) for row, line in enumerate(latin)]
    parts += ["0.6 g\n", _latin("SPECIMEN - demonstration data, valid nowhere", 150, 60), "ET\n"]
    return Paper(name, _pdf("".join(parts).encode("ascii")))


def _chinese(text: str, size: int, left: int, up: int) -> str:
    return f"/C {size} Tf 1 0 0 1 {left} {up} Tm <{text.encode('utf-16-be').hex()}> Tj\n"


def _latin(text: str, left: int, up: int) -> str:
    safe = "".join(ch if ch.isascii() and ch not in "()\\" else "-" for ch in text)
    return f"/L 12 Tf 1 0 0 1 {left} {up} Tm ({safe}) Tj\n"


def _pdf(content: bytes) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        _PAGE,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        _CHINESE,
        _LATIN,
    ]
    body, places = bytearray(b"%PDF-1.5\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(body)
