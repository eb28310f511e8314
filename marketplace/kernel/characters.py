"""What people write: cleaned of what nobody sees, narrowed where it is a number, names compared.

The law is "Said once about input and time": text is cleaned at the edge before it is counted,
codes and numbers are narrowed before they are checked, hashed or compared, and names of people and
firms are compared by `same_name` only.
"""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_KEPT_CONTROLS = "\n\t"
# Zero width non-joiner and joiner: Persian, Mongolian and Hindi are written with them.
_JOINERS = "\u200c\u200d"
_NEEDS_JOINERS = re.compile(r"[\u0600-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1780-\u18af]")
_MIDDLE_DOTS = "·•‧∙⋅・･●▪◦․᛫ꞏ⸱\u0387\u1427"
_OPENING, _CLOSING = "([{〔【〈《«「『﹝", ")]}〕】〉》»」』﹞"
_NAME = str.maketrans(
    {
        **dict.fromkeys(_MIDDLE_DOTS, "·"),
        **dict.fromkeys(_OPENING, "("),
        **dict.fromkeys(_CLOSING, ")"),
    }
)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u2043\ufe58\ufe63－]")
# Letters that old systems kept in the private area, and where Unicode put them later. Python knows
# the code of GB 18030 for all but these; see `_from_private_area`.
_LATER = {
    0xE816: "𠂇",
    0xE817: "𠂉",
    0xE818: "𠃌",
    0xE81E: "龴",
    0xE826: "龵",
    0xE82B: "龶",
    0xE82C: "龷",
    0xE831: "𡗗",
    0xE832: "龸",
    0xE83B: "𢦏",
    0xE843: "龹",
    0xE854: "龺",
    0xE855: "𤇾",
    0xE864: "龻",
}


class Unreadable(ValueError):
    """A text is no amount, rate or day; `reason` is a word that its reader names."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean(text: str) -> str:
    """The text as it is kept: NFC, lines ended by LF, nothing invisible, no space around it.

    Taken out are characters of direction and format (category Cf), controls but tab and line end,
    and what is no character. The joiners stay beside a letter of a script that needs them.
    """
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    return "".join(
        character for place, character in enumerate(text) if _is_seen(text, place)
    ).strip()


def _is_seen(text: str, place: int) -> bool:
    character = text[place]
    kind = unicodedata.category(character)
    if character in _JOINERS:
        return place > 0 and _NEEDS_JOINERS.match(text[place - 1]) is not None
    if kind == "Cc":
        return character in _KEPT_CONTROLS
    return kind not in {"Cf", "Cs"} and not _is_no_character(character)


def _is_no_character(character: str) -> bool:
    code = ord(character)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def narrow(text: str) -> str:
    """Codes and numbers as they are checked, hashed and compared.

    Full width forms and the digits of all scripts become ASCII, dashes become hyphens; `²` and `①`
    are no digits and stay, so that they are refused.
    """
    return _DASHES.sub("-", "".join(_narrowed(character) for character in clean(text)))


def _narrowed(character: str) -> str:
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    if character.isspace():
        return " "
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def name_key(name: str) -> str:
    """A name as it is compared and hashed.

    NFKC without spaces and case, with one middle dot, one kind of brackets, and what old systems
    kept in the private area where it is now.
    """
    old = "".join(_from_private_area(character) for character in clean(name))
    plain = unicodedata.normalize("NFKC", old).casefold().translate(_NAME)
    return "".join(character for character in plain if not character.isspace())


def same_name(one: str, other: str) -> bool:
    """Whether two ways of writing mean the same person or firm; empty names mean nobody."""
    return bool(name_key(one)) and name_key(one) == name_key(other)


def _from_private_area(character: str) -> str:
    """The letter that GB 18030 of 2000 kept at U+E815 to U+E864 (its rows FE50 to FEA0)."""
    code = ord(character)
    if not 0xE815 <= code <= 0xE864:
        return character
    if code in _LATER:
        return _LATER[code]
    place = 0x50 + code - 0xE815
    return bytes((0xFE, place + (place >= 0x7F))).decode("gb18030", "replace")
