"""Items as values: who may commission one, and which qualifications it asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self


class ItemKind(StrEnum):
    """One of the listed items, or a market service beside them."""

    LISTED = "listed"
    MARKET = "market"


class OpenTo(StrEnum):
    """Who may commission an item; a market service that has ended is open to nobody."""

    ENTERPRISE = "enterprise"
    DEPARTMENT = "department"
    EITHER = "either"
    NOBODY = "nobody"


# Whom a version may be open to: no department commissions a market service, and only these end.
OPEN_TO: Mapping[ItemKind, tuple[OpenTo, ...]] = {
    ItemKind.LISTED: (OpenTo.ENTERPRISE, OpenTo.DEPARTMENT, OpenTo.EITHER),
    ItemKind.MARKET: (OpenTo.ENTERPRISE, OpenTo.NOBODY),
}

# A market service has no limit but what both sides agree; nobody can agree on more days than these.
MOST_AGREED_DAYS = 1000


# What the client hands over first, and what a result is checked for: `[Chinese, English]` a line.
LISTS = ("papers_owed", "checks")
MOST_LINES = 20
LONGEST_LINE = 150


def are_lines(lines: Sequence[Sequence[str]]) -> bool:
    """Whether these are lines as a version keeps them: some Chinese in each, and none twice."""
    chinese = [line[0] for line in lines]
    return (
        len(lines) <= MOST_LINES
        and all(len(line[0]) > 0 and max(map(len, line)) <= LONGEST_LINE for line in lines)
        and len(set(chinese)) == len(chinese)
    )


# The levels of each kind of qualification, highest first.
LevelOrder = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Need:
    """One qualification that is asked for; an empty level or specialty means any."""

    kind: str
    level_at_least: str = ""
    specialty: str = ""


@dataclass(frozen=True)
class Requirements:
    """What an item asks of an institution: all of some, and at least one of others.

    `basis` says where the requirement comes from (law, ministry rule, assumption).
    """

    all_of: tuple[Need, ...] = ()
    any_of: tuple[Need, ...] = ()
    basis: str = ""

    @property
    def none(self) -> bool:
        """True where no qualification is asked for."""
        return not self.all_of and not self.any_of

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read the stored form: `{"all_of": [...], "any_of": [...], "basis": "..."}`."""
        return cls(
            all_of=tuple(Need(**need) for need in data.get("all_of", ())),
            any_of=tuple(Need(**need) for need in data.get("any_of", ())),
            basis=str(data.get("basis", "")),
        )


@dataclass(frozen=True)
class HeldQualification:
    """A qualification as far as the rules care; `valid_to` is its last day (None: no end).

    `key` is the caller's own, to recognise the qualification in an answer.
    """

    kind: str
    level: str
    specialty: str
    valid_from: date
    valid_to: date | None = None
    key: object = None

    def valid_on(self, day: date) -> bool:
        """Whether the certificate is in force on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Missing:
    """What is still missing: every one of `all_of`, and at least one of `any_of`.

    False when nothing is missing.
    """

    all_of: tuple[Need, ...] = ()
    any_of: tuple[Need, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all_of or self.any_of)


def meets(need: Need, held: HeldQualification, levels: LevelOrder, on: date) -> bool:
    """Whether the qualification answers the need on the day."""
    return (
        held.kind == need.kind
        and held.valid_on(on)
        and need.specialty in ("", held.specialty)
        and _reaches(held.level, need.level_at_least, levels.get(need.kind, ()))
    )


def _reaches(level: str, at_least: str, order: Sequence[str]) -> bool:
    if not at_least:
        return True
    if level not in order or at_least not in order:
        return level == at_least
    return order.index(level) <= order.index(at_least)


def missing_requirements(
    requirements: Requirements,
    held: Sequence[HeldQualification],
    levels: LevelOrder,
    on: date,
) -> Missing:
    """What the qualifications leave open on the day."""

    def open_(need: Need) -> bool:
        return not any(meets(need, one, levels, on) for one in held)

    any_open = bool(requirements.any_of) and all(open_(need) for need in requirements.any_of)
    return Missing(
        all_of=tuple(need for need in requirements.all_of if open_(need)),
        any_of=requirements.any_of if any_open else (),
    )


def satisfying(
    requirements: Requirements,
    held: Sequence[HeldQualification],
    levels: LevelOrder,
    on: date,
) -> tuple[HeldQualification, ...]:
    """The qualifications that answer any of the needs on the day, in the order given."""
    needs = requirements.all_of + requirements.any_of
    return tuple(one for one in held if any(meets(need, one, levels, on) for need in needs))


def lapses_on(
    requirements: Requirements,
    held: Sequence[HeldQualification],
    levels: LevelOrder,
    on: date,
) -> date | None:
    """The first day from `on` on which the requirements are no longer met.

    The day itself when they are not met now; None when they stay met for good.
    """
    ends = sorted({one.valid_to for one in held if one.valid_to and one.valid_to >= on})
    for day in (on, *(end + timedelta(days=1) for end in ends)):
        if missing_requirements(requirements, held, levels, day):
            return day
    return None
