"""The life of a case, what is checked in it, and by when: pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from marketplace.clocks.rules import ClockView, Pause, deadline, view_clock
from marketplace.kernel import steps
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar, Limit


class CaseKind(StrEnum):
    """What a case decides about."""

    ADMISSION = "admission"
    CHANGE = "change"
    RENEWAL = "renewal"
    READMISSION = "readmission"


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    COMPLETENESS = "completeness"
    SUBSTANCE = "substance"
    RETURNED = "returned"
    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """The two looks an association takes: is everything there, and is it right."""

    COMPLETENESS = "completeness"
    SUBSTANCE = "substance"


class Result(StrEnum):
    """The answer to one point of the checklist."""

    OK = "ok"
    NOT_OK = "not_ok"


class Outcome(StrEnum):
    """What is proposed and decided."""

    ADMIT = "admit"
    REJECT = "reject"


class Ending(StrEnum):
    """Why a case ended without a decision."""

    APPLICANT = "applicant"
    LAPSED = "lapsed"
    REMOVAL = "removal"


# The whole life of a case. The state diagrams of the documentation are drawn from this table.
STEPS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.COMPLETENESS, CaseState.WITHDRAWN}),
    CaseState.COMPLETENESS: frozenset(
        {CaseState.SUBSTANCE, CaseState.RETURNED, CaseState.WITHDRAWN}
    ),
    CaseState.SUBSTANCE: frozenset({CaseState.PROPOSED, CaseState.RETURNED, CaseState.WITHDRAWN}),
    CaseState.RETURNED: frozenset({CaseState.RECEIVED, CaseState.WITHDRAWN}),
    CaseState.PROPOSED: frozenset({CaseState.DECIDED, CaseState.SUBSTANCE, CaseState.WITHDRAWN}),
    CaseState.DECIDED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
}


# Which look the association is taking while it is its turn.
STAGE_OF: dict[CaseState, Stage] = {
    CaseState.RECEIVED: Stage.COMPLETENESS,
    CaseState.COMPLETENESS: Stage.COMPLETENESS,
    CaseState.SUBSTANCE: Stage.SUBSTANCE,
    CaseState.PROPOSED: Stage.SUBSTANCE,
}


# The association has the case and takes its second look, or has taken it.
IN_SUBSTANCE = frozenset(state for state, stage in STAGE_OF.items() if stage is Stage.SUBSTANCE)

CLOSED = frozenset({CaseState.DECIDED, CaseState.WITHDRAWN})

OPEN = frozenset(CaseState) - CLOSED

# The first look; and all that goes before a proposal while the association has the case.
BEFORE_SUBSTANCE = frozenset({CaseState.RECEIVED, CaseState.COMPLETENESS})
AT_WORK = BEFORE_SUBSTANCE | {CaseState.SUBSTANCE}


def step(current: CaseState, target: CaseState) -> CaseState:
    """Return `target` if the step is legal, else raise `Refused("vetting.illegal_step")`."""
    return steps.step(STEPS, current, target, "vetting.illegal_step")


def check_proposal(outcome: Outcome, unanswered: int, not_ok: int) -> None:
    """A proposal rests on the whole checklist.

    Every point is answered; an admission needs every point in order, a rejection at least one
    that is not.
    """
    if unanswered:
        raise Refused("vetting.points_unanswered", count=unanswered)
    if outcome is Outcome.ADMIT and not_ok:
        raise Refused("vetting.points_not_ok", field="outcome", count=not_ok)
    if outcome is Outcome.REJECT and not not_ok:
        raise Refused("vetting.nothing_against", field="outcome")


# Points about the dossier as a whole: (code, the kind of evidence it rests on).
_WHOLE: dict[Stage, tuple[tuple[str, str], ...]] = {
    Stage.COMPLETENESS: (
        ("profile", "facts"),
        ("affiliations", "facts"),
        ("practitioners", "practitioner"),
        ("terms", "terms"),
        ("undertaking", "undertaking"),
    ),
    Stage.SUBSTANCE: (
        ("identity", "facts"),
        ("conflict", "facts"),
        ("requirement", "qualification"),
        ("practitioners_registered", "practitioner"),
        ("promised_days", "terms"),
    ),
}

# Asked where the whole dossier is judged; a change or a renewal is asked about what it brings.
_WHOLE_DOSSIER = frozenset({CaseKind.ADMISSION, CaseKind.READMISSION})


# Points asked of each record of a kind.
_EACH: dict[Stage, tuple[tuple[str, str], ...]] = {
    Stage.COMPLETENESS: (
        ("authorisation", "authorisation"),
        ("scan", "qualification"),
    ),
    Stage.SUBSTANCE: (("certificate", "qualification"),),
}


@dataclass(frozen=True, order=True)
class Evidence:
    """One record, in the version the case judges."""

    kind: str
    record_id: int


@dataclass(frozen=True)
class Point:
    """One question of the checklist."""

    code: str
    stage: Stage
    rests_on: str
    record_id: int | None = None

    @property
    def key(self) -> str:
        """How the answer is stored: the code, and the record where the point is about one."""
        return self.code if self.record_id is None else f"{self.code}:{self.record_id}"


def checklist(
    kind: CaseKind,
    evidence: Iterable[Evidence],
    *,
    has_requirements: bool,
    has_limit: bool = True,
) -> tuple[Point, ...]:
    """All points of a case, completeness first.

    `has_requirements` says whether the item asks for a qualification; where the law names none,
    there is no point about it; nor about promised days where the limit is what both sides agree.
    """
    not_asked = {"requirement"} if not has_requirements else set()
    not_asked |= {"promised_days"} if not has_limit else set()
    frozen = sorted(set(evidence))
    brought = {one.kind for one in frozen}
    points: list[Point] = []
    for stage in Stage:
        points += [
            Point(code, stage, rests_on)
            for code, rests_on in _WHOLE[stage]
            if (kind in _WHOLE_DOSSIER or rests_on in brought) and code not in not_asked
        ]
        points += [
            Point(code, stage, rests_on, one.record_id)
            for code, rests_on in _EACH[stage]
            for one in frozen
            if one.kind == rests_on
        ]
    if kind is CaseKind.READMISSION:
        points.append(Point("rectification", Stage.SUBSTANCE, "facts"))
    return tuple(points)


def open_points(points: Sequence[Point], answers: Mapping[str, Result]) -> tuple[Point, ...]:
    """The points without an answer."""
    return tuple(point for point in points if point.key not in answers)


def not_ok_points(points: Sequence[Point], answers: Mapping[str, Result]) -> tuple[Point, ...]:
    """The points answered with "not in order"."""
    return tuple(point for point in points if answers.get(point.key) is Result.NOT_OK)


def answer_that_holds(
    point: Point, before: Mapping[Evidence, Hashable], after: Mapping[Evidence, Hashable]
) -> str | None:
    """The key under which the answer before a correction still holds for the point, if it does.

    `before` and `after` give the contents of the records of both rounds: a version that says the
    same as the one before is the same record to the examiner. Whatever changed is looked at again.
    """
    kind = point.rests_on
    if point.record_id is None:
        then = Counter(said for one, said in before.items() if one.kind == kind)
        now = Counter(said for one, said in after.items() if one.kind == kind)
        return point.key if then and then == now else None
    content = after[Evidence(kind, point.record_id)]
    for one, said in before.items():
        if one.kind == kind and said == content:
            return Point(point.code, point.stage, kind, one.record_id).key
    return None


@dataclass(frozen=True)
class Hint:
    """What the record itself says about a point: met, not met, or a plain fact (`good` None)."""

    code: str
    good: bool | None = None
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """The limits in force, in working days."""

    completeness: int
    substance: int
    lapse: int
    yellow: int = 3


class Stand(Protocol):
    """A stretch in which the dossier was with the applicant."""

    @property
    def stage(self) -> Stage: ...
    @property
    def paused_at(self) -> datetime: ...
    @property
    def resumed_at(self) -> datetime | None: ...


class Timed(Protocol):
    """What the clock of a case is computed from."""

    @property
    def state(self) -> CaseState: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def substance_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def pauses(self) -> Sequence[Stand]: ...


def _stage(case: Timed) -> Stage:
    """The stage whose clock is shown: the running one, or the one that stood last."""
    if case.state in BEFORE_SUBSTANCE:
        return Stage.COMPLETENESS
    if case.state is CaseState.RETURNED:
        return case.pauses[-1].stage
    if case.substance_at is None:
        return Stage.COMPLETENESS
    return Stage.SUBSTANCE


def case_clock(calendar: Calendar, limits: Limits, case: Timed, today: date) -> ClockView:
    """The clock of the stage a case is in, as of `today`; ended once the case is closed."""
    stage = _stage(case)
    start, limit = case.received_at, limits.completeness
    if stage is Stage.SUBSTANCE and case.substance_at is not None:
        start, limit = case.substance_at, limits.substance
    pauses = [
        Pause(local_date(one.paused_at), local_date(one.resumed_at) if one.resumed_at else None)
        for one in case.pauses
        if one.stage is stage and one.paused_at >= start
    ]
    return view_clock(
        calendar,
        Limit(limit),
        local_date(start),
        today,
        pauses=pauses,
        ended=local_date(case.closed_at) if case.closed_at else None,
        yellow_days=limits.yellow,
    )


def lapse_day(calendar: Calendar, limits: Limits, case: Timed) -> date:
    """The last day on which a returned dossier can be sent in again."""
    return deadline(calendar, local_date(case.pauses[-1].paused_at), limits.lapse)


def lapsed_on(state: CaseState, due_on: date | None, today: date) -> date | None:
    """The day for a correction that is over today: from then on the application has lapsed."""
    returned = state is CaseState.RETURNED
    return due_on if returned and due_on is not None and today > due_on else None


def due_day(calendar: Calendar, limits: Limits, case: Timed, today: date) -> date:
    """The day by which whoever has an open case must act."""
    if case.state is CaseState.RETURNED:
        return lapse_day(calendar, limits, case)
    return case_clock(calendar, limits, case, today).due
