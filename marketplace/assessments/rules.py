"""States, stretches of time, and the score of 100 with its arithmetic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from marketplace.kernel.steps import step


class CycleState(StrEnum):
    """Where a year's assessment stands."""

    PLANNED = "planned"
    OPEN = "open"
    FREEZING = "freezing"
    CUT_OFF = "cut_off"
    SCORING = "scoring"
    SCORED = "scored"
    PRELIMINARY = "preliminary"
    OBJECTIONS = "objections"
    FINISHING = "finishing"
    FINAL = "final"


class RemovalState(StrEnum):
    """Where a removal case stands."""

    OPENED = "opened"
    NOTIFIED = "notified"
    HEARD = "heard"
    PROPOSED = "proposed"
    DECIDED = "decided"
    PUBLISHED = "published"


class RemovalOutcome(StrEnum):
    """What is proposed and decided in a removal case."""

    REMOVE = "remove"
    DISMISS = "dismiss"


class ObjectionOutcome(StrEnum):
    """What is decided about an objection to a preliminary grade."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Veto(StrEnum):
    """Facts that give grade D by themselves, however little work there was."""

    FORGERY = "forgery"
    BLACKLIST = "blacklist"


class Step(StrEnum):
    """The checklist of a rectification plan."""

    CAUSE = "cause"
    HARM = "harm"
    PREVENTION = "prevention"


C, R = CycleState, RemovalState


# The whole life of a cycle. `preliminary` while objections are taken, `objections` once that time
# is over and those that came are decided.
CYCLE_STEPS: Mapping[CycleState, frozenset[CycleState]] = {
    C.PLANNED: frozenset({C.OPEN}),
    C.OPEN: frozenset({C.FREEZING}),
    C.FREEZING: frozenset({C.CUT_OFF}),
    C.CUT_OFF: frozenset({C.SCORING}),
    C.SCORING: frozenset({C.SCORED}),
    C.SCORED: frozenset({C.PRELIMINARY}),
    C.PRELIMINARY: frozenset({C.OBJECTIONS}),
    C.OBJECTIONS: frozenset({C.FINISHING}),
    C.FINISHING: frozenset({C.FINAL}),
    C.FINAL: frozenset(),
}

# What the worker does to so many listings at a time: it takes them in, freezes their facts, reckons
# their scores, writes their final grades. Nobody acts on a cycle meanwhile.
PASSING = (C.PLANNED, C.FREEZING, C.SCORING, C.FINISHING)


# Due process: nothing is decided before the institution was told and heard.
REMOVAL_STEPS: Mapping[RemovalState, frozenset[RemovalState]] = {
    R.OPENED: frozenset({R.NOTIFIED}),
    R.NOTIFIED: frozenset({R.HEARD}),
    R.HEARD: frozenset({R.PROPOSED}),
    R.PROPOSED: frozenset({R.DECIDED, R.HEARD}),
    R.DECIDED: frozenset({R.PUBLISHED}),
    R.PUBLISHED: frozenset(),
}


REMOVAL_OPEN = (R.OPENED, R.NOTIFIED, R.HEARD, R.PROPOSED)
REMOVAL_DECIDED = (R.DECIDED, R.PUBLISHED)

# The grades of these cycles can be read by everybody.
PUBLIC_CYCLES = (C.PRELIMINARY, C.OBJECTIONS, C.FINISHING, C.FINAL)


def move_cycle(current: CycleState, target: CycleState) -> CycleState:
    """Return `target` if the table allows it, else raise `assessment.illegal_step`."""
    return step(CYCLE_STEPS, current, target, "assessment.illegal_step")


def move_removal(current: RemovalState, target: RemovalState) -> RemovalState:
    """Return `target` if the table allows it, else raise `removal.illegal_step`."""
    return step(REMOVAL_STEPS, current, target, "removal.illegal_step")


def year_days(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def twelve_months_before(day: date) -> date:
    """The first day of the twelve months that end with `day`."""
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year - 1, 3, 1)


_CENT = Decimal("0.01")

_HUNDRED = Decimal(100)

# Conduct loses so many points per complaint, and no more than it has.
PER_UPHELD = 5

PER_PARTLY = 2

# A rating is between these.
WORST, BEST = 1, 5

FULL_INSPECTION = 10

# What an objection may correct; which engagements there were is not a matter of opinion.
CORRECTABLE = ("on_time", "first_pass", "upheld", "partly", "days_valid", "inspection")


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
    veto: Veto | None = None


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
