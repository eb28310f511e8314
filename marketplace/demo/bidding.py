"""What departments, bidders and supervisors do with a competition of the demo world."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from marketplace.accounts.queries.offices import supervisor_for
from marketplace.budgets import queries as budgets
from marketplace.budgets.queries.spending import PAYMENTS, PROPOSED, from_hold
from marketplace.budgets.services import paying
from marketplace.clocks.queries import light_days
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.rules import Method, Weight
from marketplace.competitions.services import awarding, bidding, evaluating, notices
from marketplace.competitions.services.bidding import Offer
from marketplace.competitions.services.notices import NoticeFacts
from marketplace.complaints import services as complaint_services
from marketplace.complaints.queries.objections import HANDLED
from marketplace.demo import work
from marketplace.demo.cast import Organisation
from marketplace.demo.market import Spot
from marketplace.demo.opening import code_of
from marketplace.demo.papers import paper
from marketplace.demo.plan import Plan
from marketplace.demo.stage import Stage
from marketplace.demo.work import Errand
from marketplace.engagements.services import beginning
from marketplace.infra.lists import Asked
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.rulings import services as rulings
from marketplace.rulings.queries import open_of
from marketplace.rulings.rules import Outcome

_SCOPE = "按国家和省有关规定对报批文件进行技术评审，组织专家论证，出具评审意见，配合复核一次。"
_WEIGHTS = (Weight("报价", 40, True), Weight("技术方案", 40), Weight("同类业绩", 20))
_BEST, _GOOD = Decimal(91), Decimal("83.5")
_EVALUATED = "对有效报价逐一核对，按公告办法排序。"
_AWARDED = "同意排序结果，公示第一名为中选机构。"
_CANCELLED = "项目建设内容调整，评审事项不再需要，公告取消。"
_BACK = "服务范围写得过于笼统，请补充成果要求后再报。"
_FAILED = "有效报价均不能满足成果深度要求，按竞争失败处理。"
_OBJECTION = "第一名的承诺天数与其公示承诺不一致，请予核查。"
_OBJECTION_STANDS = "经核查，第一名的承诺天数与其公示承诺确不一致，异议成立。"
_OBJECTION_FALLS = "经核查，第一名的承诺天数在清单时限之内，与公示承诺一致，异议不成立。"
_STEPS_BACK = "中选后技术负责人离职，无法按承诺时限完成，放弃中选资格。"
_OUR_SIDE = "中选后已两次致函催办，合同文本至今未收到，愿按报价和承诺天数订立合同。"
_AT_FAULT = "部门收到催办后仍未提出合同文本，也未说明理由，认定部门有过错，给予新的期限。"
_QUESTION = "现场踏勘由采购单位组织还是由机构自行安排？"
_ANSWER = "由我单位统一组织，时间另行通知，费用不计入报价。"


@dataclass(frozen=True)
class Contest:
    """A competition as it is planned; `bidders` in the order of their prices, lowest first."""

    spot: Spot
    department: Organisation
    item_name: str
    bidders: tuple[Plan, ...]
    closes_at: datetime
    line: str
    line_year: int
    comprehensive: bool = False

    @property
    def ceiling_fen(self) -> int:
        """The estimated amount."""
        return (9 + self.spot.number % 13) * 10_000_00

    @property
    def award(self) -> Errand:
        """The engagement of the first award."""
        return self.award_to(self.bidders[0])

    def award_to(self, plan: Plan) -> Errand:
        """The engagement with one of the bidders."""
        return Errand(self.spot, plan, self.department)


Does = Callable[[Contest, Stage, UnitOfWork], None]


def competition(about: Contest, stage: Stage, uow: UnitOfWork) -> int:
    """The key of the latest competition for the item of the project."""

    def find() -> int:
        rows = reading.of_project(uow.session, stage.project(uow.session, about.spot.code))
        return max(row.id for row in rows if row.item_code == about.spot.item)

    return stage.recall(("competition", about), find)


# ------------------------------------------------------------------ the department


def _notice(
    about: Contest, stage: Stage, uow: UnitOfWork, year: int, closes_at: datetime
) -> NoticeFacts:
    department_id = stage.organisation(uow.session, code_of(about.department.key))
    lines = budgets.lines(uow.session, department_id, year)
    return NoticeFacts(
        project_id=stage.project(uow.session, about.spot.code),
        item_code=about.spot.item,
        title=f"{about.spot.project_name}{about.item_name}服务",
        scope=_SCOPE,
        method=Method.COMPREHENSIVE if about.comprehensive else Method.LOWEST_PRICE,
        ceiling_fen=about.ceiling_fen,
        budget_line_id=next(line.id for line in lines if line.name == about.line),
        closes_at=closes_at,
        weights=_WEIGHTS if about.comprehensive else (),
    )


def draft(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """An officer drafts the notice."""
    notice = _notice(about, stage, uow, about.line_year, about.closes_at)
    ref = notices.draft_competition(uow, notice=notice)
    stage.remember(("competition", about), ref.id)


def propose(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The officer hands it to the approver."""
    notices.propose_competition(uow, competition=competition(about, stage, uow))


def send_back(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The approver wants it changed."""
    notices.send_back_competition(uow, competition=competition(about, stage, uow), reason=_BACK)


def publish(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The approver publishes it: money is reserved, the item claimed."""
    notices.publish_competition(uow, competition=competition(about, stage, uow))


def cancel(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The approver calls it off."""
    notices.cancel_competition(uow, competition=competition(about, stage, uow), reason=_CANCELLED)


def answer_question(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """An officer answers what was asked."""
    key = competition(about, stage, uow)
    asked = reading.questions(uow.session, key)[-1]
    notices.answer_question(uow, competition=key, question=asked.public_id, answer=_ANSWER)


def request_opening(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """An officer asks for the opening."""
    bidding.request_opening(uow, competition=competition(about, stage, uow))


def confirm_opening(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """Another person confirms it: the seals are broken."""
    bidding.confirm_opening(uow, competition=competition(about, stage, uow))


def evaluate(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """An officer puts the bids in order."""
    key = competition(about, stage, uow)
    if about.comprehensive:
        bids = sealed.opened_bids(uow.session, key)
        marked = [one for one in reading.criteria(uow.session, key) if not one.is_price]
        best = about.bidders[0].name
        marks = {
            (bid.public_id, one.id): _BEST if bid.name == best else _GOOD
            for bid in bids
            for one in marked
        }
        evaluating.record_scores(uow, competition=key, marks=marks)
    evaluating.evaluate_bids(uow, competition=key, reason=_EVALUATED)


def publish_award(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The approver publishes the award."""
    awarding.publish_award(uow, competition=competition(about, stage, uow), reason=_AWARDED)


def fail(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The approver ends it without an award."""
    awarding.fail_competition(uow, competition=competition(about, stage, uow), reason=_FAILED)


def rerun(
    closes_at: datetime, line_year: int, about: Contest, stage: Stage, uow: UnitOfWork
) -> None:
    """The officer puts the same work out again, from the line of the year of publication."""
    ref = notices.rerun_competition(
        uow, competition=competition(about, stage, uow), closes_at=closes_at
    )
    notice = _notice(about, stage, uow, line_year, closes_at)
    notices.edit_competition(uow, competition=ref.id, notice=notice)
    stage.remember(("competition", about), ref.id)


def approve_payment(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The approver approves what was proposed."""
    key = work.engagement(about.award, stage, uow)
    hold = budgets.hold_of(uow.session, "engagement", key)
    within = from_hold(hold.id if hold else 0)
    values = light_days(uow.session, local_date(uow.now))
    (waits,) = PAYMENTS.first(uow.session, 1, within & PROPOSED, values)
    paying.approve_payment(uow, payment=waits.id)


# ------------------------------------------------------------------ bidders


def bid(place: int, about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The bidder at this place offers its price, put under seal."""
    plan = about.bidders[place]
    made = paper(
        "技术方案.pdf",
        "技术服务方案",
        [f"报价机构：{plan.name}", f"项目：{about.spot.project_name}"],
        [about.spot.code, str(local_date(uow.now))],
    )
    offer = Offer(
        price_fen=about.ceiling_fen * (81 + 6 * place) // 100,
        promised_days=8 + place % 2,
        statement="熟悉当地情况，组织高级工程师主审，承诺按时限提交。",
        proposal=made if about.comprehensive else None,
    )
    bidding.place_bid(uow, competition=competition(about, stage, uow), offer=offer)


def withdraw_bid(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """A bidder takes its bid back before the closing."""
    bidding.withdraw_bid(uow, competition=competition(about, stage, uow))


def ask(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """An institution asks about the notice."""
    notices.ask_question(uow, competition=competition(about, stage, uow), body=_QUESTION)


def step_back(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The winner declines; the next in order follows."""
    key = work.engagement(about.award, stage, uow)
    beginning.cancel_engagement(uow, engagement=key, reason=_STEPS_BACK)


# ------------------------------------------------------------------ overdue contracts


def _ruling(about: Contest, stage: Stage, uow: UnitOfWork) -> int:
    found = open_of(uow.session, work.engagement(about.award, stage, uow))
    if found is None:
        raise LookupError("nobody has asked for a ruling")
    return found


def state_side(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The winner says why no contract was made."""
    rulings.speak(uow, ruling=_ruling(about, stage, uow), words=_OUR_SIDE)


def find_fault(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """The supervisor finds the department at fault, which has a new term."""
    key, outcome = _ruling(about, stage, uow), Outcome.DEPARTMENT_AT_FAULT
    rulings.rule(uow, ruling=key, outcome=outcome, reason=_AT_FAULT)


# ------------------------------------------------------------------ objections


def complain(about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """An entrant objects to the award, which is held."""
    key = competition(about, stage, uow)
    ref = complaint_services.file_objection(uow, competition=key, body=_OBJECTION)
    stage.remember(("objection", about), ref.id)


def _objection(about: Contest, stage: Stage, uow: UnitOfWork) -> int:
    def find() -> int:
        key = competition(about, stage, uow)
        row = reading.competition(uow.session, key)
        handler = supervisor_for(uow.session, row.region_code)
        asked = light_days(uow.session, local_date(uow.now), own=handler)
        rows = HANDLED.stream(uow.session, Asked(), asked)
        return next(row.id for row in rows if row.competition_id == key)

    return stage.recall(("objection", about), find)


def propose_answer(upheld: bool, about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """A supervisor proposes what to answer."""
    complaint_services.propose_objection(
        uow,
        objection=_objection(about, stage, uow),
        outcome="upheld" if upheld else "dismissed",
        reason=_OBJECTION_STANDS if upheld else _OBJECTION_FALLS,
    )


def decide_answer(upheld: bool, about: Contest, stage: Stage, uow: UnitOfWork) -> None:
    """Another supervisor decides."""
    complaint_services.decide_objection(
        uow,
        objection=_objection(about, stage, uow),
        outcome="upheld" if upheld else "dismissed",
        reason=_OBJECTION_STANDS if upheld else _OBJECTION_FALLS,
    )
