"""Pages as a printer gets them: A4 with margins of ten millimetres, and no coloured grounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pypdfium2 as pdfium
from PIL.Image import Image
from playwright.sync_api import Page

# In points: A4 is 210 millimetres wide.
MARGIN, WIDTH = 10 / 25.4 * 72, 210 / 25.4 * 72
# What is read as one number, as far as the paper shows it.
_NUMBERS = """() => [...document.querySelectorAll(
    'main .money, main .whole, main td.number-column, main .event-when')]
  .filter(each => each.checkVisibility() && !each.closest('.visually-hidden'))
  .map(each => each.innerText.trim())"""
_ONE = re.compile(r"-?\d[\d,]*\.\d\d|\d{4}-\d\d-\d\d|[A-Z0-9]+(?:-[A-Z0-9]+)+")


@dataclass(frozen=True)
class Paper:
    """What came out of the printer."""

    data: bytes = field(repr=False)

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page, a line a line."""
        document = pdfium.PdfDocument(self.data)
        return [page.get_textpage().get_text_bounded() for page in document]

    @property
    def text(self) -> str:
        """The text of all pages."""
        return "\n".join(self.pages)

    def beyond_the_margins(self) -> list[tuple[float, float]]:
        """Where words begin and end that lie outside of the margins, in points."""
        return [
            (left, right)
            for left, right in self._words()
            if left < MARGIN - 3 or right > WIDTH - MARGIN + 3
        ]

    def _words(self) -> Iterator[tuple[float, float]]:
        for page in pdfium.PdfDocument(self.data):
            words = page.get_textpage()
            for number in range(words.count_rects()):
                left, _bottom, right, _top = words.get_rect(number)
                yield left, right

    def picture(self, page: int = 0) -> Image:
        """A page as it is seen, 72 pixels an inch."""
        shown: Image = pdfium.PdfDocument(self.data)[page].render().to_pil().convert("RGB")
        return shown


def printed(page: Page) -> Paper:
    """The page that is open, printed."""
    sides = ("top", "right", "bottom", "left")
    return Paper(page.pdf(format="A4", margin=dict.fromkeys(sides, "10mm")))


def numbers_on_paper(page: Page) -> list[str]:
    """The amounts, days and numbers of records that the paper of this page should show."""
    page.emulate_media(media="print")
    texts: list[str] = page.evaluate(_NUMBERS)
    page.emulate_media(media="null")
    return [one for text in texts for one in _ONE.findall(text)]
