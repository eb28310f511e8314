"""Annual assessments, removals, and the way back.

One association assesses a whole year: its facts are engagements, ratings and complaints of that
year, so all days are counted back from the last working day of the year. Other associations have
a year on the way. Removal cases stand at every point.
"""

from collections.abc import Iterator
from functools import partial

from marketplace.demo import casework, grievances, review
from marketplace.demo.casework import About
from marketplace.demo.commissions import BEGUN, Beat, Scores, accepted, mended, rated, told
from marketplace.demo.grievances import FEES, LATE
from marketplace.demo.market import Market, judge, staff
from marketplace.demo.review import Case, Cycle
from marketplace.demo.stage import Act
from marketplace.demo.work import Errand, errand
from marketplace.institutions.rules.market import RemovalCause
from marketplace.vetting.rules import CaseKind

_ITEM = "JL-Z05"
_ASSESSOR = "water"
_LIMIT = 10
_FINE: Scores = (5, 5, 5, 5, 5)
_GOOD: Scores = (5, 4, 5, 4, 5)
_FAIR: Scores = (4, 3, 4, 4, 4)
_SOUR: Scores = (3, 2, 3, 3, 3)
_BAD: Scores = (2, 1, 2, 1, 2)
# Work of the assessed year began so many working days before its end.
_BEGAN = (113, 90, 68, 45)
_LATE = rated(16)
_LATE_AND_MENDED = mended(12)
_WORK: dict[int, tuple[tuple[tuple[Beat, ...], Scores], ...]] = {
    1: ((rated(7), _FINE), (rated(8), _FINE), (rated(6), _FINE), (rated(9), _GOOD)),
    42: ((rated(8), _GOOD), (_LATE, _FAIR), (mended(5), _GOOD), (rated(7), _GOOD)),
    52: ((_LATE, _FAIR), (_LATE_AND_MENDED, _SOUR), (rated(8), _FAIR), (mended(4), _FAIR)),
    62: tuple((_LATE_AND_MENDED if place else _LATE, _BAD) for place in range(4)),
    72: ((rated(9), _GOOD),),
}
# What was complained about in that year: whose work, which of it, why, how it was decided.
_COMPLAINTS = ((42, 1, LATE, "partly_upheld"), (62, 1, LATE, "upheld"), (62, 2, FEES, "upheld"))
_INSPECTED = {1: "9.5", 42: "8", 52: "6", 62: "2.5"}
_REMOVED_IN_YEAR = 62


def review_acts(market: Market) -> Iterator[Act]:
    """Everything about grades and removals."""
    yield from _year_of_work(market)
    yield from _year_assessed(market)
    yield from _years_on_the_way(market)
    yield from _removals(market)


def _year_of_work(market: Market) -> Iterator[Act]:
    ended = market.almanac.year_end_ago
    for number, pieces in _WORK.items():
        plan = market.plan(number)
        made: list[Errand] = []
        for before, (beats, scores) in zip(_BEGAN, pieces, strict=False):
            about = errand(market, market.spot(_ITEM, ended + before), plan, _LIMIT, scores)
            made.append(about)
            yield from told(market, about, ended + before, beats)
        for whose, which, headline, outcome in _COMPLAINTS:
            if whose == number:
                case = grievances.concerning(market, made[which], headline)
                filed = ended + _BEGAN[which] - 25
                steps = grievances.decided(outcome)
                yield from grievances.complained(market, case, filed, steps, number)


def _year_assessed(market: Market) -> Iterator[Act]:
    """From opening to final grades; the worst institution is removed, and a client stays."""
    ended = market.almanac.year_end_ago
    cycle = Cycle(_ASSESSOR, market.almanac.assessed_year)
    examiner, approver = staff("examiner1", _ASSESSOR), staff("approver", _ASSESSOR)
    yield market.act(ended - 2, 9, examiner, partial(review.open_cycle, cycle))
    for place, (number, points) in enumerate(_INSPECTED.items()):
        seen = partial(review.inspect, cycle, market.plan(number), _ITEM, points)
        yield market.act(ended - 3, 9 + place, staff("examiner2", _ASSESSOR), seen)
    yield market.act(ended - 4, 9, examiner, partial(review.cut_off, cycle))
    yield market.act(ended - 5, 9, examiner, partial(review.score, cycle))
    yield market.act(ended - 6, 9, examiner, partial(review.publish, cycle))
    worst = market.plan(_REMOVED_IN_YEAR)
    yield market.act(ended - 8, 15, worst.email, partial(review.object_to, cycle, worst, _ITEM))
    answered = partial(review.answer_objection, cycle, worst, _ITEM)
    yield market.act(ended - 10, 10, approver, answered)
    yield market.act(ended - 13, 10, approver, partial(review.make_final, cycle))
    case = Case(worst, _ITEM, _ASSESSOR, RemovalCause.ASSESSMENT)
    yield from _process(market, case, ended - 14, removes=True, opens=False)
    about = errand(market, market.spot(_ITEM, ended - 3), worst, None, _FAIR)
    yield from told(market, about, ended - 3, (*BEGUN, *accepted(25)[len(BEGUN) :]))
    yield market.act(ended - 22, 10, about.client_email, partial(review.keep, about))


def _years_on_the_way(market: Market) -> Iterator[Act]:
    """Other associations: taking objections, frozen, scored, waiting for the final word."""
    year = market.almanac.assessed_year
    ways = (
        ("environment", 12, 3, 3),
        ("construction", 16, 3, 9),
        ("resources", 8, 1, None),
        ("safety", 9, 2, None),
    )
    for key, ago, steps, published in ways:
        cycle, examiner = Cycle(key, year), staff("examiner1", key)
        yield market.act(ago, 9, examiner, partial(review.open_cycle, cycle))
        for place, does in enumerate((review.cut_off, review.score)[:steps]):
            yield market.act(ago - 1 - place, 10, examiner, partial(does, cycle))
        if published is not None:
            yield market.act(published, 9, examiner, partial(review.publish, cycle))
    cycle, plan = Cycle("environment", year), market.plan(54)
    yield market.act(2, 15, plan.email, partial(review.object_to, cycle, plan, "JL-Z03"))
    opened = 4
    running = Cycle("consulting", market.almanac.ago(opened).year)
    examiner = staff("examiner1", "consulting")
    yield market.act(opened, 9, examiner, partial(review.open_cycle, running))


# ------------------------------------------------------------------ removal cases

# Institution, item, cause.
_BACK = (44, "JL-Z03")
_APPLIES = (48, "JL-Z11")
_MENDS = (59, "JL-Z13")
_CHOOSE = (57, "JL-Z10")
_DISMISSED = (56, "JL-Z08")
_BACK_AGO = 150


def _case(market: Market, number: int, item: str) -> Case:
    plan = market.plan(number)
    return Case(plan, item, judge(item, plan.region_code, market.regions), RemovalCause.OTHER)


def _process(
    market: Market, case: Case, ago: int, *, removes: bool, opens: bool = True, upto: int = 4
) -> Iterator[Act]:
    """A removal case step by step: opened, told, heard, proposed, decided."""
    examiner, approver = staff("examiner1", case.handler), staff("approver", case.handler)
    if opens:
        yield market.act(ago, 9, examiner, partial(review.open_case, case))
    steps = (
        (0, 11, examiner, partial(review.notify, case)),
        (1, 15, case.plan.email, partial(review.reply, case)),
        (3, 10, examiner, partial(review.propose, removes, case)),
        (5, 15, approver, partial(review.decide, removes, case)),
    )
    for after, hour, who, does in steps[:upto]:
        yield market.act(ago - after, hour, who, does)


def _removals(market: Market) -> Iterator[Act]:
    back, applies, mends = (_case(market, *each) for each in (_BACK, _APPLIES, _MENDS))
    yield from _process(market, back, _BACK_AGO, removes=True)
    yield from _returns(market, back, 125, 70)
    yield from _readmitted(market, back, 70)
    yield from _process(market, applies, 120, removes=True)
    yield from _returns(market, applies, 90, 3)
    yield from _process(market, mends, 100, removes=True)
    yield from _returns(market, mends, 20, None)
    choose = _case(market, *_CHOOSE)
    about = errand(market, market.spot(choose.item, 22), choose.plan, None, _FAIR)
    yield from told(market, about, 22, BEGUN)
    yield from _process(market, choose, 16, removes=True)
    yield from _process(market, _case(market, *_DISMISSED), 60, removes=False)
    yield from _process(market, _case(market, 41, "JL-Z01"), 8, removes=True, upto=3)
    yield from _process(market, _case(market, 75, "JL-Z07"), 8, removes=True, upto=1)
    yield from _process(market, _case(market, 55, "JL-Z07"), 1, removes=True, upto=0)
    told_now = _case(market, 65, "JL-Z07")
    yield from _process(market, told_now, 2, removes=True, upto=1)
    interim = partial(review.take_interim, told_now)
    yield market.act(1, 9, staff("approver", told_now.handler), interim)


def _returns(market: Market, case: Case, begins: int, applies: int | None) -> Iterator[Act]:
    """The plan to put things right, point by point, and the application."""
    yield market.act(begins, 9, case.plan.email, partial(review.begin_plan, case))
    points = review.POINTS if applies is not None else review.POINTS[:1]
    for place, point in enumerate(points):
        does = partial(review.do_step, point, case)
        yield market.act(begins - 4 - 3 * place, 10, case.plan.email, does)
    if applies is not None:
        yield market.act(applies, 9, case.plan.email, partial(review.apply, case))


def _readmitted(market: Market, case: Case, applied: int) -> Iterator[Act]:
    about = About(case.plan, case.item, CaseKind.READMISSION)
    examiner, approver = staff("examiner1", case.handler), staff("approver", case.handler)
    looked = partial(casework.take_and_pass, about)
    yield market.act(applied - 2, 10, examiner, looked)
    yield market.act(applied - 4, 14, examiner, partial(casework.propose_admission, about))
    yield market.act(applied - 5, 16, approver, partial(casework.admit, about))
