"""Complaints: filed, refused, heard, decided by two people, reviewed; from clients and others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from marketplace.clocks.queries import light_days
from marketplace.complaints import services
from marketplace.complaints.queries.complaints import EVERY
from marketplace.complaints.rules import About
from marketplace.complaints.services import Contact
from marketplace.demo import work
from marketplace.demo.cast import ENTERPRISES, SUPERVISION
from marketplace.demo.commissions import BEGUN, Beat, rated, told
from marketplace.demo.market import Market, judge, staff
from marketplace.demo.plan import Plan
from marketplace.demo.stage import PUBLIC, Act, Stage
from marketplace.demo.work import Errand, errand
from marketplace.infra.lists import Asked
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date

FILER, EXAMINER, APPROVER, OTHER, SUPERVISOR = range(5)
LATE = "超过约定时限仍未提交成果"
FEES = "另行收取合同以外的费用"
_BODY = "已多次电话和书面催办，未得到答复，影响项目报批进度，请予核查处理。"
_ANSWER = "情况基本属实，系项目负责人调整所致，已安排专人办理并向委托方说明。"
_REFUSED = "所述事项已在合同履行中协商解决，并已撤回书面主张，不再受理。"
_REASONS = {
    "upheld": "经核查合同、成果提交记录和双方陈述，投诉事实成立。",
    "partly_upheld": "经核查，逾期事实成立，收费争议缺乏依据，投诉部分成立。",
    "dismissed": "经核查，时限因委托方补充资料暂停，机构未超期，投诉不成立。",
}
_REVIEWED = "复核认为原处理事实清楚、程序合规，维持原结论。"


@dataclass(frozen=True)
class Grievance:
    """A complaint as it is planned; about an engagement, or about a listing in general."""

    plan: Plan
    item: str
    filer: str
    headline: str
    handler: str
    about: Errand | None = None


Does = Callable[[Grievance, Stage, UnitOfWork], None]
Step = tuple[int, int, int, Does]


def file(case: Grievance, stage: Stage, uow: UnitOfWork) -> None:
    """Somebody complains; without an account with a name and a way to answer."""
    contact = None if uow.actor.signed_in else Contact("赵砚汐", "citizen@demo.example")
    about, record = About.LISTING, stage.listing(uow.session, case.plan, case.item)
    if case.about is not None:
        about, record = About.ENGAGEMENT, work.engagement(case.about, stage, uow)
    ref = services.file_complaint(
        uow, about=about, record=record, headline=case.headline, body=_BODY, contact=contact
    )
    stage.remember(("complaint", case), ref.id)


def _key(case: Grievance, stage: Stage, uow: UnitOfWork) -> int:
    """Found again by what it says about whom."""

    def find() -> int:
        concerned = stage.organisation(uow.session, case.plan.credit_code)
        days = light_days(uow.session, local_date(uow.now))
        return next(
            row.id
            for row in EVERY.stream(uow.session, Asked(), days)
            if row.about_organisation_id == concerned and row.headline == case.headline
        )

    return stage.recall(("complaint", case), find)


def accept(case: Grievance, stage: Stage, uow: UnitOfWork) -> None:
    """The handler takes it up."""
    services.accept_complaint(uow, complaint=_key(case, stage, uow))


def refuse(case: Grievance, stage: Stage, uow: UnitOfWork) -> None:
    """The handler does not take it up."""
    services.refuse_complaint(uow, complaint=_key(case, stage, uow), reason=_REFUSED)


def answer(case: Grievance, stage: Stage, uow: UnitOfWork) -> None:
    """The institution is heard."""
    services.answer_complaint(uow, complaint=_key(case, stage, uow), body=_ANSWER)


def propose(outcome: str, case: Grievance, stage: Stage, uow: UnitOfWork) -> None:
    """The examiner proposes what to decide."""
    services.propose_decision(
        uow, complaint=_key(case, stage, uow), outcome=outcome, reason=_REASONS[outcome]
    )


def decide(outcome: str, case: Grievance, stage: Stage, uow: UnitOfWork) -> None:
    """The approver decides."""
    services.decide_complaint(
        uow, complaint=_key(case, stage, uow), outcome=outcome, reason=_REASONS[outcome]
    )


def review(outcome: str, case: Grievance, stage: Stage, uow: UnitOfWork) -> None:
    """The supervisor looks at it once more."""
    services.review_complaint(
        uow, complaint=_key(case, stage, uow), outcome=outcome, reason=_REVIEWED
    )


_FILED: tuple[Step, ...] = ((0, 10, FILER, file),)
_TAKEN: tuple[Step, ...] = (*_FILED, (1, 9, EXAMINER, accept))
_HEARD: tuple[Step, ...] = (*_TAKEN, (3, 15, OTHER, answer))


def _proposed(outcome: str) -> tuple[Step, ...]:
    return (*_HEARD, (6, 10, EXAMINER, partial(propose, outcome)))


def decided(outcome: str) -> tuple[Step, ...]:
    """From the filing to the decision, which comes on the eighth day."""
    return (*_proposed(outcome), (8, 15, APPROVER, partial(decide, outcome)))


# How many working days ago, item, who files (an enterprise's number, 0 for the public), steps.
_TALES: tuple[tuple[int, str, int, str, tuple[Step, ...]], ...] = (
    (0, "JL-Z02", 5, FEES, _FILED),
    (4, "JL-Z03", 0, LATE, _FILED),
    (2, "JL-Z13", 7, FEES, _TAKEN),
    (9, "JL-Z13", 8, LATE, _TAKEN),
    (12, "JL-Z10", 9, LATE, _HEARD),
    (10, "JL-Z01", 0, FEES, _proposed("partly_upheld")),
    (34, "JL-Z11", 11, LATE, (*_HEARD,)),
    (18, "JL-Z10", 12, LATE, decided("upheld")),
    (22, "JL-Z13", 13, FEES, decided("partly_upheld")),
    (25, "JL-Z02", 14, LATE, decided("dismissed")),
    (15, "JL-Z08", 0, FEES, (*_FILED, (2, 9, EXAMINER, refuse))),
    (70, "JL-Z05", 16, LATE, decided("upheld")),
    (
        55, "JL-Z02", 17, FEES,
        (*decided("dismissed"), (20, 10, SUPERVISOR, partial(review, "dismissed"))),
    ),
)  # fmt: skip
_WATER = 1


def grievance_acts(market: Market) -> Iterator[Act]:
    """Complaints at every stage."""
    for place, (ago, item, number, headline, steps) in enumerate(_TALES):
        plan = market.providers(item, ago, 1)[0]
        filer = ENTERPRISES[number - 1].people[0].email if number else PUBLIC
        case = Grievance(plan, item, filer, headline, judge(item, plan.region_code, market.regions))
        yield from complained(market, case, ago, steps, place)
    yield from _about_work(market, 6, BEGUN, 26, 2, _TAKEN)
    yield from _about_work(market, 4, rated(14), 40, 18, decided("upheld"))


def _about_work(
    market: Market,
    owner: int,
    beats: tuple[Beat, ...],
    began: int,
    ago: int,
    steps: tuple[Step, ...],
) -> Iterator[Act]:
    """A client complains about work of the first institution that took too long."""
    item, plan = market.item_of(_WATER, ("JL-Z05", "JL-Z06"), owner, began)
    about = errand(market, market.spot(item, began, owner=owner), plan, 10, (3, 2, 3, 3, 3))
    yield from told(market, about, began, beats)
    yield from complained(market, concerning(market, about, LATE), ago, steps, owner)


def concerning(market: Market, about: Errand, headline: str) -> Grievance:
    """A complaint of the client of an engagement."""
    item, region = about.spot.item, about.plan.region_code
    handler = judge(item, region, market.regions)
    return Grievance(about.plan, item, about.client_email, headline, handler, about)


def complained(
    market: Market, case: Grievance, ago: int, steps: tuple[Step, ...], place: int
) -> Iterator[Act]:
    """The steps of a complaint as acts."""
    who = (
        case.filer,
        staff("examiner1", case.handler),
        staff("approver", case.handler),
        case.plan.email,
        SUPERVISION.people[0].email,
    )
    for after, hour, by, does in steps:
        yield market.act(ago - after, hour, who[by], partial(does, case), place * 3 % 50)
