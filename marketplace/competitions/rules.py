"""A competition by its rules: states, days, who may not take part, the published arithmetic."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from marketplace.clocks.rules import deadline, lapses_at
from marketplace.kernel import steps
from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Calendar


class CompetitionState(StrEnum):
    """Where a competition stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    CLOSED = "closed"
    OPENING_REQUESTED = "opening_requested"
    OPENED = "opened"
    EVALUATED = "evaluated"
    AWARD_PUBLISHED = "award_published"
    AWARDED = "awarded"
    CONCLUDED = "concluded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Method(StrEnum):
    """How the winner is found."""

    LOWEST_PRICE = "lowest_price"
    COMPREHENSIVE = "comprehensive"


class AwardState(StrEnum):
    """What became of an award."""

    PUBLISHED = "published"
    AWARDED = "awarded"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    SET_ASIDE = "set_aside"
    CANCELLED = "cancelled"


class Failure(StrEnum):
    """Why a competition failed."""

    TOO_FEW_ENTRANTS = "too_few_entrants"
    TOO_FEW_INDEPENDENT = "too_few_independent"
    NO_VALID_BID = "no_valid_bid"
    NOBODY_NEXT = "nobody_next"
    DECIDED = "decided"
    PROJECT_ENDED = "project_ended"
    DEPARTMENT_SILENT = "department_silent"
    RULED = "ruled"


_S = CompetitionState


# The whole life of a competition. The state diagrams of the documentation are drawn from this
# table. An award that its winner declines goes to the next in order; where nobody is next, the
# competition fails.
STEPS: dict[CompetitionState, frozenset[CompetitionState]] = {
    _S.DRAFT: frozenset({_S.PROPOSED}),
    _S.PROPOSED: frozenset({_S.PUBLISHED, _S.DRAFT}),
    _S.PUBLISHED: frozenset({_S.CLOSED, _S.CANCELLED}),
    _S.CLOSED: frozenset({_S.OPENING_REQUESTED, _S.FAILED, _S.CANCELLED}),
    _S.OPENING_REQUESTED: frozenset({_S.OPENED, _S.CLOSED, _S.CANCELLED}),
    _S.OPENED: frozenset({_S.EVALUATED, _S.FAILED}),
    _S.EVALUATED: frozenset({_S.AWARD_PUBLISHED, _S.FAILED}),
    _S.AWARD_PUBLISHED: frozenset({_S.AWARDED, _S.EVALUATED, _S.CANCELLED}),
    _S.AWARDED: frozenset({_S.CONCLUDED, _S.AWARD_PUBLISHED, _S.FAILED}),
    _S.CONCLUDED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}


ACTIVE_AWARDS = frozenset({AwardState.PUBLISHED, AwardState.AWARDED, AwardState.CONCLUDED})
# The days of objection have passed before an award becomes one of these.
HELD_AWARDS = frozenset({AwardState.AWARDED, AwardState.CONCLUDED, AwardState.DECLINED})

# Before these nobody but the department knows of a competition.
PREPARED = frozenset({_S.DRAFT, _S.PROPOSED})

ENDED = (_S.FAILED, _S.CANCELLED, _S.CONCLUDED)

# Why an entrant is not independent: they stay out for good, and are counted out of the least.
DEPENDENT = frozenset({"tied", "related", "prepared"})

# The seals are broken, and nothing that comes of the bids holds yet.
JUDGING = frozenset({_S.OPENED, _S.EVALUATED, _S.AWARD_PUBLISHED})

# The bids are still sealed.
SEALED = frozenset({_S.PUBLISHED, _S.CLOSED, _S.OPENING_REQUESTED})


class Step(NamedTuple):
    """What the department does next: a labelled code, and the rulebook's working days for it."""

    what: str
    days: str

    @property
    def rule(self) -> str:
        """The key of the rulebook."""
        return f"competition.{self.days}"


OWED: dict[CompetitionState, Step] = {
    _S.PROPOSED: Step("competition.publish", "publish_days"),
    _S.CLOSED: Step("competition.open", "opening_days"),
    _S.OPENING_REQUESTED: Step("competition.open", "opening_days"),
    _S.OPENED: Step("competition.evaluate", "evaluation_days"),
    _S.EVALUATED: Step("competition.award", "award_days"),
}


def step(current: CompetitionState, target: CompetitionState) -> CompetitionState:
    """Return `target` if the step is legal, else raise `Refused("competition.illegal_step")`."""
    return steps.step(STEPS, current, target, "competition.illegal_step")


@dataclass(frozen=True)
class Days:
    """The numbers of the rulebook that hold on a day, in working days."""

    signup: int
    objection: int
    justification: int


def earliest_closing(calendar: Calendar, published: date, days: int) -> datetime:
    """The first instant at which sign-up may end: 24:00 of the last of its working days."""
    return lapses_at(deadline(calendar, published, days))


def check_closing(calendar: Calendar, today: date, days: int, closes_at: datetime) -> None:
    """Sign-up takes at least the rulebook's working days, not counting the day of the notice."""
    earliest = earliest_closing(calendar, today, days)
    if closes_at < earliest:
        last = deadline(calendar, today, days)
        raise Refused("competition.signup_too_short", field="closes_on", days=days, last=last)


def minimum_entrants(usual: int, merit_rerun: int, *, merit: bool) -> int:
    """At least three for every method; two are enough only for merit on a published re-run."""
    return merit_rerun if merit else usual


FULL_WEIGHT = 100

MOST_CRITERIA = 10

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Weight:
    """A criterion of a comprehensive score; exactly one of them is the price."""

    name: str
    weight: int
    is_price: bool = False


@dataclass(frozen=True)
class Contender:
    """A bid that takes part in the ranking; `marks` are 0 to 100 by criterion."""

    key: int
    price_fen: int
    promised_days: int
    placed_at: datetime
    marks: Mapping[int, Decimal]


@dataclass(frozen=True)
class Part:
    """The points for one criterion; `mark` is what they were computed from."""

    criterion: int
    points: Decimal
    mark: Decimal | None


@dataclass(frozen=True)
class Placing:
    """A bid's place in the order; without a score where the price alone decides."""

    key: int
    rank: int
    score: Decimal | None
    parts: tuple[Part, ...] = ()


def check_weights(method: Method, weights: Sequence[Weight]) -> None:
    """Weights are published, make 100 together, and one of them is the price."""
    if method is Method.LOWEST_PRICE:
        return
    if not 2 <= len(weights) <= MOST_CRITERIA:
        raise Refused("competition.weights_number", field="price_weight", most=MOST_CRITERIA)
    if any(one.weight < 1 or not one.name.strip() for one in weights):
        raise Refused("competition.weight_missing", field="price_weight")
    if len({one.name.strip() for one in weights}) < len(weights):
        raise Refused("competition.weight_twice", field="price_weight")
    total = sum(one.weight for one in weights)
    if total != FULL_WEIGHT:
        raise Refused("competition.weights_total", field="price_weight", total=total)
    if sum(one.is_price for one in weights) != 1:
        raise Refused("competition.weights_price", field="price_weight")


def suspiciously_low(
    prices: Mapping[int, int], below_mean: Decimal, below_next: Decimal
) -> frozenset[int]:
    """Whose price lies more than the given share below the mean, or below the next higher one.

    The mean is that of all bids; prices in fen, shares as 0.40 for 40 %.
    """
    if len(prices) < 2:
        return frozenset()
    mean = Decimal(sum(prices.values())) / len(prices)
    ordered = sorted(set(prices.values()))
    following = dict(itertools.pairwise(ordered))

    low = [
        price
        for price in ordered
        if price < mean * (1 - below_mean)
        or (price in following and price < following[price] * (1 - below_next))
    ]
    # Whoever bids below a suspicious price is no less suspicious.
    highest = max(low, default=0)
    return frozenset(key for key, price in prices.items() if price <= highest)


def price_points(weight: int, price_fen: int, lowest_fen: int) -> Decimal:
    """Weight times the lowest price divided by this price; two decimals, half up."""
    return (Decimal(weight) * lowest_fen / price_fen).quantize(_CENT, ROUND_HALF_UP)


def mark_points(weight: int, mark: Decimal) -> Decimal:
    """Weight times the mark of 0 to 100, divided by 100; two decimals, half up."""
    return (Decimal(weight) * mark / 100).quantize(_CENT, ROUND_HALF_UP)


def rank_by_price(contenders: Iterable[Contender]) -> tuple[Placing, ...]:
    """The lowest price first; equal ones by promised days, then by the instant of the bid."""
    ordered = sorted(contenders, key=lambda one: (one.price_fen, one.promised_days, one.placed_at))
    return tuple(Placing(one.key, rank, None) for rank, one in enumerate(ordered, 1))


def rank_by_score(
    contenders: Sequence[Contender], weights: Mapping[int, Weight]
) -> tuple[Placing, ...]:
    """The highest score first; equal ones by price, promised days, then the instant of the bid.

    Raises `Refused("competition.marks_missing")` unless every criterion but the price is marked.
    """
    if not contenders:
        return ()
    lowest = min(one.price_fen for one in contenders)
    scored = [(one, _parts(one, weights, lowest)) for one in contenders]
    totals = {one.key: sum((part.points for part in parts), Decimal(0)) for one, parts in scored}
    scored.sort(
        key=lambda row: (
            -totals[row[0].key],
            row[0].price_fen,
            row[0].promised_days,
            row[0].placed_at,
        )
    )
    return tuple(
        Placing(one.key, rank, totals[one.key], parts)
        for rank, (one, parts) in enumerate(scored, 1)
    )


def _parts(one: Contender, weights: Mapping[int, Weight], lowest: int) -> tuple[Part, ...]:
    parts = []
    for key, weight in weights.items():
        if weight.is_price:
            parts.append(Part(key, price_points(weight.weight, one.price_fen, lowest), None))
            continue
        if key not in one.marks:
            raise Refused("competition.marks_missing")
        mark = one.marks[key]
        parts.append(Part(key, mark_points(weight.weight, mark), mark))
    return tuple(parts)
