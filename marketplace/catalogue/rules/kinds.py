"""Kinds of qualification: what their codes, levels and specialties may be, and what may go."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.kernel.characters import name_key, narrow
from marketplace.kernel.errors import Refused

# As long as certificates can say them.
LONGEST = {"levels": 20, "specialties": 60}
LONGEST_ENGLISH = 100

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class Used:
    """A level and a specialty of a kind that somebody holds or an item asks for; "" for none."""

    level: str
    specialty: str


def read_code(text: str) -> str:
    """The code as requirements of items name it; refuses what cannot be one."""
    code = narrow(text).strip()
    if not _CODE.fullmatch(code):
        raise Refused("catalogue.kind_code", field="code")
    return code


def read_terms(field: str, terms: Iterable[Sequence[str]]) -> list[list[str]]:
    """Levels or specialties as they are kept; refuses one without English, too long, or twice."""
    read, known = [], set()
    for pair in terms:
        name, name_en = (part.strip() for part in pair)
        if not name or not name_en:
            raise Refused("catalogue.term_needs_english", field=field)
        if len(name) > LONGEST[field] or len(name_en) > LONGEST_ENGLISH:
            raise Refused("catalogue.term_too_long", field=field, term=name, most=LONGEST[field])
        if name_key(name) in known:
            raise Refused("catalogue.term_twice", field=field, term=name)
        known.add(name_key(name))
        read.append([name, name_en])
    return read


def check_kept(facts: dict[str, Any], used: Iterable[Used]) -> None:
    """Refuse levels and specialties without those that are held or asked for."""
    used = list(used)
    for field, names in (
        ("levels", {one.level for one in used}),
        ("specialties", {one.specialty for one in used}),
    ):
        left = {name for name, _english in facts.get(field, ())}
        gone = sorted(names - left - {""}) if field in facts else []
        if gone:
            raise Refused("catalogue.term_used", field=field, term=gone[0])
