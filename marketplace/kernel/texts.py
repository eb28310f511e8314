"""What somebody wrote with an act."""

from marketplace.kernel.errors import Refused

MAX_WORDS = 4_000


def required(words: str, field: str, *, most: int = MAX_WORDS) -> str:
    """The words without white space around them.

    Refuses `request.words_needed` and `request.words_too_long` beside the field.
    """
    words = words.strip()
    if not words:
        raise Refused("request.words_needed", field=field)
    if len(words) > most:
        raise Refused("request.words_too_long", field=field, most=most)
    return words
