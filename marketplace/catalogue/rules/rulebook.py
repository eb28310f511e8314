"""The rulebook as a value: every number of policy, dated, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Limit, LimitUnit


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
