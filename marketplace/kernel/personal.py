"""Personal numbers: recognising them, and showing only the last four characters."""

import re
import unicodedata

_ID_NUMBER = re.compile(r"\d{17}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD_LENGTHS = (16, 19)


def is_id_number(text: str) -> bool:
    """Whether `text` is a resident identity number with a right check character (GB 11643)."""
    if _ID_NUMBER.fullmatch(text) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == text[17].upper()


def is_mobile(text: str) -> bool:
    """Whether `text` is a mainland mobile number of 11 digits."""
    return _MOBILE.fullmatch(text) is not None


def has_personal_number(text: str) -> bool:
    """Whether an identity, mobile or bank card number stands in running text.

    Full-width digits, spaces and hyphens inside a number hide nothing.
    """
    plain = re.sub(r"(?<=\d)[ -](?=[\dXx])", "", unicodedata.normalize("NFKC", text))
    return any(
        is_id_number(found) or is_mobile(found) or _is_card(found)
        for found in re.findall(r"\d+[Xx]?", plain)
    )


def _is_card(digits: str) -> bool:
    """Whether digits are a bank card number by length and check digit (Luhn)."""
    if not digits.isdigit() or not _CARD_LENGTHS[0] <= len(digits) <= _CARD_LENGTHS[1]:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def last_four(text: str) -> str:
    """The number with all but its last four characters replaced by asterisks."""
    return "*" * max(len(text) - 4, 0) + text[-4:]
