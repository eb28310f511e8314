"""From text to terms: the same functions serve writing and asking.

Names are found by any fragment, so they are cut into every single character and every pair of
neighbours, and by their sound: syllables and their first letters, read word by word, else 长春
would be read zhang chun. Profiles are found by words. Width, case, spaces and punctuation never
matter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

import rjieba

# What is asked beyond these is cut off: no name is longer, and a question stays cheap.
MAX_TEXT = 200
MAX_TERM = 64
MAX_TERMS = 8

# Fewer letters say nothing: half of all names have any two initials somewhere.
SHORTEST = 3

# Between the name and the sentences of the profile in the text that phrases are looked up in.
BREAK = "|"

_SENTENCE_ENDS = frozenset(",.;:!?、。，；：！？\n\r\t")


def fold(text: str) -> str:
    """The text with full-width forms made plain, in simplified characters, without case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", plain).translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters one by one: a fragment must fold as it does in the whole."""
    table = resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text("utf-8").splitlines())
    firsts = ((old, meant.split(" ")[0]) for old, meant in pairs)
    return {ord(old): new for old, new in firsts if len(old) == 1 and len(new) == 1 and old != new}


def squash(text: str) -> str:
    """The letters and digits of a text, folded, with nothing between them."""
    return "".join(filter(str.isalnum, fold(text)))


def phrases(text: str) -> str:
    """The text squashed sentence by sentence: no phrase is found across a sentence's end."""
    marked = "".join(BREAK if c in _SENTENCE_ENDS or c == BREAK else c for c in fold(text))
    return BREAK.join(filter(None, map(squash, marked.split(BREAK))))


def split_query(text: str) -> tuple[str, ...]:
    """The terms of a question, cut at white space; without repetition, in order."""
    chunks = fold(text[:MAX_TEXT].replace("\0", " "))[: 4 * MAX_TEXT].split()
    terms = dict.fromkeys(squash(chunk)[:MAX_TERM] for chunk in chunks)
    return tuple(term for term in terms if term)[:MAX_TERMS]


def bigrams(squashed: str) -> Iterator[str]:
    """Every pair of neighbouring characters of a squashed text."""
    return map("".join, pairwise(squashed))


def name_terms(name_key: str) -> set[str]:
    """What a squashed name is found by: characters, pairs, its beginning and its whole."""
    if not name_key:
        return set()
    return {*name_key, *bigrams(name_key), begins_with(name_key), is_exactly(name_key)}


def begins_with(squashed: str) -> str:
    """The term that names with this beginning carry; two characters decide."""
    return f"^{squashed[:2]}"


def is_exactly(squashed: str) -> str:
    """The term that only names squashed to exactly this text carry."""
    return f"={squashed}"


@lru_cache(maxsize=4096)
def query_words(term: str) -> tuple[str, ...]:
    """The words of a squashed term of a question, the longest reading of each."""
    return tuple(dict.fromkeys(filter(str.isalnum, rjieba.cut(term))))


def text_words(squashed_phrases: str) -> set[str]:
    """The words of a document's phrases, with the shorter words inside long ones."""
    words: set[str] = set()
    for phrase in squashed_phrases.split(BREAK):
        words.update(rjieba.cut(phrase), rjieba.cut_for_search(phrase))
    words.discard("")
    return words


class Synonyms:
    """Other ways of saying a term, as data: `{"环评": ["环境影响评价"]}`.

    A question for the term on the left also finds what is written in any way on the right. What
    the terms, their meanings and the `names` of the things offered sound like is known, too:
    `shuibao` and `huanping` mean what they spell.
    """

    def __init__(self, table: Mapping[str, Sequence[str]], names: Iterable[str] = ()) -> None:
        folded: dict[str, dict[str, None]] = {}
        for term, others in table.items():
            forms = folded.setdefault(squash(term)[:MAX_TERM], {})
            forms.update(dict.fromkeys(squash(other)[:MAX_TERM] for other in others))
        folded.pop("", None)
        self._forms = {
            term: tuple(form for form in forms if form and form != term)
            for term, forms in folded.items()
        }
        self._longest = max(map(len, self._forms), default=0)
        meanings = (form for forms in self._forms.values() for form in forms)
        pieces = (piece for name in names for piece in phrases(name).split(BREAK))
        self._names = tuple(dict.fromkeys(filter(None, pieces)))
        self._spoken = tuple(dict.fromkeys([*self._forms, *meanings, *self._names]))
        self._spelt = lru_cache(maxsize=1024)(self._spelt_as)

    def of(self, term: str) -> tuple[str, ...]:
        """The other forms of a squashed term, and of what it spells.

        A part of a name means what is called so, also where it is cut across words.
        """
        forms = dict.fromkeys(self._forms.get(term, ()))
        if len(term) > 1:
            forms |= dict.fromkeys(name for name in self._names if term in name and term != name)
        for spelt in self._spelt(term) if may_be_pinyin(term) else ():
            forms |= dict.fromkeys((spelt, *self._forms.get(spelt, ())))
        return tuple(forms)

    def _spelt_as(self, letters: str) -> tuple[str, ...]:
        """The parts of known words that sound like this: shuitubao spells 水土保."""
        parts = (_spelt_in(word, letters) for word in self._spoken)
        return tuple(dict.fromkeys(part for found in parts for part in found))

    def readings(self, term: str) -> tuple[tuple[str, ...], ...]:
        """The ways to cut a run-together term into words, the likeliest first.

        Known terms are cut out first (长春|环评), else 图审 would hide in 施工图审查.
        """
        ways = dict.fromkeys((self.parts(term), query_words(term)))
        return tuple(words for words in ways if len(words) > 1)

    def parts(self, term: str) -> tuple[str, ...]:
        """The words of a run-together term, known terms cut out first."""
        parts: list[str] = []
        start = position = 0
        while position < len(term):
            known = self._known_at(term, position)
            if not known:
                position += 1
                continue
            parts += query_words(term[start:position])
            parts.append(known)
            start = position = position + len(known)
        parts += query_words(term[start:])
        return tuple(dict.fromkeys(parts))

    def _known_at(self, term: str, position: int) -> str:
        for length in range(min(self._longest, len(term) - position), 1, -1):
            if (piece := term[position : position + length]) in self._forms:
                return piece
        return ""


def _spelt_in(word: str, letters: str) -> Iterator[str]:
    """The parts of a squashed word whose syllables, or whose initials, are these letters.

    The last syllable may be begun only: who is still typing is understood.
    """
    parts = syllables(word)
    if len(parts) != len(word):
        return
    for start in range(len(parts)):
        said = ""
        for end in range(start, len(parts)):
            said += parts[end]
            if len(said) >= len(letters):
                break
        if said.startswith(letters) and end > start:
            yield word[start : end + 1]
    if (at := initials(parts).find(letters)) >= 0:
        yield word[at : at + len(letters)]


NO_SYNONYMS = Synonyms({})


# ------------------------------------------------------------------ sound


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
    """Whether a name of these syllables sounds so from some syllable on, or has such initials."""
    tails = ("".join(parts[at:]) for at in range(len(parts)))
    return term in initials(parts) or any(tail.startswith(term) for tail in tails)
