"""What clients and institutions do with an engagement of the demo world."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from marketplace.budgets import queries as budgets
from marketplace.budgets.services import paying
from marketplace.catalogue import queries as catalogue
from marketplace.contracts import services as contracts
from marketplace.contracts.queries.drawing import bounds_of
from marketplace.contracts.queries.reading import checks_of, papers_owed_of, versions_of
from marketplace.contracts.rules import Bounds, Terms, parts_of
from marketplace.demo.cast import Organisation
from marketplace.demo.market import Market, Spot
from marketplace.demo.papers import paper
from marketplace.demo.plan import Plan
from marketplace.demo.stage import Stage
from marketplace.engagements import queries
from marketplace.engagements.services import Paper, beginning, doing, ending, moving
from marketplace.incidents import services as incidents
from marketplace.incidents.queries import of_engagement
from marketplace.incidents.rules import Kind
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA

_WORDS = "请按承诺时限出具成果，项目资料已齐备，需要补充的请一次性告知。"
_DECLINED = "近期承接的评审项目已满，无法保证时限，建议另行选择。"
_CANCELLED = "项目方案调整，暂不需要该项服务。"
_SCOPE = "按现行规范和本项目审批要求完成该事项，出具成果文件并配合审批部门审查。"
_MORE_PAPERS = "项目用地红线图"
_MORE_CHECKS = "图件比例尺符合规范"
_TERMS_NOTE = "价格按本项目工作量商定。"
_OTHER_TERMS = "请将首付款比例提高至三成，并把既有勘察资料列入委托方应提供的资料。"
_AMENDMENT_NOTE = "项目用地调整，增加一处补充勘察点，费用相应增加一万元。"
_LATE = "合同约定由委托方提供的地形图至今未收到，已两次书面催办，成果进度因此受影响。"
_WILL_COME = "测绘单位改期，地形图三日内提供，由此影响的时间由双方另行确认。"
_STAFF = "项目负责人已更换，未事先告知，请说明接替人员及其资格。"
_PAUSED = "等待设计单位补充勘察资料，补齐后继续。"
_RESUMED = "补充资料已收到，继续办理。"
_RETURNED = "第三章数据与附表不一致，图件比例尺有误，请修改后重新提交。"
_ACCEPTED = "成果符合合同约定，同意验收。"
_TERMINATED = "项目停止建设，经双方协商终止委托，已完成部分据实结算。"
_MOVED = "多次催办仍未提交成果，改由其他机构承接。"
_REPLY = "感谢评价，所提意见已在内部流程中改进。"
_COMMENTS = (
    "成果质量一般，沟通较慢，收费说明不够清楚。",
    "基本按时完成，报告修改过一次。",
    "专业认真，按时提交，一次通过审批。",
)


@dataclass(frozen=True)
class Errand:
    """An engagement as it is planned: what for, by whom; `client` is who pays."""

    spot: Spot
    plan: Plan
    client: Organisation
    limit_days: int | None = None
    scores: tuple[int, int, int, int, int] = (5, 5, 5, 4, 5)

    @property
    def amount_fen(self) -> int:
        """What the contract says."""
        return (12 + (self.spot.number * 7 + self.plan.number * 3) % 60) * 1_000_00

    @property
    def client_email(self) -> str:
        """Who acts for the client."""
        return self.client.people[0].email


Does = Callable[[Errand, Stage, UnitOfWork], None]


def errand(
    market: Market,
    spot: Spot,
    plan: Plan,
    limit_days: int | None = None,
    scores: tuple[int, int, int, int, int] = (5, 5, 5, 4, 5),
) -> Errand:
    """An engagement of the project's own enterprise, within the limit of the item."""
    most = market.items[spot.item].limit.value
    agreed = None if limit_days is None else min(limit_days, most)
    return Errand(spot, plan, spot.owner, agreed, scores)


def engagement(about: Errand, stage: Stage, uow: UnitOfWork) -> int:
    """The key of the engagement: the latest of that institution for the item of the project."""

    def find() -> int:
        listing = stage.listing(uow.session, about.plan, about.spot.item)
        project = stage.project(uow.session, about.spot.code)
        provider = stage.organisation(uow.session, about.plan.credit_code)
        rows = queries.of_project(uow.session, project, provider, local_date(uow.now))
        return next(row.id for row in rows if row.listing_id == listing)

    return stage.recall(("engagement", about), find)


def _papers(about: Errand, name: str, title: str, uow: UnitOfWork) -> list[Paper]:
    lines = [
        f"委托方：{about.client.name}",
        f"服务机构：{about.plan.name}",
        f"项目：{about.spot.project_name}",
    ]
    made = paper(name, title, lines, [about.spot.code, str(local_date(uow.now))])
    return [Paper(made.name, made.data)]


# ------------------------------------------------------------------ before the work


def request(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The enterprise picks."""
    variants = catalogue.item(uow.session, about.spot.item).variants
    ref = beginning.request_engagement(
        uow,
        project_id=stage.project(uow.session, about.spot.code),
        item_code=about.spot.item,
        listing_id=stage.listing(uow.session, about.plan, about.spot.item),
        variant=variants[0].key if variants else "",
        limit_days=about.limit_days,
        words=_WORDS,
    )
    stage.remember(("engagement", about), ref.id)


def take_on(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution takes the request on."""
    beginning.take_on_engagement(uow, engagement=engagement(about, stage, uow))


def decline(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution declines."""
    beginning.decline_engagement(uow, engagement=engagement(about, stage, uow), reason=_DECLINED)


def cancel(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client takes the request back."""
    beginning.cancel_engagement(uow, engagement=engagement(about, stage, uow), reason=_CANCELLED)


def put_contract_forward(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client puts the terms of the contract forward."""
    key = engagement(about, stage, uow)
    row = queries.engagement(uow.session, key)
    contracts.put_forward(
        uow,
        engagement=key,
        terms=_terms(about, row, bounds_of(uow.session, row, local_date(uow.now))),
        papers=_papers(about, "技术服务合同.pdf", "技术服务合同", uow),
    )


def _terms(about: Errand, row: queries.EngagementRow, bounds: Bounds) -> Terms:
    """Those of the award, as published; else a fifth of the errand's amount at once.

    Both sides' own lines stand below those of the item.
    """
    awarded = row.award_fen is not None
    amount = row.award_fen or about.amount_fen
    return Terms(
        amount_fen=amount,
        limit_days=row.promise or row.limit_value if awarded else row.limit_value,
        parts=parts_of(amount, None if awarded else amount // 5),
        pay_days=10,
        scope=bounds.scope or _SCOPE,
        papers_owed="\n".join(dict.fromkeys((*bounds.papers_owed, _MORE_PAPERS))),
        checks="\n".join(dict.fromkeys((*bounds.checks, _MORE_CHECKS))),
        note="" if awarded else _TERMS_NOTE,
    )


def ask_for_other_terms(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution says what should be different."""
    contracts.ask_for_change(uow, engagement=engagement(about, stage, uow), reason=_OTHER_TERMS)


def put_amendment_forward(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client asks for a little more work for a little more money."""
    key = engagement(about, stage, uow)
    row = queries.engagement(uow.session, key)
    amount = (row.amount_fen or 0) + 1_000_000
    terms = _terms(about, row, bounds_of(uow.session, row, local_date(uow.now)))
    more = replace(terms, amount_fen=amount, parts=parts_of(amount), note=_AMENDMENT_NOTE)
    contracts.put_forward(uow, engagement=key, terms=more)


def confirm_contract(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution confirms what was put forward."""
    key = engagement(about, stage, uow)
    shown = versions_of(uow.session, key)[0]
    contracts.confirm(uow, engagement=key, content_hash=shown.content_hash)


def start(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client confirms that the materials are complete."""
    key = engagement(about, stage, uow)
    doing.start_work(uow, engagement=key, handed_over=papers_owed_of(uow.session, key))


# ------------------------------------------------------------------ the work


def pause(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution stops the clock, with evidence."""
    doing.pause_work(
        uow,
        engagement=engagement(about, stage, uow),
        reason=_PAUSED,
        papers=_papers(about, "补充资料通知.pdf", "补充资料通知书", uow),
    )


def resume(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution goes on."""
    doing.resume_work(uow, engagement=engagement(about, stage, uow), words=_RESUMED)


def note_late_documents(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution notes that documents are late."""
    _note(about, stage, uow, Kind.LATE_DOCUMENTS, _LATE)


def note_changed_staff(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client notes that the institution's staff changed."""
    _note(about, stage, uow, Kind.STAFF_CHANGED, _STAFF)


def _note(about: Errand, stage: Stage, uow: UnitOfWork, kind: Kind, words: str) -> None:
    incidents.note_incident(
        uow,
        engagement=engagement(about, stage, uow),
        kind=kind,
        since_on=local_date(uow.now),
        words=words,
        papers=_papers(about, "情况说明.pdf", "履约情况说明", uow),
    )


def answer_incident(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The other side answers what was noted last."""
    found = of_engagement(uow.session, engagement(about, stage, uow))[-1]
    incidents.answer_incident(uow, incident=found.id, words=_WILL_COME)


def deliver(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution hands the next version in."""
    doing.deliver_version(
        uow,
        engagement=engagement(about, stage, uow),
        words="成果文件及专家意见附后。",
        papers=_papers(about, "服务成果.pdf", "服务成果报告", uow),
    )


def give_back(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client returns the version."""
    key = engagement(about, stage, uow)
    points = checks_of(uow.session, key)[:2]
    doing.return_delivery(uow, engagement=key, reason=_RETURNED, points=points)


def accept(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client accepts the version."""
    doing.accept_delivery(uow, engagement=engagement(about, stage, uow), words=_ACCEPTED)


def rate(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client rates, by the worst of its marks in other words."""
    ratings.rate_engagement(
        uow,
        engagement=engagement(about, stage, uow),
        scores=dict(zip(CRITERIA, about.scores, strict=True)),
        comment=_COMMENTS[min(2, max(0, min(about.scores) - 2))],
    )


def reply(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The institution replies to the rating."""
    ratings.answer_rating(uow, engagement=engagement(about, stage, uow), words=_REPLY)


def terminate(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client ends it before the work is done."""
    ending.terminate_engagement(uow, engagement=engagement(about, stage, uow), reason=_TERMINATED)


def move_to(successor: Plan, about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The client ends it and goes on with another institution."""
    moving.move_engagement(
        uow,
        engagement=engagement(about, stage, uow),
        listing_id=stage.listing(uow.session, successor, about.spot.item),
        reason=_MOVED,
    )


# ------------------------------------------------------------------ the money of departments


def ask_payment(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The department's officer proposes to pay the whole contract."""
    key = engagement(about, stage, uow)
    amount = queries.engagement(uow.session, key).amount_fen or 0
    _propose(uow, key, amount, "验收合格，按合同支付。")


def ask_part_payment(about: Errand, stage: Stage, uow: UnitOfWork) -> None:
    """The department's officer proposes to pay half."""
    key = engagement(about, stage, uow)
    amount = queries.engagement(uow.session, key).amount_fen or 0
    _propose(uow, key, amount // 2, "首期款。")


def _propose(uow: UnitOfWork, engagement_id: int, amount_fen: int, note: str) -> None:
    held = budgets.hold_of(uow.session, "engagement", engagement_id)
    if held is not None:
        paying.propose_payment(uow, hold=held.id, amount_fen=amount_fen, note=note)
