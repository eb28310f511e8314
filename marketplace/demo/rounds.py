"""Quotation rounds: asked, answered and compared, picked, withdrawn."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial

from marketplace.demo.market import Market, Spot
from marketplace.demo.plan import Plan
from marketplace.demo.stage import Act, Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.quotations import queries
from marketplace.quotations.services import answering, asking, questions

_WORDS = "请按项目规模报总价，注明是否含专家评审费。"
_OFFERED = "含专家评审费和一次复核，现场踏勘费用不另计。"
_DECLINED = "该项目与本机构在办业务存在关联，不便报价。"
_WITHDRAWN = "项目规模调整，重新测算后再询价。"
_CONDITIONS = "委托方在开工前五日提供全套图纸。"
_QUESTION = "报价是否需要包含专家评审会的场地费？"
_EXPLAINED = "不需要，评审会场地由我单位提供。"
_PICKED = "报价最低，承诺天数符合项目进度。"
_PRICES = (68, 74, 81)


@dataclass(frozen=True)
class Inquiry:
    """A round as it is planned."""

    spot: Spot
    asked: tuple[Plan, ...]
    answer_in: int


def open_round(about: Inquiry, market: Market, stage: Stage, uow: UnitOfWork) -> None:
    """The enterprise asks."""
    item = about.spot.item
    variants = market.items[item].variants
    ref = asking.open_round(
        uow,
        project=stage.project(uow.session, about.spot.code),
        item_code=item,
        listings=[stage.listing(uow.session, plan, item) for plan in about.asked],
        answer_by=market.almanac.after(local_date(uow.now), about.answer_in),
        variant=variants[0].key if variants else "",
        words=_WORDS,
    )
    stage.remember(("round", about), ref.id)


def _round(about: Inquiry, stage: Stage, uow: UnitOfWork) -> int:
    def find() -> int:
        client = stage.organisation(uow.session, about.spot.owner.credit_code)
        project = stage.project(uow.session, about.spot.code)
        rows = queries.live_rounds_of(uow.session, client, project, local_date(uow.now))
        return next(row.id for row in rows if row.item_code == about.spot.item)

    return stage.recall(("round", about), find)


def _request(about: Inquiry, stage: Stage, uow: UnitOfWork) -> int:
    asked = queries.round_party(uow.session, _round(about, stage, uow)).requests
    return next(key for key, _id, provider, _state in asked if uow.actor.acts_for(provider))


def answer(place: int, about: Inquiry, stage: Stage, uow: UnitOfWork) -> None:
    """An institution quotes."""
    price = _PRICES[place % len(_PRICES)] * (1 + about.spot.number % 3) * 1_000_00
    answering.answer_request(
        uow,
        request=_request(about, stage, uow),
        price_fen=price,
        days=7 + place,
        words=_OFFERED,
        conditions=_CONDITIONS if place else "",
    )


def ask_question(about: Inquiry, stage: Stage, uow: UnitOfWork) -> None:
    """An institution wants to know something first."""
    questions.ask_question(uow, request=_request(about, stage, uow), body=_QUESTION)


def explain(about: Inquiry, stage: Stage, uow: UnitOfWork) -> None:
    """The enterprise answers the first question, for everybody asked."""
    key = _round(about, stage, uow)
    page = queries.round_page(
        uow.session, queries.find_round(uow.session, key, local_date(uow.now))
    )
    question = page.questions[0].public_id
    questions.answer_question(uow, quotation_round=key, question=question, answer=_EXPLAINED)


def decline(about: Inquiry, stage: Stage, uow: UnitOfWork) -> None:
    """An institution does not quote."""
    answering.decline_request(uow, request=_request(about, stage, uow), reason=_DECLINED)


def withdraw(about: Inquiry, stage: Stage, uow: UnitOfWork) -> None:
    """The enterprise takes the question back."""
    asking.withdraw_round(uow, quotation_round=_round(about, stage, uow), reason=_WITHDRAWN)


def pick(about: Inquiry, stage: Stage, uow: UnitOfWork) -> None:
    """The enterprise picks the cheapest answer."""
    key = _round(about, stage, uow)
    row = queries.find_round(uow.session, key, local_date(uow.now))
    page = queries.round_page(uow.session, row)
    given = [one.answer for one in page.answers if one.answer is not None]
    best = min(given, key=lambda one: one.price_fen)
    asking.pick_quotation(uow, quotation=best.id, reason=_PICKED)


def round_acts(market: Market) -> Iterator[Act]:
    """Rounds at every stage; the first is ready for the first enterprise to compare."""
    yield from _asked(market, 1, "JL-Z13", 6, 4, answers=2, declines=1)
    yield from _asked(market, 2, "JL-Z05", 2, 4, answers=1, first=1)
    about = yield from _asked(market, 1, "JL-Z05", 1, 5, answers=0, first=1)
    yield market.act(0, 11, about.asked[0].email, partial(ask_question, about))
    about = yield from _asked(market, 10, "JL-Z02", 45, 4, answers=3)
    yield market.act(45, 15, about.asked[0].email, partial(ask_question, about))
    yield market.act(44, 9, about.spot.owner.people[0].email, partial(explain, about))
    yield market.act(40, 9, about.spot.owner.people[0].email, partial(pick, about))
    about = yield from _asked(market, 12, "JL-Z06", 30, 5, answers=1)
    yield market.act(28, 9, about.spot.owner.people[0].email, partial(withdraw, about))


def _asked(
    market: Market,
    owner: int,
    item: str,
    ago: int,
    answer_in: int,
    *,
    answers: int,
    declines: int = 0,
    first: int | None = None,
) -> Generator[Act, None, Inquiry]:
    """A round with its answers; `first` is the number of an institution that is asked first."""
    asked = market.providers(item, ago, 3)
    if first is not None:
        asked = [market.item_of(first, (item,), owner, ago)[1], *asked[:2]]
    about = Inquiry(
        market.spot(item, max(0, ago - answer_in - 2), owner=owner), tuple(asked), answer_in
    )
    client = about.spot.owner.people[0].email
    yield market.act(ago, 10, client, partial(open_round, about, market))
    replying = asked[len(asked) - answers - declines :]
    for place, plan in enumerate(replying):
        does = partial(answer, place, about) if place < answers else partial(decline, about)
        yield market.act(max(0, ago - 1 - place % 2), 14 + place, plan.email, does)
    return about
