"""The code of an investment project: two formats of one shape, and the newer one's check digit.

`dddd-dddddd-dd-dd-dddddd`. Since November 2020 (GB/T 40058-2021) the first part is year and month
and the last digit checks the others; before, it was a year and nothing was checked. The algorithm
of the check digit was inferred from published codes, so a failed check warns and never refuses.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from marketplace.kernel.characters import narrow

PROVINCE = "22"
LENGTH = 24
_NEW = re.compile(r"[0-9]{2}(0[1-9]|1[0-2])-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")
_OLD = re.compile(r"20(1[3-9]|2[0-1])-[0-9]{6}-[0-9]{2}-(01|02|03)-[0-9]{6}")
_PARTS = (4, 6, 2, 2, 6)


class Format(StrEnum):
    """Which rule made the code."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class ProjectCode:
    """A code of the right shape; `text` has its hyphens."""

    text: str
    format: Format

    @property
    def region_code(self) -> str:
        """The region the code was given for."""
        return self.text[5:11]

    @property
    def year(self) -> int:
        """The year in which the code was given."""
        head = self.text[:4]
        return int(head) if self.format is Format.OLD else 2000 + int(head[:2])

    @property
    def in_province(self) -> bool:
        """Whether the code was given in Jilin."""
        return self.region_code.startswith(PROVINCE)

    @property
    def check_fails(self) -> bool:
        """Whether the last digit of a newer code does not fit; older codes have none."""
        digits = self.text.replace("-", "")
        return self.format is Format.NEW and check_digit(digits[:19]) != digits[19]


def check_digit(digits: str) -> str:
    """The 20th digit for the first 19: ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def normalise(text: str) -> str:
    """As codes are stored: plain digits with the hyphens in their places, if it has 20 digits."""
    plain = re.sub(r"\s", "", narrow(text)).replace("_", "-")
    bare = plain.replace("-", "")
    if len(bare) != sum(_PARTS) or not (bare.isascii() and bare.isdigit()):
        return plain
    cuts, start = [], 0
    for length in _PARTS:
        cuts.append(bare[start : start + length])
        start += length
    return "-".join(cuts)


def parse(text: str) -> ProjectCode | None:
    """The code that was typed, or None when it has neither shape.

    The first part read as year and month with a real month is a newer code; otherwise it must be
    a year from 2013, when the first platform opened, to 2021.
    """
    code = normalise(text)
    if _NEW.fullmatch(code):
        return ProjectCode(code, Format.NEW)
    if _OLD.fullmatch(code):
        return ProjectCode(code, Format.OLD)
    return None
