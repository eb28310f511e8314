"""All that each act on a bid leaves behind, from its placing to its rank."""

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.competitions.queries import reading
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.competitions.services import bidding, evaluating
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.dossier import HolderKind, TieKind
from marketplace.institutions.services import describing
from tests.competitions import (
    CEILING,
    PRICES,
    WEIGHTS,
    make_competition,
    make_department,
)
from tests.dossiers import a_scan, act, an_id_number, complete_dossier, make_agent
from tests.market import PLAIN_ITEM, admit, offer, pause
from tests.service.competitions.telling import bid, on, people, step, three
from tests.stories import refusals

S = CompetitionState


def test_bids_are_placed_replaced_and_taken_back_before_the_closing(story):
    world = make_competition(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    found, unlisted = offer(), make_agent()
    scan = a_scan()
    with story("competitions/bids", **people(world), bidder=found.agent) as told:
        refusals(
            lambda: bid(world, found),
            lambda: bid(world, found, 0, proposal=scan),
            lambda: bid(world, found, CEILING + 1, proposal=scan),
            lambda: bid(world, found, promised_days=0, proposal=scan),
            lambda: bid(world, found, promised_days=1000, proposal=scan),
            lambda: on(world, found.agent, bidding.withdraw_bid),
            lambda: on(world, found.agent, bidding.justify_price, words="一"),
        )
        bid(world, found, CEILING, statement=" 说明 ", proposal=scan)
        bid(world, found, 1, promised_days=1)
        bid(world, found, 2, proposal=a_scan())
        on(world, found.agent, bidding.withdraw_bid)
        refusals(lambda: on(world, found.agent, bidding.withdraw_bid))
        refusals(lambda: bid(world, found, 3))
        bid(world, found, 3, proposal=scan)
        closes, key = world.row().closes_at, world.competition_id
        last = bidding.Offer(price_fen=4, promised_days=10)
        late = {
            "bid": lambda uow: bidding.place_bid(uow, competition=key, offer=last),
            "take back": lambda uow: bidding.withdraw_bid(uow, competition=key),
        }
        for at in (closes - timedelta(seconds=1), closes):
            told.may(late, found.agent, unlisted, at=at)


def with_dossier(name, prepare):
    """An institution's agent, admitted with what `prepare(uow, institution_id)` declares."""
    agent = make_agent(name=name)
    listing = complete_dossier(agent, item=PLAIN_ITEM)
    row = institutions.listing(db.session(), listing)
    act(agent, lambda uow: prepare(uow, row.institution_id))
    admit(agent, listing)
    return agent


def owned(uow, institution_id):
    """One more owner, the same for all who are prepared so."""
    dossier = institutions.dossier(uow.session, institution_id)
    most = describing.Owner(
        HolderKind.PERSON, "张三", "", an_id_number(9000 + institution_id), 900_000
    )
    line = dossier.owners[0].line
    describing.change_owner(uow, institution_id=institution_id, line=line, owner=most)
    shared = describing.Owner(HolderKind.PERSON, "共有人", "", an_id_number(77), 100_000)
    describing.add_owner(uow, institution_id=institution_id, owner=shared)


def tied(uow, institution_id):
    """A tie to the department."""
    describing.add_tie(
        uow,
        institution_id=institution_id,
        name="示例市规划审批局测绘院",
        tie=TieKind.SUBORDINATE,
        note="改制前",
    )


def test_entrants_belong_neither_together_nor_to_the_department(story, monkeypatch):
    one, two = (with_dossier(name, owned) for name in ("甲咨询公司", "乙咨询公司"))
    bound = with_dossier("戊咨询公司", tied)
    department = make_department(name="示例市规划审批局")
    world = make_competition(department=department)
    with story("competitions/dependent", **people(world), one=one, two=two, bound=bound) as told:
        sealed = bidding.Offer(price_fen=8_000_000, promised_days=10)
        place = lambda uow: bidding.place_bid(  # noqa: E731
            uow, competition=world.competition_id, offer=sealed
        )
        told.may({"bid": place}, one, two, bound, at=world.now)
        on(world, one, bidding.place_bid, offer=sealed)
        told.may({"bid": place}, one, two, bound, at=world.now)
        on(world, two, bidding.place_bid, offer=sealed)
        with monkeypatch.context() as patched:
            patched.setattr(
                "marketplace.institutions.rules.independence.tied_to", lambda *_others: False
            )
            on(world, bound, bidding.place_bid, offer=sealed)
        for found, price in zip(three(), PRICES, strict=True):
            bid(world, found, price)
            world.offers.append(found)
        for state in (S.CLOSED, S.OPENING_REQUESTED, S.OPENED, S.EVALUATED):
            step(world, state)


def opened_by_score():
    """Opened bids that are to be marked."""
    world = make_competition(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    for found, price in zip(three(), PRICES, strict=True):
        bid(world, found, price, proposal=a_scan())
        world.offers.append(found)
    for state in (S.CLOSED, S.OPENING_REQUESTED, S.OPENED):
        step(world, state)
    return world


def test_marks_make_the_order(story):
    world, other = opened_by_score(), make_competition(S.OPENED)
    price, plan, record = reading.criteria(db.session(), world.competition_id)
    bids = [one.public_id for one in world.bids()]
    foreign = other.bids()[0].public_id
    officer = world.department.officer
    with story("competitions/marked", **people(world)):

        def mark(key, criterion, value):
            marks = {(key, criterion.id): Decimal(value)}
            on(world, officer, evaluating.record_scores, marks=marks)

        refusals(
            lambda: mark(bids[0], price, 1),
            lambda: mark(foreign, plan, 1),
            lambda: mark(bids[0], plan, "-0.01"),
            lambda: mark(bids[0], plan, "100.01"),
        )
        mark(bids[0], plan, 100)
        mark(bids[0], record, 0)
        mark(bids[1], plan, "70.55")
        mark(bids[1], plan, "70.56")
        mark(bids[1], record, "33.3")
        mark(bids[2], plan, 50)
        refusals(lambda: on(world, officer, evaluating.evaluate_bids, reason="一"))
        mark(bids[2], record, 50)
        on(world, officer, evaluating.evaluate_bids, reason=" 按分数 ")


def test_a_bid_that_does_not_conform_is_left_out_once(story):
    world, other = make_competition(S.OPENED), make_competition(S.OPENED)
    officer = world.department.officer
    bids = [one.public_id for one in world.bids()]
    foreign = other.bids()[0].public_id
    with story("competitions/excluded", **people(world)):
        out = evaluating.exclude_bid
        refusals(
            lambda: on(world, officer, out, bid=bids[0], reason=" "),
            lambda: on(world, officer, out, bid=foreign, reason="一"),
        )
        on(world, officer, out, bid=bids[0], reason=" 未盖章 ")
        refusals(lambda: on(world, officer, out, bid=bids[0], reason="一"))
        step(world, S.EVALUATED)


@pytest.mark.parametrize("end", ["accepted", "refused", "unexplained"])
def test_a_very_low_price_is_explained_and_judged(story, end):
    found = three()
    world = make_competition(offers=found, prices=(9_000_000, 8_500_000, 2_000_000))
    for state in (S.CLOSED, S.OPENING_REQUESTED):
        step(world, state)
    officer, low = world.department.officer, found[2].agent
    with story(f"competitions/low_{end}", **people(world)) as told:
        step(world, S.OPENED)
        key = next(one.public_id for one in world.bids() if one.price_fen == 2_000_000)
        judge, order = evaluating.judge_justification, evaluating.evaluate_bids
        mine = world.competition_id
        tries = {
            "explain": lambda uow: bidding.justify_price(uow, competition=mine, words="一"),
            "order": lambda uow: order(uow, competition=mine, reason="一"),
        }
        for days in range(5):
            told.may(tries, low, found[0].agent, officer, at=world.now + timedelta(days=days))
        refusals(lambda: on(world, officer, judge, bid=key, accepted=True, reason="一"))
        if end != "unexplained":
            refusals(lambda: on(world, low, bidding.justify_price, words=" "))
            on(world, low, bidding.justify_price, words=" 自有设备 ")
            refusals(
                lambda: on(world, low, bidding.justify_price, words="一"),
                lambda: on(world, officer, order, reason="一"),
                lambda: on(world, officer, judge, bid=key, accepted=True, reason=" "),
            )
            on(world, officer, judge, bid=key, accepted=end == "accepted", reason=" 已核 ")
        world.now += timedelta(days=9)
        on(world, officer, order, reason="排序。")


def test_without_a_valid_bid_it_fails(story):
    world = make_competition(S.OPENED)
    officer = world.department.officer
    with story("competitions/none_valid", **people(world)):
        for one in world.bids():
            on(world, officer, evaluating.exclude_bid, bid=one.public_id, reason="未盖章")
        on(world, officer, evaluating.evaluate_bids, reason="均无效。")


def test_suspended_entrants_leave_too_few(story):
    world = make_competition(S.OPENED)
    pause(world.offers[0])
    with story("competitions/too_few_left", **people(world)):
        step(world, S.EVALUATED)
