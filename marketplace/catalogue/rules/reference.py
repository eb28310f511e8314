"""The reference tables as values: regions and the rulebook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Limit, LimitUnit


class Part(StrEnum):
    """A part of the catalogue with a change stamp of its own."""

    ITEMS = "items"
    REGIONS = "regions"
    KINDS = "kinds"
    RULEBOOK = "rulebook"
    CALENDAR = "calendar"
    SYNONYMS = "synonyms"


@dataclass(frozen=True)
class RegionRow:
    """One region. `current` is false for a code that another one has replaced.

    Statistical zones have a code of their own but no government; they are part of the tree and
    left out of choices unless asked for.
    """

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str
    current: bool = True
    successor_code: str = ""

    @property
    def statistical(self) -> bool:
        """True for a zone that only statistics know."""
        return self.level == "stat_zone"

    def called(self, lang: str) -> str:
        """The name in a language, `zh` or `en`."""
        return self.name_en if lang == "en" and self.name_en else self.name


# Codes of regions have six digits; those of larger regions end in zeros.
_CODE_LENGTH = 6


@dataclass(frozen=True)
class RegionTree:
    """All regions in the order of their codes."""

    rows: tuple[RegionRow, ...] = field(repr=False)

    @cached_property
    def _by_code(self) -> dict[str, RegionRow]:
        return {row.code: row for row in self.rows}

    @cached_property
    def _children(self) -> dict[str, tuple[RegionRow, ...]]:
        children: dict[str, list[RegionRow]] = {}
        for row in self.rows:
            if row.current:
                children.setdefault(row.parent_code, []).append(row)
        return {code: tuple(rows) for code, rows in children.items()}

    @cached_property
    def _superseded(self) -> dict[str, frozenset[str]]:
        """The codes that lead to each current code."""
        leads: dict[str, set[str]] = {}
        for row in self.rows:
            if not row.current:
                leads.setdefault(self.resolve(row.code) or "", set()).add(row.code)
        return {code: frozenset(codes) for code, codes in leads.items()}

    @property
    def root(self) -> RegionRow:
        """The province."""
        return next(row for row in self.rows if not row.parent_code)

    @property
    def prefectures(self) -> tuple[RegionRow, ...]:
        """What lies directly under the province: prefectures and what has their rank."""
        return self.children(self.root.code)

    def get(self, code: str) -> RegionRow | None:
        """The region of a code, superseded or not."""
        return self._by_code.get(code)

    def resolve(self, code: str) -> str | None:
        """The code in force for a code: itself or its successor; None for an unknown one."""
        row = self._by_code.get(code)
        if row is None:
            return None
        return self.resolve(row.successor_code) if row.successor_code else row.code

    def counts_for(self, code: str) -> str | None:
        """The code in force that a code counts for: an unknown one for its longest known prefix.

        None where not even the province is known.
        """
        for length in range(len(code), 1, -1):
            prefix = code[:length]
            for candidate in (prefix, prefix.ljust(_CODE_LENGTH, "0")):
                found = self.resolve(candidate)
                if found is not None:
                    return found
        return None

    def children(self, code: str) -> tuple[RegionRow, ...]:
        """The regions in force directly under a region."""
        return self._children.get(self.resolve(code) or "", ())

    def descendants(self, code: str) -> frozenset[str]:
        """A region's code and those of all regions in it, with the superseded codes of each."""
        start = self.resolve(code)
        if start is None:
            return frozenset()
        found = {start} | self._superseded.get(start, frozenset())
        for child in self.children(start):
            found |= self.descendants(child.code)
        return frozenset(found)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes of the regions a region lies in, nearest first."""
        row = self._by_code.get(self.resolve(code) or "")
        found = []
        while row is not None and row.parent_code:
            found.append(row.parent_code)
            row = self._by_code.get(row.parent_code)
        return tuple(found)

    def upwards(self, code: str) -> tuple[str, ...]:
        """The region of a code and those it lies in, nearest first; an unknown code as it is."""
        return (self.resolve(code) or code, *self.ancestors(code))

    def contains(self, area: str, code: str) -> bool:
        """Whether the region of `code` is `area` or lies in it."""
        return self.resolve(area) in self.upwards(code)

    def name(self, code: str, lang: str = "zh") -> str:
        """The region's own name; the code itself when it is unknown."""
        row = self._by_code.get(code)
        return code if row is None else row.called(lang)

    def path(self, code: str, lang: str = "zh") -> str:
        """The name with those of the regions it lies in, but for the province.

        `长春市 朝阳区`, in English `Chaoyang District, Changchun`.
        """
        resolved = self.resolve(code)
        if resolved is None:
            return code
        above = [up for up in self.ancestors(resolved) if up != self.root.code]
        names = [self.name(one, lang) for one in (resolved, *above)]
        return ", ".join(names) if lang == "en" else " ".join(reversed(names))

    def choices(self, lang: str = "zh", *, statistical: bool = False) -> list[tuple[str, str]]:
        """Code and path of every region in force, depth first, for a list to choose from."""
        return list(self._walk(self.root, lang, statistical))

    def _walk(self, row: RegionRow, lang: str, statistical: bool) -> Iterable[tuple[str, str]]:
        if row.statistical and not statistical:
            return
        yield row.code, self.path(row.code, lang) if row.parent_code else row.called(lang)
        for child in self.children(row.code):
            yield from self._walk(child, lang, statistical)


@dataclass(frozen=True)
class RuleEntry:
    """One dated value. An empty source means that the platform set it by default."""

    key: str
    value: Any
    unit: str
    valid_from: date
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Rulebook:
    """All entries, those of one key in the order of their dates."""

    entries: tuple[RuleEntry, ...] = field(repr=False)

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[RuleEntry, ...]]:
        by_key: dict[str, list[RuleEntry]] = {}
        for entry in sorted(self.entries, key=lambda one: one.valid_from):
            by_key.setdefault(entry.key, []).append(entry)
        return {key: tuple(entries) for key, entries in by_key.items()}

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order in which they first appear."""
        return tuple(self._by_key)

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def history(self, key: str) -> tuple[RuleEntry, ...]:
        """All entries of a key, oldest first."""
        return self._by_key.get(key, ())

    def entry(self, key: str, on: date) -> RuleEntry:
        """The entry in force on a day: the last that began by then, or the first there is.

        Raises KeyError for an unknown key.
        """
        entries = self._by_key[key]
        return next((one for one in reversed(entries) if one.valid_from <= on), entries[0])

    def coming(self, key: str, on: date) -> tuple[RuleEntry, ...]:
        """The entries that begin after a day."""
        return tuple(one for one in self.history(key) if one.valid_from > on)

    def value(self, key: str, on: date) -> Any:
        """The value in force on a day."""
        return self.entry(key, on).value

    def limit(self, key: str, on: date) -> Limit:
        """The value in force on a day as a time limit; ValueError when it is not one."""
        entry = self.entry(key, on)
        return Limit(int(entry.value), LimitUnit(entry.unit))


def check_value(old: Any, new: Any) -> None:
    """Refuse a value that has another shape than the one it takes over from.

    Numbers stay numbers of at least zero, lists stay lists of numbers, and a table keeps its
    keys: rules read them without asking again.
    """
    if not _fits(old, new):
        raise Refused("catalogue.rule_shape", field="value")


def _fits(old: Any, new: Any) -> bool:
    if isinstance(old, dict):
        return (
            isinstance(new, dict)
            and new.keys() == old.keys()
            and all(_fits(old[key], new[key]) for key in old)
        )
    if isinstance(old, list):
        return isinstance(new, list) and bool(new) and all(_fits(old[0], one) for one in new)
    if isinstance(new, bool) or not isinstance(new, int | float) or new < 0:
        return False
    return isinstance(old, float) or isinstance(new, int)
