"""Personal numbers: recognising them, and showing only the last four characters.

One check (`has_personal_number`) serves every text that the public or the other side may read. It
reads a text as somebody does who looks for a number: without what nobody sees, in one width, over
every separator, beside every neighbour. What cannot be one is passed over first: project codes,
amounts in groups, days, landlines, numbers of papers that begin with capital letters. What is a
whole mobile or identity number by itself is one, whatever unit or letters stand beside it.
"""

import re
from collections.abc import Iterator
from datetime import date

from marketplace.kernel import uscc
from marketplace.kernel.characters import narrow

_ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")
_OLD_ID_NUMBER = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])[0-9]{13}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_CALLED_MOBILE = re.compile(r"(?:0|86|086|0086)?(1[3-9][0-9]{9})")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD = re.compile(r"(?:62|60|4|5[1-5]|2[2-7]|3[4-7]|9)[0-9]{14,17}")
# A mobile of 11 digits is the shortest, a bank card of 19 the longest.
_SHORTEST, _LONGEST = 11, 19

_YEAR = r"(?:19|20)[0-9]{2}"
_PASSED_OVER = re.compile(
    # A project code, an amount in complete groups, a decimal.
    r"(?<![0-9])[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}(?![0-9])"
    r"|(?<![0-9,])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?(?![0-9,])"
    r"|(?<![0-9.])[0-9]{1,9}\.[0-9]{1,2}(?![0-9.])"
    # A day, perhaps with its time.
    rf"|(?<![0-9]){_YEAR} ?[-/.年] ?[0-9]{{1,2}} ?[-/.月] ?[0-9]{{1,2}} ?(?:日|号)?"
    r"(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?![0-9])"
    # A landline with its area code and its extension, and numbers of services.
    r"|(?<![0-9])\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[- ]?[2-8][0-9]{2,3}[- ]?[0-9]{4}(?![0-9])"
    r"(?: ?(?:-|转|#|ext\.?) ?[0-9]{1,6}(?![- ]?[0-9]))?"
    r"|(?<![0-9])[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}(?![0-9])"
)
# A number with capital letters before it, as papers have them, where no other digits go on.
_LETTERED = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,8}[-/]?([0-9]+[Xx]?)(?!(?:[^0-9\w]{0,6})[0-9])")
_CREDIT_CODE = re.compile(rf"(?<![{uscc.ALPHABET}])[{uscc.ALPHABET}]{{18}}(?![{uscc.ALPHABET}])")
# The number of a paper, called so, is no bank card; it may still be somebody's identity number.
_CALLED_PAPER = re.compile(r"(?:证书|资质|注册|许可|登记|编号)[证编号码为是: ]{0,6}$")
_GROUP = re.compile(r"[0-9]+[Xx]?|(?<=[0-9 -])[Xx](?![A-Za-z])")
# Commas and the like join groups of a number only where no list of small numbers is meant.
_LISTING, _LEAST_LISTED = frozenset(",;、，。；"), 3
_WIDEST_GAP = 6


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
    plain = _LETTERED.sub(_without_paper, _without_credit_codes(narrow(text)))
    plain = _PASSED_OVER.sub("§", plain)
    groups = list(_GROUP.finditer(plain))
    return any(
        _is_made_of_personal_numbers(digits, paper=_is_called_a_paper(plain, start))
        for digits, start in _candidates(plain, groups)
    )


def last_four(text: str) -> str:
    """The number with all but its last four characters replaced by asterisks."""
    return "*" * max(len(text) - 4, 0) + text[-4:]


def _without_credit_codes(text: str) -> str:
    def passed_over(found: re.Match[str]) -> str:
        code = found[0]
        return "§" if uscc.is_valid(code) and not is_id_number(code) else code

    return _CREDIT_CODE.sub(passed_over, text)


def _without_paper(found: re.Match[str]) -> str:
    """A lettered number is a paper's; a mobile is one only where it is called so."""
    digits = found[1]
    if is_id_number(digits):
        return found[0]
    if is_mobile(digits) and not _is_called_a_paper(found.string, found.start()):
        return found[0]
    return "§"


def _is_called_a_paper(text: str, start: int) -> bool:
    return _CALLED_PAPER.search(text, max(0, start - 10), start) is not None


def _candidates(text: str, groups: list[re.Match[str]]) -> Iterator[tuple[str, int]]:
    """Digits that may be a number, with their place: each group, and groups that belong together.

    Of groups only so many are put together as the longest number has digits.
    """
    for first, group in enumerate(groups):
        digits = group[0]
        if len(digits) >= _SHORTEST:
            yield digits, group.start()
        for before, after in zip(groups[first:], groups[first + 1 :], strict=False):
            digits += after[0]
            if len(digits) > _LONGEST or not _belong_together(text, before, after):
                break
            if len(digits) >= _SHORTEST:
                yield digits, group.start()


def _belong_together(text: str, before: re.Match[str], after: re.Match[str]) -> bool:
    """Whether what stands between two groups of digits may separate parts of one number."""
    gap = text[before.end() : after.start()]
    if len(gap) > _WIDEST_GAP or any(sign.isalnum() or sign == "§" for sign in gap):
        return False
    return _LISTING.isdisjoint(gap) or min(len(before[0]), len(after[0])) >= _LEAST_LISTED


def _is_made_of_personal_numbers(digits: str, *, paper: bool) -> bool:
    """Whether digits are one personal number, or only such numbers run together."""
    ends = {0}
    for end in range(_SHORTEST, len(digits) + 1):
        starts = ends.intersection(range(end - _LONGEST, end - _SHORTEST + 1))
        if any(_is_personal(digits[start:end], paper=paper) for start in starts):
            ends.add(end)
    return len(digits) in ends


def _is_personal(digits: str, *, paper: bool) -> bool:
    return (
        _CALLED_MOBILE.fullmatch(digits) is not None
        or is_id_number(digits)
        or _is_old_id_number(digits)
        or (not paper and _is_card(digits))
    )


def _is_old_id_number(digits: str) -> bool:
    """Fifteen digits of the time before 1999: a region, a day of the century, three digits."""
    return _OLD_ID_NUMBER.fullmatch(digits) is not None and _is_day("19" + digits[6:12])


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
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
