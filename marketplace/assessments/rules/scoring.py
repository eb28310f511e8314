"""The score of 100: parts from facts, each with its arithmetic, and the grade it gives.

All in Decimal; only the total is rounded, to two decimals, half up. A part without facts is left
out, and the rest is scaled to 100.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
# Conduct loses so many points per complaint, and no more than it has.
PER_UPHELD = 5
PER_PARTLY = 2
# A rating is between these.
WORST, BEST = 1, 5
FULL_INSPECTION = 10


class Part(StrEnum):
    """The parts of the score, in the order of the sheet; also the rulebook's names."""

    ON_TIME = "on_time"
    FIRST_PASS = "first_pass"  # noqa: S105 - a part of the score
    CLIENT_RATING = "client_rating"
    CONDUCT = "conduct"
    CREDENTIALS = "credentials"
    INSPECTION = "inspection"


@dataclass(frozen=True)
class Facts:
    """What happened in the year, as frozen at cut-off.

    Engagements accepted, of these within the limit and without a return; ratings with their mean
    and the item's; complaints; days with all certificates of how many; points of the inspection.
    """

    accepted: int = 0
    on_time: int = 0
    first_pass: int = 0
    ratings: int = 0
    own_mean: Decimal | None = None
    item_mean: Decimal | None = None
    upheld: int = 0
    partly: int = 0
    days_valid: int = 0
    days_looked_at: int = 0
    inspection: Decimal | None = None
    veto: str = ""


@dataclass(frozen=True)
class Scale:
    """The numbers of the rulebook: points per part, engagements, prior weight, grades."""

    weights: Mapping[str, int]
    minimum: int
    prior: int
    grades: Mapping[str, int]


@dataclass(frozen=True)
class PartScore:
    """One part: its full points, what it gave (None: left out), and how that was reckoned."""

    part: Part
    full: int
    points: Decimal | None
    arithmetic: str


@dataclass(frozen=True)
class Score:
    """The sheet: `total` is of 100, `grade` is None where there is too little work to grade."""

    parts: tuple[PartScore, ...]
    reached: Decimal
    counted: int
    total: Decimal
    grade: str | None


def score(facts: Facts, scale: Scale) -> Score:
    """Reckon the score and the grade from the facts by the rulebook's numbers."""
    parts = tuple(_part(part, int(scale.weights[part]), facts, scale) for part in Part)
    given = [one for one in parts if one.points is not None]
    reached = sum((one.points or Decimal(0) for one in given), Decimal(0))
    counted = sum(one.full for one in given)
    total = round_half_up(reached * _HUNDRED / counted) if counted else Decimal("0.00")
    return Score(parts, reached, counted, total, _grade(facts, total, scale))


def round_half_up(value: Decimal) -> Decimal:
    """Two decimals, half up."""
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def mean_with_prior(n: int, own: Decimal, item: Decimal, prior: int) -> Decimal:
    """The own mean drawn towards the item's, as if `prior` ratings of that mean came first."""
    return (n * own + prior * item) / (n + prior)


def _grade(facts: Facts, total: Decimal, scale: Scale) -> str | None:
    """D by veto; none with too little work; else the best grade whose points are reached."""
    if facts.veto:
        return "D"
    if facts.accepted < scale.minimum:
        return None
    best_first = sorted(scale.grades.items(), key=lambda one: -one[1])
    return next((grade for grade, least in best_first if total >= least), best_first[-1][0])


def _part(part: Part, full: int, facts: Facts, scale: Scale) -> PartScore:
    reckon: Mapping[Part, Callable[[], tuple[Decimal | None, str]]] = {
        Part.ON_TIME: lambda: _share(full, facts.on_time, facts.accepted),
        Part.FIRST_PASS: lambda: _share(full, facts.first_pass, facts.accepted),
        Part.CLIENT_RATING: lambda: _rating(full, facts, scale.prior),
        Part.CONDUCT: lambda: _conduct(full, facts),
        Part.CREDENTIALS: lambda: _share(full, facts.days_valid, facts.days_looked_at),
        Part.INSPECTION: lambda: _inspection(full, facts.inspection),
    }
    points, arithmetic = reckon[part]()
    return PartScore(part, full, points, arithmetic)


def _share(full: int, some: int, of: int) -> tuple[Decimal | None, str]:
    if of == 0:
        return None, ""
    points = Decimal(full) * some / of
    return points, f"{full} × {some} ÷ {of} = {shown(points)}"


def _rating(full: int, facts: Facts, prior: int) -> tuple[Decimal | None, str]:
    if facts.ratings == 0 or facts.own_mean is None:
        return None, ""
    item = facts.item_mean if facts.item_mean is not None else facts.own_mean
    mean = mean_with_prior(facts.ratings, facts.own_mean, item, prior)
    points = full * (mean - WORST) / (BEST - WORST)
    reckoned = (
        f"m = ({facts.ratings} × {shown(facts.own_mean)} + {prior} × {shown(item)})"
        f" ÷ ({facts.ratings} + {prior}) = {shown(mean)};"
        f" {full} × (m − {WORST}) ÷ {BEST - WORST} = {shown(points)}"
    )
    return points, reckoned


def _conduct(full: int, facts: Facts) -> tuple[Decimal, str]:
    points = Decimal(max(0, full - PER_UPHELD * facts.upheld - PER_PARTLY * facts.partly))
    reckoned = (
        f"{full} − {PER_UPHELD} × {facts.upheld} − {PER_PARTLY} × {facts.partly} → {shown(points)}"
    )
    return points, reckoned


def _inspection(full: int, points_of_ten: Decimal | None) -> tuple[Decimal | None, str]:
    if points_of_ten is None:
        return None, ""
    points = full * points_of_ten / FULL_INSPECTION
    return points, f"{full} × {shown(points_of_ten)} ÷ {FULL_INSPECTION} = {shown(points)}"


def shown(value: Decimal) -> str:
    """A number for the sheet: at most four decimals, without trailing zeros."""
    text = f"{value.quantize(Decimal('0.0001'), rounding=ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
