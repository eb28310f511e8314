"""The region tree as a value: codes, names, what lies in what, and what replaced what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property


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

    def contains(self, area: str, code: str) -> bool:
        """Whether the region of `code` is `area` or lies in it."""
        resolved, area_code = self.resolve(code), self.resolve(area)
        if resolved is None or area_code is None:
            return False
        return area_code == resolved or area_code in self.ancestors(resolved)

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
