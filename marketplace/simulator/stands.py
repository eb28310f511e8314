"""When clocks of the invented projects stood: 1+X cases with their minutes, and supplements.

A 1+X case is led by the department that leads the stage; it stops the clocks that it names, until a
meeting has found how to go on (part 二(三)3 of the plan).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from marketplace.kernel.workdays import Calendar

if TYPE_CHECKING:
    from marketplace.simulator.world import Matter

COORDINATION, SUPPLEMENT = "coordination", "supplement"

# Who leads the stages, by the plan.
LEADS = {
    "S1": "发展改革部门",
    "S2": "国土资源部门",
    "S3": "住房城乡建设部门",
    "S4": "住房城乡建设部门",
    "S5": "住房城乡建设部门",
}
_MINUTES = (
    "专题会议议定：由牵头部门统一出具协调意见，各审批部门据此继续办理。",
    "专题会议议定：项目红线与管线避让方案已经明确，有关事项恢复办理。",
    "专题会议议定：有关情况已上报请示并获答复，按答复意见继续办理。",
)
_WEEKDAYS = Calendar({}, {})
# Of four projects one has had a stop that is over.
_EVERY = 4


@dataclass(frozen=True)
class Stand:
    """Clocks stood from a day to a day, or still stand; a case has a number and who leads it."""

    kind: str
    matters: tuple[str, ...]
    began_on: date
    ended_on: date | None = None
    number: str = ""
    lead: str = ""
    minutes: str = ""


def case_of(
    stage: str, number: int, matters: tuple[str, ...], began: date, ended: date | None = None
) -> Stand:
    """A 1+X case of a stage; one that has ended has its minutes."""
    minutes = _MINUTES[number % len(_MINUTES)] if ended else ""
    name = f"1X-{began.year}-{1000 + number}"
    return Stand(COORDINATION, matters, began, ended, name, LEADS[stage], minutes)


def with_stands(
    number: int, matters: Sequence["Matter"], today: date
) -> tuple[tuple["Matter", ...], tuple[Stand, ...]]:
    """The matters, and why their clocks stood; a due day moves by a stop that is over."""
    stands = _stands(number, matters, today)
    return tuple(_moved(one, stands) for one in matters), stands


def _moved(matter: "Matter", stands: Sequence[Stand]) -> "Matter":
    for one in stands:
        if one.ended_on and matter.due_on and matter.code in one.matters:
            stood = _WEEKDAYS.workdays_between(one.began_on, one.ended_on)
            return replace(matter, due_on=_WEEKDAYS.add_workdays(matter.due_on, stood))
    return matter


def _stands(number: int, matters: Sequence["Matter"], today: date) -> tuple[Stand, ...]:
    """Why the clocks stand that stand; every fourth project has one more stop behind it."""
    found = list(_open_ones(number, [one for one in matters if one.status == "paused"], today))
    runs = [one for one in matters if one.status == "accepted" and _age(one, today) > 6]
    if runs and number % _EVERY == 1:
        began, ended = _WEEKDAYS.add_workdays(today, -5), _WEEKDAYS.add_workdays(today, -3)
        one = runs[0]
        case = case_of(one.stage, number, (one.code,), began, ended)
        found.append(case if number % 8 == 1 else Stand(SUPPLEMENT, (one.code,), began, ended))
    return tuple(found)


def _open_ones(number: int, paused: Sequence["Matter"], today: date) -> list[Stand]:
    """Every third project's clocks stand for one 1+X case, those of others for papers."""
    if not paused:
        return []
    began = {one.code: _since(one, today) for one in paused}
    if number % 3 == 0:
        codes = tuple(began)
        return [case_of(paused[0].stage, number, codes, max(began.values()))]
    return [Stand(SUPPLEMENT, (code,), day) for code, day in began.items()]


def _age(matter: "Matter", today: date) -> int:
    return _WEEKDAYS.workdays_between(matter.accepted_on or today, today)


def _since(matter: "Matter", today: date) -> date:
    """It stands for the later half of the time since its acceptance."""
    return _WEEKDAYS.add_workdays(today, -(_age(matter, today) // 2))


def stood(stands: Sequence[Stand], day: date) -> tuple[Stand, ...]:
    """The stops as they stood on a day: what began later had not, what ended later was open."""
    return tuple(
        replace(one, ended_on=None, minutes="") if one.ended_on and one.ended_on > day else one
        for one in stands
        if one.began_on <= day
    )


def closed(stands: Sequence[Stand], code: str, day: date) -> tuple[Stand, ...]:
    """The same with the open stop of a matter ended on a day, a case with its minutes."""
    return tuple(
        replace(
            one,
            ended_on=day,
            minutes=_MINUTES[0] if one.kind == COORDINATION else "",
        )
        if code in one.matters and one.ended_on is None
        else one
        for one in stands
    )


def standing_now(stands: Sequence[Stand]) -> frozenset[str]:
    """The matters whose clock stands."""
    return frozenset(code for one in stands if one.ended_on is None for code in one.matters)
