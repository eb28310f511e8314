"""The unified social credit code of GB 32100: shape, check character, region."""

import re

from marketplace.kernel.characters import narrow

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")


def normalise(text: str) -> str:
    """Plain, in upper case, without spaces or hyphens: how a code is stored and compared."""
    return re.sub(r"[\s\-]", "", narrow(text)).upper()


def check_character(body: str) -> str:
    """The 18th character for the first 17: weights 3^i mod 31 over the alphabet's positions."""
    total = sum(ALPHABET.index(ch) * pow(3, place, 31) for place, ch in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


def compose(kind: str, region: str, stem: str) -> str:
    """A whole code from its parts: two characters, a region, eight of the organisation's own.

    Both check characters are added: that of the organisation part (GB 11714) and the last one.
    """
    total = sum(
        _LETTERS.index(ch) * weight for ch, weight in zip(stem, _ORGANISATION_WEIGHTS, strict=True)
    )
    body = f"{kind}{region}{stem}{'0123456789X0'[11 - total % 11]}"
    return body + check_character(body)


def has_shape(code: str) -> bool:
    """Whether a normalised code has 18 permitted characters with digits for the region."""
    return _SHAPE.fullmatch(code) is not None


def is_valid(code: str) -> bool:
    """Whether a normalised code has the right shape and check character."""
    return has_shape(code) and check_character(code[:17]) == code[17]
