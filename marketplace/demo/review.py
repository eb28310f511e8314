"""What associations and institutions do about grades, removals and the way back."""

from dataclasses import dataclass
from decimal import Decimal

from marketplace.assessments.queries import cycles, removals, sheets
from marketplace.assessments.rules import ObjectionOutcome, RemovalOutcome, Step
from marketplace.assessments.services import (
    assessing,
    enrolling,
    finishing,
    freezing,
    objecting,
    rectifying,
    removing,
    scoring,
)
from marketplace.assessments.services.assessing import Inspection
from marketplace.demo import work
from marketplace.demo.opening import code_of
from marketplace.demo.papers import Paper, paper
from marketplace.demo.plan import Plan
from marketplace.demo.stage import Stage
from marketplace.demo.work import Errand
from marketplace.engagements.services import moving
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.times import local_date

POINTS = (Step.CAUSE, Step.HARM, Step.PREVENTION)
_SEEN = "现场检查档案、人员社保和成果复核记录，按检查表评分。"
_OBJECTION = "两次退回系委托方变更设计所致，不应计入一次通过率，请予复核。"
_OBJECTION_FALLS = "退回意见书载明系成果数据错误，与设计变更无关，异议不成立。"
_FACTS = "日常检查发现，近期三份成果报告的现场查验记录缺失，专家签字与签到不符。"
_REPLY = "查验记录因人员离职归档不全，已补充部分资料，请从轻处理。"
_PROPOSED = "事实清楚，机构陈述不能说明记录缺失的原因，符合清退情形。"
_DECIDED = "同意清退，公示处理结果；整改合格后可以申请再入驻。"
_DISMISS = "机构补充了完整记录，原认定事实不成立，建议终止案件。"
_DISMISSED = "同意终止案件，不作处理。"
_INTERIM = "成果真实性存疑，案件办理期间暂停承接新委托。"
_KEEP = "成果已基本完成，由原机构继续办完。"
_DONE = {
    Step.CAUSE: "已查明问题原因，对相关责任人作出处理。",
    Step.HARM: "已向受影响的委托方说明情况，重新出具了有关报告。",
    Step.PREVENTION: "建立成果三级复核和查验影像留存制度，全员完成培训。",
}


@dataclass(frozen=True)
class Cycle:
    """An association's assessment of a year."""

    association: str
    year: int


@dataclass(frozen=True)
class Case:
    """A removal case as it is planned."""

    plan: Plan
    item: str
    handler: str
    cause: RemovalCause


def _cycle(about: Cycle, stage: Stage, uow: UnitOfWork) -> int:
    def find() -> int:
        association = stage.organisation(uow.session, code_of(about.association))
        return cycles.of_year(uow.session, association, about.year) or 0

    return stage.recall(("cycle", about), find)


def _sheet(about: Cycle, plan: Plan, item: str, stage: Stage, uow: UnitOfWork) -> int:
    listing = stage.listing(uow.session, plan, item)
    return sheets.of_listing(uow.session, _cycle(about, stage, uow), listing)


# ------------------------------------------------------------------ the year


def open_cycle(about: Cycle, stage: Stage, uow: UnitOfWork) -> None:
    """An examiner opens the year."""
    association = stage.organisation(uow.session, code_of(about.association))
    ref = enrolling.open_cycle(uow, association_id=association, year=about.year)
    stage.remember(("cycle", about), ref.id)


def inspect(
    about: Cycle, plan: Plan, item: str, points: str, stage: Stage, uow: UnitOfWork
) -> None:
    """An examiner writes down an inspection."""
    seen = Inspection(Decimal(points), _SEEN)
    assessing.record_inspection(uow, assessment=_sheet(about, plan, item, stage, uow), seen=seen)


def cut_off(about: Cycle, stage: Stage, uow: UnitOfWork) -> None:
    """The facts are frozen, by the worker."""
    freezing.cut_off(uow, cycle=_cycle(about, stage, uow))


def score(about: Cycle, stage: Stage, uow: UnitOfWork) -> None:
    """The scores are reckoned."""
    scoring.score_cycle(uow, cycle=_cycle(about, stage, uow))


def publish(about: Cycle, stage: Stage, uow: UnitOfWork) -> None:
    """The grades are published as preliminary."""
    assessing.publish_preliminary(uow, cycle=_cycle(about, stage, uow))


def object_to(about: Cycle, plan: Plan, item: str, stage: Stage, uow: UnitOfWork) -> None:
    """An institution objects to its grade."""
    sheet = _sheet(about, plan, item, stage, uow)
    objecting.file_objection(uow, assessment=sheet, body=_OBJECTION)


def answer_objection(about: Cycle, plan: Plan, item: str, stage: Stage, uow: UnitOfWork) -> None:
    """Another person than the publisher dismisses the objection."""
    objecting.decide_objection(
        uow,
        assessment=_sheet(about, plan, item, stage, uow),
        outcome=ObjectionOutcome.DISMISSED,
        reason=_OBJECTION_FALLS,
    )


def make_final(about: Cycle, stage: Stage, uow: UnitOfWork) -> None:
    """The approver makes the grades final."""
    finishing.make_final(uow, cycle=_cycle(about, stage, uow))


# ------------------------------------------------------------------ removal


def _removal(about: Case, stage: Stage, uow: UnitOfWork) -> int:
    """The latest case about the listing."""

    def find() -> int:
        return removals.latest_case(uow.session, stage.listing(uow.session, about.plan, about.item))

    return stage.recall(("removal", about), find)


def open_case(about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """An examiner opens a case, with evidence."""
    listing = stage.listing(uow.session, about.plan, about.item)
    evidence = _evidence(about, "检查记录", uow)
    ref = removing.open_removal_case(
        uow, listing=listing, cause=about.cause, facts=_FACTS, evidence=evidence
    )
    stage.remember(("removal", about), ref.id)


def _evidence(about: Case, title: str, uow: UnitOfWork) -> Paper:
    lines = [f"机构：{about.plan.name}", f"事项：{about.item}"]
    return paper(f"{title}.pdf", title, lines, [str(local_date(uow.now))])


def notify(about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """The institution is told."""
    removing.notify_removal(uow, case=_removal(about, stage, uow))


def reply(about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """The institution is heard."""
    removing.reply_removal(uow, case=_removal(about, stage, uow), body=_REPLY)


def propose(removes: bool, about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """The examiner proposes what to decide."""
    removing.propose_removal(
        uow,
        case=_removal(about, stage, uow),
        outcome=RemovalOutcome.REMOVE if removes else RemovalOutcome.DISMISS,
        reason=_PROPOSED if removes else _DISMISS,
    )


def decide(removes: bool, about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """The approver decides."""
    removing.decide_removal(
        uow,
        case=_removal(about, stage, uow),
        outcome=RemovalOutcome.REMOVE if removes else RemovalOutcome.DISMISS,
        reason=_DECIDED if removes else _DISMISSED,
    )


def take_interim(about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """The approver suspends the listing until the decision."""
    removing.take_interim(uow, case=_removal(about, stage, uow), reason=_INTERIM)


def keep(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """A client lets the removed institution finish."""
    moving.keep_institution(uow, engagement=work.engagement(about, stage, uow), reason=_KEEP)


# ------------------------------------------------------------------ the way back


def begin_plan(about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """The institution begins to put things right."""
    rectifying.begin_plan(uow, listing=stage.listing(uow.session, about.plan, about.item))


def do_step(point: Step, about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """A point of the checklist is done and shown."""
    rectifying.do_step(
        uow,
        listing=stage.listing(uow.session, about.plan, about.item),
        code=point,
        words=_DONE[point],
        evidence=_evidence(about, "整改报告", uow),
    )


def apply(about: Case, stage: Stage, uow: UnitOfWork) -> None:
    """The institution applies for re-admission."""
    listing = stage.listing(uow.session, about.plan, about.item)
    rectifying.apply_for_readmission(uow, listing=listing)
