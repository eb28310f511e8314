"""What somebody writes with an act, to be read by others: the public, or the other side."""

from marketplace.kernel.characters import clean
from marketplace.kernel.errors import Refused
from marketplace.kernel.personal import has_personal_number, is_id_number, is_mobile, mobile

MAX_WORDS = 4_000


def required(words: str, field: str, *, most: int = MAX_WORDS) -> str:
    """The words as they are kept.

    Refuses `request.words_needed`, `request.words_too_long` and `request.personal_number` beside
    the field.
    """
    words = optional(words, field, most=most)
    if not words:
        raise Refused("request.words_needed", field=field)
    return words


def optional(words: str, field: str, *, most: int = MAX_WORDS) -> str:
    """As `required`, where nothing may be said as well."""
    words = clean(words)
    if len(words) > most:
        raise Refused("request.words_too_long", field=field, most=most)
    if has_personal_number(words):
        raise Refused("request.personal_number", field=field)
    return words


def paper_number(number: str, field: str) -> str:
    """The number of a paper as it is kept; many look like a bank card's, so none is looked for.

    Refuses `request.personal_number` beside the field for an identity number or a mobile.
    """
    number = clean(number)
    digits = mobile(number)
    if is_mobile(digits) or is_id_number(digits):
        raise Refused("request.personal_number", field=field)
    return number
