"""Names as they sound: syllables, their first letters, and terms to find a name by either.

Readings are taken word by word, else 长春 would be read zhang chun.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import rjieba

# Fewer letters say nothing: half of all names have any two initials somewhere.
SHORTEST = 3


def syllables(squashed: str) -> tuple[str, ...]:
    """The syllables of a squashed name; a run of Latin letters or digits is one of them."""
    return tuple(part for word in rjieba.cut(squashed) for part in _readings(word))


def warm_up() -> None:
    """Read the dictionaries now, so that the first change need not wait for them."""
    syllables("长春")


@lru_cache(maxsize=65536)
def _readings(word: str) -> tuple[str, ...]:
    # pypinyin reads its dictionaries when it is imported: half a second, only for who needs it.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return tuple(lazy_pinyin(word))


def pinyin_terms(parts: Sequence[str]) -> set[str]:
    """What a name is found by: letter triples of its sound and of its initials, syllable pairs."""
    terms = {f"{left} {right}" for left, right in pairwise(parts)}
    terms.update(sound_triples("".join(parts)))
    terms.update(initial_triples(initials(parts)))
    return terms


def syllable_pairs(squashed: str) -> set[str]:
    """The terms for which names that sound alike in part agree in part."""
    return {f"{left} {right}" for left, right in pairwise(syllables(squashed))}


def initials(parts: Sequence[str]) -> str:
    """The first letter of every syllable."""
    return "".join(part[0] for part in parts)


def sound_triples(letters: str) -> set[str]:
    """Terms for three letters running of the whole sound."""
    return {letters[at : at + 3] for at in range(len(letters) - 2)}


def initial_triples(letters: str) -> set[str]:
    """Terms for three initials running."""
    return {f"-{letters[at : at + 3]}" for at in range(len(letters) - 2)}


def may_be_pinyin(term: str) -> bool:
    """Whether a squashed term can be the sound of something Chinese."""
    return len(term) >= SHORTEST and term.isascii()


def sounds_like(parts: Sequence[str], term: str) -> bool:
    """Whether the term is the sound of the name from the beginning of some syllable on."""
    return any("".join(parts[at:]).startswith(term) for at in range(len(parts)))
