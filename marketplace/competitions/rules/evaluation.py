"""The arithmetic of an evaluation: suspiciously low prices, points, order. Published as it is."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from marketplace.competitions.rules.states import Method
from marketplace.kernel.errors import Refused

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
