"""When each step of a story is taken: so many working days after the story began.

`age` is how many working days ago it began; None leaves that to the script.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from marketplace.demo import casework, turns
from marketplace.demo.casework import About
from marketplace.demo.dossiers import open_bare_listing
from marketplace.demo.parts import Story, Turn
from marketplace.demo.stage import Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.vetting.rules import CaseKind

Work = Callable[[About, Stage, UnitOfWork], None]


class Who(StrEnum):
    """Who takes a step."""

    AGENT = "agent"
    EXAMINER = "examiner"
    COLLEAGUE = "colleague"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Step:
    """One step: days after the beginning, hour of the day, who, what."""

    after: int
    hour: int
    who: Who
    work: Work


@dataclass(frozen=True)
class Timeline:
    """A story in steps."""

    age: int | None
    steps: tuple[Step, ...] = field(default_factory=tuple)
    kind: CaseKind = CaseKind.ADMISSION


def reopen(about: About, stage: Stage, uow: UnitOfWork) -> None:
    """Begin a new application after one that ended."""
    open_bare_listing(about.plan, about.plan.trade.items.index(about.item), stage, uow)


_A, _E, _C, _P = Who.AGENT, Who.EXAMINER, Who.COLLEAGUE, Who.APPROVER
_APPLY = (Step(0, 9, _A, casework.apply),)
_PASSED = (*_APPLY, Step(1, 10, _E, casework.take_and_pass))
_PROPOSED = (*_PASSED, Step(3, 14, _E, casework.propose_admission))
_ADMITTED = (*_PROPOSED, Step(4, 16, _P, casework.admit))
_RETURNED = (*_APPLY, Step(1, 11, _E, casework.give_back))
_REJECTED = (
    *_PASSED,
    Step(3, 14, _E, casework.propose_rejection),
    Step(4, 16, _P, casework.reject),
)
_S = Story

APPLICATIONS: Mapping[Story, Timeline] = {
    _S.BEGUN: Timeline(3),
    _S.READY: Timeline(1),
    _S.SUBMITTED: Timeline(0, _APPLY),
    _S.WAITING: Timeline(2, _APPLY),
    _S.WAITING_LATE: Timeline(4, _APPLY),
    _S.CHECKED: Timeline(1, (*_APPLY, Step(0, 14, _E, casework.take))),
    _S.CHECKED_LATE: Timeline(6, (*_APPLY, Step(1, 14, _E, casework.take))),
    _S.SUBSTANCE: Timeline(2, _PASSED),
    _S.SUBSTANCE_SOON: Timeline(5, _PASSED),
    _S.SUBSTANCE_LATE: Timeline(10, _PASSED),
    _S.HANDED_OVER: Timeline(
        3, (*_PASSED, Step(2, 10, _E, casework.hand_over), Step(2, 15, _C, casework.take))
    ),
    _S.PROPOSED: Timeline(4, _PROPOSED),
    _S.PROPOSED_LATE: Timeline(11, _PROPOSED),
    _S.RETURNED: Timeline(8, _RETURNED),
    _S.RETURNED_LONG: Timeline(29, _RETURNED),
    _S.RESUBMITTED: Timeline(9, (*_RETURNED, Step(8, 15, _A, casework.correct))),
    _S.LAPSED: Timeline(55, _RETURNED),
    _S.LAPSED_REOPENED: Timeline(60, (*_RETURNED, Step(57, 9, _A, reopen))),
    _S.ADMITTED: Timeline(None, _ADMITTED),
    _S.CORRECTED: Timeline(
        None,
        (
            *_RETURNED,
            Step(6, 15, _A, casework.correct),
            Step(7, 10, _E, casework.take_and_pass),
            Step(9, 14, _E, casework.propose_admission),
            Step(10, 16, _P, casework.admit),
        ),
    ),
    _S.SENT_BACK: Timeline(
        None,
        (
            *_PROPOSED,
            Step(4, 9, _P, casework.send_back),
            Step(4, 15, _E, casework.propose_again),
            Step(5, 16, _P, casework.admit),
        ),
    ),
    _S.LEFT: Timeline(90, (*_ADMITTED, Step(70, 9, _A, turns.leave))),
    _S.REJECTED: Timeline(30, _REJECTED),
    _S.REJECTED_REAPPLIED: Timeline(
        40, (*_REJECTED, Step(36, 9, _A, reopen), Step(38, 9, _A, casework.apply))
    ),
    _S.WITHDRAWN: Timeline(
        25, (*_APPLY, Step(1, 14, _E, casework.take), Step(3, 10, _A, casework.withdraw))
    ),
    _S.WITHDRAWN_EARLY: Timeline(15, (*_APPLY, Step(1, 9, _A, casework.withdraw))),
}

_CHANGE = (Step(0, 9, _A, turns.draft_change), Step(0, 10, _A, casework.submit_change))
_RENEWAL = (Step(0, 9, _A, turns.draft_renewal), Step(0, 10, _A, casework.submit_renewal))
_TAKE = Step(1, 14, _E, casework.take)
_PASS = Step(1, 14, _E, casework.take_and_pass)
_PROPOSE = Step(3, 14, _E, casework.propose_admission)
_DECIDE = Step(4, 16, _P, casework.admit)
_REFUSE = (Step(3, 14, _E, casework.propose_rejection), Step(4, 16, _P, casework.reject))
_T, _K = Turn, CaseKind

TURNS: Mapping[Turn, Timeline] = {
    _T.CERTIFICATE_EXPIRED: Timeline(0),
    _T.EXPIRES_SOON: Timeline(0),
    _T.RENEWAL_DRAFTED: Timeline(2, _RENEWAL[:1], _K.RENEWAL),
    _T.RENEWAL_AFTER_EXPIRY: Timeline(3, (*_RENEWAL, _TAKE), _K.RENEWAL),
    _T.RENEWAL_OPEN: Timeline(1, _RENEWAL, _K.RENEWAL),
    _T.RENEWAL_LATE: Timeline(12, (*_RENEWAL, _PASS), _K.RENEWAL),
    _T.RENEWED: Timeline(14, (*_RENEWAL, _PASS, _PROPOSE, _DECIDE), _K.RENEWAL),
    _T.PAUSED: Timeline(6, (Step(0, 9, _A, turns.pause),)),
    _T.PAUSED_AND_BACK: Timeline(30, (Step(0, 9, _A, turns.pause), Step(18, 9, _A, turns.resume))),
    _T.MEASURE: Timeline(5, (Step(0, 15, Who.SUPERVISOR, turns.measure),)),
    _T.CHANGE_OPEN: Timeline(2, (*_CHANGE, _TAKE), _K.CHANGE),
    _T.CHANGE_PROPOSED: Timeline(5, (*_CHANGE, _PASS, _PROPOSE), _K.CHANGE),
    _T.CHANGED: Timeline(20, (*_CHANGE, _PASS, _PROPOSE, _DECIDE), _K.CHANGE),
    _T.CHANGE_REFUSED: Timeline(18, (*_CHANGE, _PASS, *_REFUSE), _K.CHANGE),
    _T.CHANGE_RETURNED: Timeline(7, (*_CHANGE, Step(1, 11, _E, casework.give_back)), _K.CHANGE),
}
