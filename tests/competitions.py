"""Competitions for tests, brought to a state through the real services."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from marketplace.budgets.services import ledger
from marketplace.clocks.queries import light_days
from marketplace.clocks.rules import Waiting
from marketplace.competitions.queries import owing, reading, rows, sealed
from marketplace.competitions.rules import CompetitionState, Method, Weight
from marketplace.competitions.services import awarding, bidding, evaluating, notices
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from marketplace.kernel.actors import SYSTEM, Actor, Capacity, Role
from marketplace.kernel.times import SHANGHAI
from tests.dossiers import act
from tests.factories import make_member, make_organisation
from tests.market import PLAIN_ITEM, Offer, offer
from tests.projects import make_project

_S = CompetitionState
_numbers = count(1)
CEILING = 10_000_000
# Three ordinary prices in fen: none is very low.
PRICES = (9_000_000, 8_000_000, 7_500_000)
WEIGHTS = (Weight("价格", 40, True), Weight("技术方案", 40), Weight("业绩", 20))
ORDER = (
    _S.DRAFT,
    _S.PROPOSED,
    _S.PUBLISHED,
    _S.CLOSED,
    _S.OPENING_REQUESTED,
    _S.OPENED,
    _S.EVALUATED,
    _S.AWARD_PUBLISHED,
    _S.AWARDED,
)


@dataclass(frozen=True)
class Department:
    """A department with an officer, a second one, an approver and money."""

    organisation_id: int
    officer: Actor
    colleague: Actor
    approver: Actor
    budget: Actor
    line_id: int


@dataclass
class World:
    """A competition, its department and its bidders; `now` is the instant of the last act."""

    department: Department
    project_id: int
    competition_id: int
    public_id: str
    now: datetime
    offers: list[Offer] = field(default_factory=list)

    def do(self, actor: Actor, service: Callable[..., object], **said: object) -> object:
        """One act on the competition, at the world's instant."""
        return act(
            actor, lambda uow: service(uow, competition=self.competition_id, **said), at=self.now
        )

    def row(self) -> rows.CompetitionRow:
        """The competition as it stands."""
        db.session.rollback()
        return reading.competition(db.session(), self.competition_id)

    def settle(self, later: timedelta = timedelta(0)) -> None:
        """What the tick does, after some time."""
        self.now += later
        act(
            SYSTEM,
            lambda uow: awarding.settle_competition(uow, competition=self.competition_id),
            at=self.now,
        )

    def bids(self) -> tuple[rows.OpenedBid, ...]:
        """The opened bids."""
        db.session.rollback()
        return sealed.opened_bids(db.session(), self.competition_id)


def make_department(*, amount_fen: int = 100_000_000, name: str = "") -> Department:
    """A department of Changchun with a line of this year's budget."""
    number = next(_numbers)
    key = make_organisation(Capacity.DEPARTMENT, name=name or f"示例市第{number}审批局")
    officer, colleague = (make_member(key, Role.DEPARTMENT_OFFICER) for _ in range(2))
    approver = make_member(key, Role.DEPARTMENT_APPROVER)
    budget = make_member(key, Role.BUDGET_OFFICER)
    return Department(key, officer, colleague, approver, budget, make_line(key, budget, amount_fen))


def make_line(department_id: int, budget: Actor, amount_fen: int = 100_000_000) -> int:
    """A budget line of this year."""
    year = datetime.now(SHANGHAI).year
    return act(
        budget,
        lambda uow: ledger.open_line(
            uow,
            department_id=department_id,
            fiscal_year=year,
            name="中介服务费",
            item_code=None,
            appropriation_fen=amount_fen,
        ),
    )


def notice(
    department: Department, project_id: int, at: datetime | None = None, **changes: object
) -> notices.NoticeFacts:
    """What a notice says; sign-up lasts a fortnight."""
    said = {
        "project_id": project_id,
        "item_code": PLAIN_ITEM,
        "title": "示例项目评估服务",
        "scope": "按规范编制评估报告一份。",
        "method": Method.LOWEST_PRICE,
        "ceiling_fen": CEILING,
        "budget_line_id": department.line_id,
        "closes_at": (at or datetime.now(SHANGHAI)) + timedelta(days=14),
    }
    return notices.NoticeFacts(**said | changes)


def draft(
    department: Department | None = None,
    *,
    at: datetime | None = None,
    project_id: int | None = None,
    **changes: object,
) -> World:
    """A drafted competition, for a project of its own unless one is named."""
    department, at = department or make_department(), at or datetime.now(SHANGHAI)
    project_id = project_id or make_project()
    said = notice(department, project_id, at, **changes)
    ref = act(department.officer, lambda uow: notices.draft_competition(uow, notice=said), at=at)
    return World(department, project_id, ref.id, ref.public_id, at)


def bid(world: World, found: Offer, price_fen: int, **changes: object) -> str:
    """A bid of an admitted institution."""
    said = {"price_fen": price_fen, "promised_days": 10} | changes
    return world.do(found.agent, bidding.place_bid, offer=bidding.Offer(**said))


def enter(world: World, prices: tuple[int, ...] = PRICES, **changes: object) -> None:
    """New institutions bid these prices."""
    for price in prices:
        found = offer(f"第{next(_numbers)}竞选咨询有限公司")
        world.offers.append(found)
        bid(world, found, price, **changes)


def waiting(day: date) -> tuple[Waiting, ...]:
    """The steps that departments owe in competitions, with their lights of a day."""
    values = light_days(db.session(), day)
    return tuple(owing.WAITING.stream(db.session(), Asked(), values))


def make_competition(
    state: CompetitionState = _S.PUBLISHED,
    *,
    department: Department | None = None,
    prices: tuple[int, ...] = PRICES,
    at: datetime | None = None,
    offers: Sequence[Offer] = (),
    **changes: object,
) -> World:
    """A competition in a state on the way to an award; `offers` bid the prices in their order."""
    world = draft(department, at=at, **changes)
    for target in ORDER[1 : ORDER.index(state) + 1]:
        advance(world, target, prices)
        if target is _S.PUBLISHED and offers:
            world.offers += offers
            for found, price in zip(offers, prices, strict=False):
                bid(world, found, price)
    return world


# Who takes each step, and how.
_STEPS = {
    _S.PROPOSED: lambda it: it.do(it.department.officer, notices.propose_competition),
    _S.PUBLISHED: lambda it: it.do(it.department.approver, notices.publish_competition),
    _S.CLOSED: lambda it: it.settle(timedelta(days=15)),
    _S.OPENING_REQUESTED: lambda it: it.do(it.department.officer, bidding.request_opening),
    _S.OPENED: lambda it: it.do(it.department.colleague, bidding.confirm_opening),
    _S.EVALUATED: lambda it: it.do(
        it.department.officer, evaluating.evaluate_bids, reason="按价格排序。"
    ),
    _S.AWARD_PUBLISHED: lambda it: it.do(
        it.department.approver, awarding.publish_award, reason="同意排序结果。"
    ),
    _S.AWARDED: lambda it: it.settle(timedelta(days=8)),
}


def advance(world: World, target: CompetitionState, prices: tuple[int, ...] = PRICES) -> None:
    """Take one step on the way; before sign-up closes, bids come in."""
    if target is _S.CLOSED and not world.offers:
        enter(world, prices)
    _STEPS[target](world)
