"""The figures of clients reckoned in plain Python, one event of one work after the other.

Knows nothing of the statement that it is held against, and takes no kind from the product's tables.
"""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marketplace.kernel.times import SHANGHAI

ENDS = {"declined", "lapsed", "cancelled", "terminated", "closed"}
SETTLED = {"contracted", "declined", "lapsed", "cancelled"}
CONTRACT_OVER = {
    *ENDS,
    *("contracted", "contract_amended", "contract_taken_back", "contract_lapsed"),
    *("contract_ended", "amendment_lapsed", "delivered"),
}
DAYS = {"due_soon", "overdue", "due_moved"}


@dataclass(frozen=True)
class Told:
    """One event of a work: what happened, when, who did it, who was the client."""

    kind: str
    at: datetime
    actor: int | None
    client: int
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def by_client(self) -> bool:
        return self.actor == self.client

    @property
    def day(self) -> str:
        return self.at.astimezone(SHANGHAI).date().isoformat()

    @property
    def about(self) -> str:
        return str(self.more.get("what", ""))


@dataclass
class Open:
    """A turn of the client that goes on: its last day, and when and whose it was let pass."""

    day: str | None = None
    passed: datetime | None = None
    whose: int | None = None


class Reckoning:
    """Counts what each client missed, and of how much, since an instant."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self.late: Counter[tuple[str, int]] = Counter()
        self.every: Counter[tuple[str, int]] = Counter()

    def take(self, works: Iterable[Sequence[Told]]) -> None:
        """All events of each work, in their order."""
        for events in works:
            for figure in FIGURES:
                self._follow(figure, events)

    def _follow(self, figure: "Figure", events: Sequence[Told]) -> None:
        now: Open | None = None
        before: set[str] = set()
        for one in events:
            begins = figure.begins(one, before)
            answered, missed = figure.answers(one), figure.misses(one)
            if begins or answered or missed or figure.ends(one):
                if now is not None:
                    self._close(figure, now, one, answered, missed)
                now = Open() if begins else None
            if now is not None:
                day = figure.day(one)
                now.day = now.day if day is None else day
                if now.passed is None and figure.lets_pass(one):
                    now.passed, now.whose = one.at, one.client
            before.add(one.kind)
        if now is not None and now.passed is not None:
            self._count(figure, now.whose, now.passed, late=True)

    def _close(self, figure: "Figure", turn: Open, end: Told, answered: bool, missed: bool) -> None:
        if turn.passed is not None:
            self._count(figure, turn.whose, turn.passed, late=True)
        elif answered or missed:
            beyond = answered and turn.day is not None and end.day > turn.day
            self._count(figure, end.client, end.at, late=missed or beyond)

    def _count(self, figure: "Figure", whose: int | None, at: datetime, *, late: bool) -> None:
        assert whose is not None
        if at >= self.since:
            self.every[figure.name, whose] += 1
            self.late[figure.name, whose] += late


class Figure:
    """What a turn is about; each of the classes below says when it begins and how it ends."""

    name = ""
    what: tuple[str, ...] = ()

    def begins(self, one: Told, before: Set[str]) -> bool:
        raise NotImplementedError

    def answers(self, one: Told) -> bool:
        raise NotImplementedError

    def misses(self, one: Told) -> bool:
        return False

    def ends(self, one: Told) -> bool:
        return one.kind in ENDS

    def lets_pass(self, one: Told) -> bool:
        over = one.kind == "overdue" and one.more.get("owes") == "client"
        return over and one.about in self.what

    def day(self, one: Told) -> str | None:
        return one.more.get("due_on") if one.kind in DAYS and one.about in self.what else None


class Deliveries(Figure):
    name, what = "deliveries", ("acceptance",)

    def begins(self, one: Told, before: Set[str]) -> bool:
        return one.kind == "delivered"

    def answers(self, one: Told) -> bool:
        return one.kind in {"accepted", "returned"}

    def day(self, one: Told) -> str | None:
        return one.more["answer_by"] if one.kind == "delivered" else super().day(one)


def _passes_on(one: Told) -> bool:
    return one.kind == "handover_ended" and one.more["outcome"] == "passed"


def _waits_again(one: Told) -> bool:
    """After a text was taken back, the client has the turn, and time or only itself to blame."""
    if one.kind != "contract_taken_back" or one.more["owes"] != "client":
        return False
    until = one.more["contract_by"]
    return one.by_client or (until is not None and until > one.day)


class Contracts(Figure):
    name, what = "contracts", ("contract", "amendment")

    def begins(self, one: Told, before: Set[str]) -> bool:
        if one.kind == "taken_on":
            return True
        if _passes_on(one):
            return "contracted" not in before
        if one.kind in {"contract_put_forward", "contract_change_asked"}:
            return not one.by_client
        return _waits_again(one)

    def answers(self, one: Told) -> bool:
        said = {"contract_put_forward", "contract_change_asked", "contract_amended", "contracted"}
        return one.kind in said and one.by_client

    def misses(self, one: Told) -> bool:
        if one.kind == "lapsed":
            return one.more["was"] == "taken_on"
        return one.kind == "amendment_lapsed"

    def ends(self, one: Told) -> bool:
        return one.kind in CONTRACT_OVER or _passes_on(one)

    def day(self, one: Told) -> str | None:
        if one.kind in {"taken_on", "contract_change_asked", "contract_taken_back"}:
            return one.more["contract_by"]
        if one.kind == "contract_put_forward":
            return one.more["confirm_by"]
        return super().day(one)


class Materials(Figure):
    name, what = "materials", ("materials",)

    def begins(self, one: Told, before: Set[str]) -> bool:
        return one.kind == "contracted" and "continuation_asked" not in before

    def answers(self, one: Told) -> bool:
        return one.kind == "started"

    def ends(self, one: Told) -> bool:
        # Of a halted project nothing may start.
        return one.kind == "continuation_asked" or super().ends(one)

    def day(self, one: Told) -> str | None:
        return one.more["materials_by"] if one.kind == "contracted" else super().day(one)


def _commissioned(one: Told) -> bool:
    awarded = one.kind == "taken_on" and one.more["competition_id"] is not None
    return awarded or one.kind == "requested"


class GivenUp(Figure):
    name = "given_up"

    def begins(self, one: Told, before: Set[str]) -> bool:
        return _commissioned(one)

    def answers(self, one: Told) -> bool:
        return one.kind in SETTLED

    def misses(self, one: Told) -> bool:
        return one.kind == "cancelled" and one.by_client and one.more["cause"] == ""

    def ends(self, one: Told) -> bool:
        return False


class Awards(Figure):
    name = "awards"

    def begins(self, one: Told, before: Set[str]) -> bool:
        return _commissioned(one) and one.kind == "taken_on"

    def answers(self, one: Told) -> bool:
        return one.kind in SETTLED

    def ends(self, one: Told) -> bool:
        return False

    def lets_pass(self, one: Told) -> bool:
        return one.kind == "award_ruled" and one.more["outcome"] == "department_at_fault"


class Continuations(Figure):
    name = "continuations"

    def begins(self, one: Told, before: Set[str]) -> bool:
        return one.kind == "continuation_asked"

    def answers(self, one: Told) -> bool:
        return one.kind == "continuation_answered"

    def misses(self, one: Told) -> bool:
        return one.kind == "continuation_settled"

    def ends(self, one: Told) -> bool:
        return one.kind in {"continuation_fell_away", "continuation_dropped"}


FIGURES = (Deliveries(), Contracts(), Materials(), GivenUp(), Awards(), Continuations())
