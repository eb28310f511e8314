"""Papers as PDF (PDF/UA-1), from HTML of ours with fonts of ours; equal pages give equal bytes.

WeasyPrint is loaded when the first paper is asked for: the site runs without the libraries of
Debian that it needs, and without the fonts; whoever asks for a paper is told what is missing.
"""

import threading
from typing import Any

from marketplace.settings import ROOT

FONTS = ROOT / "build" / "fonts"
# For whoever runs the site: Debian's packages, and where the fonts come from.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
_FACES = "".join(
    f"@font-face {{ font-family: Paper; font-weight: {weight}; src: url({name}) }}\n"
    for name, weight in (("NotoSansSC-Regular.ttf", 400), ("NotoSansSC-Bold.ttf", 700))
)
# One at a time: a long paper takes a second of computing, and its fonts some memory. Whoever waits
# longer is asked to come back, so that papers never hold every thread of a process.
_turn = threading.Lock()
LONGEST_WAIT = 10


class NoPrinter(Exception):
    """No PDF can be made by this machine: `missing` is what its operator installs or runs."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


class PrinterBusy(Exception):
    """Others' papers are being made: it is worth another try."""


def as_pdf(page: str, styles: str, *, key: str) -> bytes:
    """The page as PDF; `key` is its identifier. Raises `NoPrinter`, `PrinterBusy`.

    The family `Paper` is ours; nothing else is fetched, whatever the page names.
    """
    weasyprint = _loaded()
    if not _turn.acquire(timeout=LONGEST_WAIT):
        raise PrinterBusy
    try:
        kinds = {
            "font_config": weasyprint.text.fonts.FontConfiguration(),
            "counter_style": weasyprint.css.counters.CounterStyle(),
        }
        base, fetch = f"{FONTS.as_uri()}/", _fetcher(weasyprint)
        sheet = weasyprint.CSS(string=_FACES + styles, base_url=base, url_fetcher=fetch, **kinds)
        document = weasyprint.HTML(string=page, base_url=base, url_fetcher=fetch)
        made: bytes = document.write_pdf(
            stylesheets=[sheet],
            **kinds,
            pdf_variant="pdf/ua-1",
            pdf_identifier=key.encode("ascii"),
        )
    finally:
        _turn.release()
    return made


def _loaded() -> Any:
    """The library, once its own libraries and our fonts are here."""
    if not all(
        (FONTS / name).is_file() for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
    ):
        raise NoPrinter("bin/prepare")
    try:
        import weasyprint  # noqa: PLC0415 - where its libraries are missing, the site still runs
        import weasyprint.text.fonts  # noqa: PLC0415
    except OSError as error:
        raise NoPrinter(" ".join(PACKAGES)) from error
    return weasyprint


def _fetcher(weasyprint: Any) -> Any:
    """Fetches our fonts, and what stands in the page itself."""

    class OurFiles(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(("data:", f"{FONTS.as_uri()}/")):
                raise ValueError(url)
            return super().fetch(url, headers)

    return OurFiles()
