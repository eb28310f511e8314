"""Personal numbers: recognising them, and showing only the last four characters."""

import re

_ID_NUMBER = re.compile(r"\d{17}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def is_id_number(text: str) -> bool:
    """Whether `text` is a resident identity number with a right check character (GB 11643)."""
    if _ID_NUMBER.fullmatch(text) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == text[17].upper()


def is_mobile(text: str) -> bool:
    """Whether `text` is a mainland mobile number of 11 digits."""
    return _MOBILE.fullmatch(text) is not None


def last_four(text: str) -> str:
    """The number with all but its last four characters replaced by asterisks."""
    return "*" * max(len(text) - 4, 0) + text[-4:]
