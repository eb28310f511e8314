"""Personal numbers: recognising them, and showing only the last four characters.

One check (`has_personal_number`) serves every text that the public or the other side may read. It
reads a text as somebody does who looks for a number: without what nobody sees, in one width, over
every separator, beside every neighbour. What only looks like a number is taken out first: dates,
amounts, credit and project codes, landlines, certificate numbers that begin with letters.
"""

import re
from datetime import date
from itertools import accumulate

from marketplace.kernel import uscc
from marketplace.kernel.characters import narrow

_ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_CALLED_MOBILE = re.compile(r"(?:0|86|086|0086)?(1[3-9][0-9]{9})")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD = re.compile(r"(?:62|60|4|5[1-5]|2[2-7]|3[4-7]|9)[0-9]{14,18}")
_CARD_LENGTHS = (16, 19)
_ID_LENGTH, _OLD_ID_LENGTH = 18, 15
_LONGEST_RUN = 120

_YEAR = r"(?:19|20)[0-9]{2}"
_UNIT = r"元|万|亿|吨|千瓦|平方米|立方米|㎡|m²|m2|m3|kg|kW|MW|%|‰"
_ORDINARY = re.compile(
    # A project code, an amount in complete groups, a number with its unit, a decimal.
    r"(?<![0-9])[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}(?![0-9])"
    r"|(?<![0-9,])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?(?![0-9,])"
    rf"|(?<![0-9.])[0-9]+(?:\.[0-9]+)? ?(?:{_UNIT})"
    r"|(?<![0-9.])[0-9]{1,9}\.[0-9]{1,2}(?![0-9.])"
    # A day, perhaps with its time.
    rf"|(?<![0-9]){_YEAR} ?[-/.年] ?[0-9]{{1,2}} ?[-/.月] ?[0-9]{{1,2}} ?(?:日|号)?"
    r"(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?![0-9])"
    # A landline with its area code and its extension, and numbers of services.
    r"|(?<![0-9])\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[- ]?[2-8][0-9]{2,3}[- ]?[0-9]{4}(?![0-9])"
    r"(?: ?(?:-|转|#|ext\.?) ?[0-9]{1,6}(?![- ]?[0-9]))?"
    r"|(?<![0-9])[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}(?![0-9])"
    # The number of a paper, called so; none of them is as short as a mobile.
    r"|(?:证书|资质|注册|许可|登记)[证编号码为是: ]{0,6}[0-9]{12,24}(?![0-9])"
)
_CREDIT_CODE = re.compile(rf"(?<![{uscc.ALPHABET}])[{uscc.ALPHABET}]{{18}}(?![{uscc.ALPHABET}])")
# Letters right before a number make it the number of a paper, unless they say whose number it is.
_PAPER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?:[-/]?[A-Za-z]+)*[0-9]+(?:[-/][0-9]+)*", re.ASCII)
_SAYS_WHOSE = re.compile(
    r"(?:tel|telephone|phone|mob|mobile|cell|call|wx|wechat|weixin|vx|qq|id|sfz|card|dianhua|shouji)"
    r"(?=[-/]?[0-9])",
    re.IGNORECASE,
)
# Commas and the like join groups of a number only where no list of small numbers is meant.
_BETWEEN = r"(?:[ \t\n.·•:/\\_~()\[\]{}|*+'\"-]{1,3}|(?<=[0-9]{3})[,;、，。] ?(?=[0-9]{3}))"
_RUN = re.compile(rf"[0-9]+(?:{_BETWEEN}[0-9]+)*(?:{_BETWEEN}[Xx]|[Xx])?")
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")


def is_id_number(text: str) -> bool:
    """Whether `text` is a resident identity number with a right check character (GB 11643)."""
    if _ID_NUMBER.fullmatch(text) is None or not _is_day(text[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == text[17].upper()


def is_mobile(text: str) -> bool:
    """Whether `text` is a mainland mobile number of 11 digits."""
    return _MOBILE.fullmatch(text) is not None


def mobile(text: str) -> str:
    """A mobile as people write it, with +86, spaces, hyphens or full width, as its 11 digits.

    What is no mobile comes back narrowed, so that it is refused as what was typed.
    """
    plain = re.sub(r"[ ().-]", "", narrow(text)).removeprefix("+")
    found = _CALLED_MOBILE.fullmatch(plain)
    return found[1] if found else plain


def has_personal_number(text: str) -> bool:
    """Whether an identity, mobile or bank card number stands in running text."""
    plain = _without_the_ordinary(narrow(text))
    return any(_holds_one(_GROUP.findall(run[0])) for run in _RUN.finditer(plain))


def last_four(text: str) -> str:
    """The number with all but its last four characters replaced by asterisks."""
    return "*" * max(len(text) - 4, 0) + text[-4:]


def _without_the_ordinary(text: str) -> str:
    text = _CREDIT_CODE.sub(
        lambda found: "§" if uscc.is_valid(found[0]) and not is_id_number(found[0]) else found[0],
        text,
    )
    text = _PAPER.sub(lambda found: found[0] if _SAYS_WHOSE.match(found[0]) else "§", text)
    return _ORDINARY.sub("§", text)


def _holds_one(groups: list[str]) -> bool:
    """Whether groups that follow each other make up a personal number, or several run together."""
    return any(
        _is_made_of_personal_numbers("".join(groups[first:last]))
        for first in range(len(groups))
        for last, length in enumerate(accumulate(map(len, groups[first:])), first + 1)
        if length <= _LONGEST_RUN
    )


def _is_made_of_personal_numbers(digits: str) -> bool:
    """Whether digits are one personal number, or only such numbers run together."""
    ends = {0}
    for end in range(11, len(digits) + 1):
        if any(_is_personal(digits[start:end]) for start in ends):
            ends.add(end)
    return len(digits) in ends


def _is_personal(digits: str) -> bool:
    return (
        _CALLED_MOBILE.fullmatch(digits) is not None
        or is_id_number(digits)
        or _is_old_id_number(digits)
        or _is_card(digits)
    )


def _is_old_id_number(digits: str) -> bool:
    """Fifteen digits of the time before 1999: a region, a day of the century, three digits."""
    return (
        len(digits) == _OLD_ID_LENGTH
        and digits.isdigit()
        and re.match(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]", digits) is not None
        and _is_day("19" + digits[6:12])
    )


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1880 <= day.year <= 2100


def _is_card(digits: str) -> bool:
    """Whether digits are a bank card number by its first digits, length and check digit (Luhn)."""
    if _CARD.fullmatch(digits) is None:
        return False
    if not _CARD_LENGTHS[0] <= len(digits) <= _CARD_LENGTHS[1]:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
