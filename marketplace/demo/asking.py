"""Requests of enterprises that a department commission what only departments may."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from marketplace.catalogue.rules.items import OpenTo
from marketplace.commission_requests import queries, services
from marketplace.demo.cast import DEPARTMENTS, Organisation
from marketplace.demo.market import Market, Spot
from marketplace.demo.stage import Act, Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.simulator import world

_WORDS = "项目计划明年春季开工，请在年底前完成评审；现场情况可向我单位项目部了解。"
_REFUSED = "该项目报批材料尚未齐备，请补齐后再提出请求。"
_ITEMS = ("JL-Z03", "JL-Z04", "JL-Z01")


@dataclass(frozen=True)
class Tale:
    """A request: whose, how many working days ago, what the department did after how many.

    Without a `bureau` the project lies where no department is registered.
    """

    owner: int | None
    ago: int
    answer: str = ""
    after: int = 0
    bureau: bool = True


TALES = (
    Tale(1, 1),
    Tale(1, 8, "take_up", 3),
    Tale(2, 2, bureau=False),
    Tale(2, 12, "refuse", 4),
    Tale(None, 9),
)


def request_acts(market: Market) -> Iterator[Act]:
    """Those that no notice has answered yet."""
    for minute, tale in enumerate(TALES):
        spot = _spot(market, tale)
        yield _asks(market, spot, tale.ago, minute)
        if tale.answer:
            does = partial(_ANSWERS[tale.answer], spot)
            officer = _bureau_of(spot).people[0].email
            yield market.act(tale.ago - tale.after, 10, officer, does, minute)


def asked_before(market: Market, spot: Spot, ago: int, minute: int) -> Iterator[Act]:
    """The enterprise asked for what a department drafts a notice for so many working days ago."""
    if market.items[spot.item].open_to == OpenTo.DEPARTMENT and _has_bureau(spot.region_code):
        yield _asks(market, spot, ago + 2, minute)
        does = partial(take_up, spot)
        yield market.act(ago + 1, 10, _bureau_of(spot).people[0].email, does, minute)


def _spot(market: Market, tale: Tale) -> Spot:
    """The first item for departments that a project of the enterprise has free there."""
    for region in world.CITIES:
        if _has_bureau(region) is not tale.bureau:
            continue
        for item in _ITEMS:
            if market.is_wanted(item, tale.ago, owner=tale.owner, region=f"{region}00"):
                return market.spot(item, tale.ago, owner=tale.owner, region=f"{region}00")
    raise LookupError(tale)


def _has_bureau(region_code: str) -> bool:
    return region_code[:4] in world.BUREAUS


def _bureau_of(spot: Spot) -> Organisation:
    name = world.BUREAUS[spot.region_code[:4]]
    return next(one for one in DEPARTMENTS if one.name == name)


def _asks(market: Market, spot: Spot, ago: int, minute: int) -> Act:
    return market.act(ago, 9, spot.owner.people[0].email, partial(ask, spot), minute)


def ask(about: Spot, stage: Stage, uow: UnitOfWork) -> None:
    """The enterprise asks."""
    project = stage.project(uow.session, about.code)
    ref = services.ask_department(uow, project=project, item_code=about.item, words=_WORDS)
    stage.remember(("request", about), ref.id)


def take_up(about: Spot, stage: Stage, uow: UnitOfWork) -> None:
    """An officer says that the department will commission it."""
    services.take_up_request(uow, request=_request(about, stage, uow))


def refuse(about: Spot, stage: Stage, uow: UnitOfWork) -> None:
    """An officer says that it will not."""
    services.refuse_request(uow, request=_request(about, stage, uow), reason=_REFUSED)


def _request(about: Spot, stage: Stage, uow: UnitOfWork) -> int:
    def find() -> int:
        project, today = stage.project(uow.session, about.code), local_date(uow.now)
        rows = queries.live_of_project(uow.session, project, today)
        return next(row.id for row in rows if row.item_code == about.item)

    return stage.recall(("request", about), find)


_ANSWERS = {"take_up": take_up, "refuse": refuse}
