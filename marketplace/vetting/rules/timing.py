"""By when a case must be dealt with; the arithmetic itself is that of `clocks`.

One clock runs at a time. The completeness clock begins with each arrival of the dossier, because
a corrected dossier is checked anew. The substance clock begins when the dossier is first found
complete, includes the decision, and stands from a return until the corrected dossier is found
complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from marketplace.clocks.rules import ClockView, Pause, deadline, view_clock
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Calendar, Limit
from marketplace.vetting.rules.states import CaseState, Stage


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
    if case.state in {CaseState.RECEIVED, CaseState.COMPLETENESS}:
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


def due_day(calendar: Calendar, limits: Limits, case: Timed, today: date) -> date:
    """The day by which whoever has an open case must act."""
    if case.state is CaseState.RETURNED:
        return lapse_day(calendar, limits, case)
    return case_clock(calendar, limits, case, today).due


def light_of(case: Timed, clock: ClockView) -> str:
    """What a page shows: the clock's light, `paused` while returned, `none` when it is over."""
    if case.closed_at is not None:
        return "none"
    return "paused" if case.state is CaseState.RETURNED else clock.light.value
