"""The board of lights as values: what is asked for, what passes, what is counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.clocks.rules import Waiting

# The platform itself owes what no organisation owes.
PLATFORM = "platform"
LIGHTS = ("red", "yellow")
FILTERS = ("light", "kind", "item", "region")

Contains = Callable[[str, str], bool]


@dataclass(frozen=True)
class Asked:
    """What the address asks for: any of the values of a filter, all filters together."""

    light: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(getattr(self, name) for name in FILTERS)


@dataclass(frozen=True)
class Owing:
    """An organisation (None: the platform) with the lights it owes."""

    organisation_id: int | None
    waits: tuple[Waiting, ...]

    @property
    def red(self) -> int:
        """How many lights are red."""
        return sum(one.light == "red" for one in self.waits)

    @property
    def yellow(self) -> int:
        """How many lights are yellow."""
        return sum(one.light == "yellow" for one in self.waits)

    @property
    def oldest(self) -> date | None:
        """The earliest day on which something was or is due."""
        return min((one.due_on for one in self.waits if one.due_on), default=None)


@dataclass(frozen=True)
class Counts:
    """How many lights each value of a filter leaves, under the other filters."""

    of: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def lit(waits: Iterable[Waiting], area: str, contains: Contains) -> tuple[Waiting, ...]:
    """What is red or yellow and lies in the area; what has no region only the province sees.

    An empty `area` is the whole province.
    """
    return tuple(
        one
        for one in waits
        if one.light in LIGHTS
        and (not area or (one.region_code and contains(area, one.region_code)))
    )


def chosen(
    waits: Iterable[Waiting], asked: Asked, contains: Contains, *, skip: str = ""
) -> tuple[Waiting, ...]:
    """The lights that pass every filter but `skip`."""
    return tuple(one for one in waits if _passes(one, asked, contains, skip))


def _passes(one: Waiting, asked: Asked, contains: Contains, skip: str) -> bool:
    plain = {"light": one.light, "kind": one.kind, "item": one.item_code}
    for name, value in plain.items():
        wanted = getattr(asked, name)
        if name != skip and wanted and value not in wanted:
            return False
    if skip == "region" or not asked.region:
        return True
    return any(contains(area, one.region_code) for area in asked.region)


def by_organisation(waits: Iterable[Waiting]) -> tuple[Owing, ...]:
    """The organisations that owe something: most red lights first, then the oldest."""
    found: dict[int | None, list[Waiting]] = {}
    for one in waits:
        found.setdefault(one.owes_organisation_id, []).append(one)
    owing = [Owing(key, in_order(rows)) for key, rows in found.items()]
    owing.sort(
        key=lambda one: (-one.red, -one.yellow, one.oldest or date.max, one.organisation_id or 0)
    )
    return tuple(owing)


def in_order(waits: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Red before yellow, the longest due first."""
    return tuple(
        sorted(waits, key=lambda one: (LIGHTS.index(one.light), one.due_on or date.max, one.number))
    )


def count(
    waits: Sequence[Waiting],
    asked: Asked,
    contains: Contains,
    around: Callable[[str], Iterable[str]],
) -> Counts:
    """The counts beside the filters; `around` gives a region and all it lies in: each counts."""

    def values(name: str, one: Waiting) -> Iterable[str]:
        if name == "region":
            return around(one.region_code)
        value = one.item_code if name == "item" else getattr(one, name)
        return (value,) if value else ()

    return Counts(
        {
            name: Counter(
                value
                for one in chosen(waits, asked, contains, skip=name)
                for value in set(values(name, one))
            )
            for name in FILTERS
        }
    )


def by_kind(waits: Iterable[Waiting], light: str) -> dict[str, int]:
    """How many lights of a colour each kind of record has, most first."""
    return dict(Counter(one.kind for one in waits if one.light == light).most_common())
