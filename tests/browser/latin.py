"""Which Latin words may stand on a Chinese page: names, codes, formats and units."""

import re
from collections.abc import Iterable

# What has the same name in every language.
_NAMES = {
    *("PDF", "PNG", "JPEG", "JPG", "XLSX", "CSV", "JSON", "HTML", "QR", "SHA-256", "MB", "KB"),
    *("App", "Ctrl", "IP", "URL", "ID", "TOTP", "HTTP", "UTC", "API", "SMTP", "WCAG", "AA", "CMA"),
    *("Chromium", "Firefox", "Chrome", "Safari", "Linux", "Windows"),
    *("Excel", "OpenAPI", "ProZorro", "English"),
}
_CODES = re.compile(
    r"""
    [\w.+-]+@[\w-]+(?:\.[\w-]+)+          # e-mail addresses
    | https?://\S+ | \b[\w-]+\.example\b # addresses
    | (?<!\S)/[\w{}/.-]+                 # addresses of this site
    | \bJL-[A-Z]+\d+\b | \bX-[A-Z]+\b     # items and regions
    | \b[A-Z]{1,3}-?\d[\w/-]*             # numbers of cases, certificates, standards
    | \b[0-9A-Z]{18}\b                    # credit codes
    | \b(?=[\w-]*\d)[\w-]{8,}\b           # public ids, pass words
    | \S+\.(?:pdf|png|jpe?g|xlsx|csv)\b
    """,
    re.VERBOSE | re.ASCII,
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")


def foreign_words(texts: Iterable[str]) -> list[str]:
    """The Latin words in these texts that have no business there, each with its text."""
    found: dict[str, None] = {}
    for text in texts:
        rest = _CODES.sub(" ", text)
        words = [word for word in _WORD.findall(rest) if word not in _NAMES]
        if words:
            found[f"{' '.join(words)!r} in {text[:60]!r}"] = None
    return list(found)
