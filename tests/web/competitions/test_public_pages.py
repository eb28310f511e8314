"""What the public and bidders see: open competitions, sealed bids, awards and failures."""

import re
from datetime import datetime, timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.infra.database import db
from marketplace.kernel.times import SHANGHAI
from tests.competitions import PRICES, enter, make_competition
from tests.market import PLAIN_ITEM, offer, settle
from tests.web.vetting.conftest import person

__all__ = ["person"]
_S = CompetitionState


def test_everybody_finds_competitions_by_item_region_and_where_they_stand(app, client):
    world = make_competition()
    for query, found in (
        ("", True),
        ("?phase=open", True),
        ("?phase=ended", False),
        (f"?item={PLAIN_ITEM}", True),
        ("?item=JL-Z03", False),
        ("?region=220000", True),
        ("?region=220200", False),
        ("?q=示例项目", True),
        ("?q=nothing", False),
        ("?phase=nonsense&region=999999&page=zero", True),
    ):
        page = client.get(f"/competitions{query}")
        assert page.status_code == 200
        assert (world.public_id in page.text) is found, query


def test_before_the_opening_a_page_says_neither_who_nor_how_many(app, client, person):
    world = make_competition(_S.CLOSED)
    paths = (f"/competitions/{world.public_id}", "/competitions", "/notices?kind=competition")
    settle()
    people = [person(world.department.officer), person(world.offers[0].agent)]
    pages = [client.get(path).text for path in paths]
    pages += [people[0].get(f"/competitions/manage/{world.public_id}").text]
    pages += [people[0].get("/notifications").text, people[1].get(paths[0]).text]
    for page in pages:
        assert all(other.name not in page for other in world.offers[1:])
        assert "90,000.00" not in page
        assert "密封报价已" not in page


def test_after_the_opening_everybody_sees_the_bids_and_the_award(app, client):
    world = make_competition(_S.AWARD_PUBLISHED)
    page = client.get(f"/competitions/{world.public_id}").text

    assert all(one.name in page for one in world.offers)
    assert all(text in page for text in ("90,000.00", "80,000.00", "75,000.00"))
    staff = accounts.members_with(db.session(), world.department.organisation_id)
    assert not any(member.name in page for member in staff)
    assert "申请开标。" not in page
    settle()
    board = client.get("/notices?kind=award").text
    assert world.offers[2].name in board


def test_a_failure_stands_on_the_notice_board_with_its_reason(app, client):
    world = make_competition()
    enter(world, PRICES[:2])
    world.settle(timedelta(days=15))
    settle()

    assert world.row().state is _S.FAILED
    page = client.get(f"/competitions/{world.public_id}").text
    assert "90,000.00" not in page
    assert all(one.name not in page for one in world.offers)
    board = client.get("/notices?kind=failure").text
    address = board.partition('<h2><a href="')[2].partition('"')[0]
    assert world.row().number in client.get(address).text


def test_a_bid_is_placed_replaced_and_withdrawn(app, person):
    world = make_competition()
    agent = person(offer("甲方案咨询有限公司").agent)
    base = f"/competitions/{world.public_id}"

    assert agent.send(f"{base}/bid", price="9万", promised_days="10").status_code == 303
    page = agent.get(f"{base}/bid")
    assert "9万" not in page.text.replace("1.5万", "")
    assert "90,000" not in page.text
    assert agent.send(f"{base}/bid", price="8万", promised_days="9").status_code == 303
    assert world.public_id in agent.get("/my/bids").text
    assert agent.send(f"{base}/bid/withdraw").status_code == 303
    assert agent.get(f"{base}/bid/withdraw").text.count("competition.no_bid") == 1
    assert agent.send(f"{base}/bid", price="7万", promised_days="9").status_code == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": ""}, "price"),
        ({"price": "0"}, "price"),
        ({"price": "100,000.01"}, "price"),
        ({"price": "1e9"}, "price"),
        ({"price": "99999999999999999999"}, "price"),
        ({"promised_days": "0"}, "promised_days"),
        ({"promised_days": "9999"}, "promised_days"),
        ({"promised_days": "十天"}, "promised_days"),
    ],
)
def test_what_is_wrong_in_a_bid_is_said_beside_its_field(app, person, changes, field):
    world = make_competition()
    agent = person(offer().agent)
    said = {"price": "9万", "promised_days": "10"} | changes

    page = agent.send(f"/competitions/{world.public_id}/bid", **said)

    assert page.status_code in {409, 422}
    assert f'id="{field}-error"' in page.text


def test_a_score_needs_a_proposal(app, person):
    from tests.competitions import WEIGHTS

    world = make_competition(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    agent = person(offer().agent)

    page = agent.send(f"/competitions/{world.public_id}/bid", price="9万", promised_days="10")

    assert page.status_code in {409, 422}
    assert 'id="proposal-error"' in page.text


def test_whoever_is_not_admitted_for_the_item_is_told_so(app, person):
    world = make_competition()
    agent = person(offer(item="JL-Z03").agent)
    page = agent.get(f"/competitions/{world.public_id}/bid")
    assert "competition.not_listed" in page.text


def test_a_very_low_price_is_explained_and_judged(app, person):
    world = make_competition(_S.OPENED, prices=(9_000_000, 8_500_000, 2_000_000))
    low = world.offers[2]
    agent, officer = person(low.agent), person(world.department.officer)
    base = f"/competitions/{world.public_id}"
    manage = f"/competitions/manage/{world.public_id}"

    from time_machine import travel

    with travel(world.now, tick=True):
        agent, officer = person(low.agent), person(world.department.officer)
        assert f"{base}/bid/explain" in agent.get(base).text
        early = officer.send(f"{manage}/evaluate", reason="排序。")
        assert "competition.justification_open" in early.text
        assert agent.send(f"{base}/bid/explain", words="").status_code == 422
        assert agent.send(f"{base}/bid/explain", words="已有同类成果。").status_code == 303
        bid = next(one for one in world.bids() if one.low_priced)
        page = officer.get(f"{manage}/bids/{bid.public_id}/judge")
        assert "已有同类成果。" in page.text
        judged = officer.send(
            f"{manage}/bids/{bid.public_id}/judge", accepted="yes", reason="理由成立。"
        )
        assert judged.status_code == 303
        assert officer.send(f"{manage}/evaluate", reason="排序。").status_code == 303
    assert world.bids()[0].id == bid.id


def test_what_one_can_sign_up_for_stands_first_the_nearest_deadline_before_the_others(app, client):
    now = datetime.now(SHANGHAI)
    awarded = make_competition(_S.AWARDED)
    later = make_competition(closes_at=now + timedelta(days=20))
    sooner = make_competition(closes_at=now + timedelta(days=11))

    def order(query: str) -> list[str]:
        page = client.get(f"/competitions?lang=en{query}").text
        found = re.findall(r'<h3><a href="/competitions/(\w+)"', page)
        return [one for one in found if one in {w.public_id for w in (awarded, later, sooner)}]

    assert order("") == [sooner.public_id, later.public_id, awarded.public_id]
    latest = order("&sort=latest")
    assert latest.index(sooner.public_id) < latest.index(later.public_id)
    assert latest.index(later.public_id) < latest.index(awarded.public_id)


def test_each_says_how_many_working_days_are_left_to_sign_up(app, client):
    now = datetime.now(SHANGHAI)
    world = make_competition(closes_at=now + timedelta(days=14))
    make_competition(_S.AWARDED)
    left = catalogue.calendar(db.session()).workdays_between(
        now.date(), (now + timedelta(days=14)).date()
    )

    for path in ("/competitions", f"/competitions/{world.public_id}", "/"):
        assert client.get(path).text.count(f"还剩 {left} 个工作日") == 1, path


def test_an_institution_sees_what_it_can_still_enter_then_its_bids_open_ones_first(app, person):
    now = datetime.now(SHANGHAI)
    own = offer("自己的竞选咨询有限公司")
    over = make_competition(_S.AWARDED, offers=[own, *(offer() for _ in range(2))])
    entered = [
        make_competition(closes_at=now + timedelta(days=days), offers=[own]) for days in (25, 15)
    ]
    free = [make_competition(closes_at=now + timedelta(days=days)) for days in (20, 12)]

    page = person(own.agent).get("/my/bids").text

    found = re.findall(r'href="/competitions/(\w{10})"', page.partition("</h1>")[2])
    worlds = [free[1], free[0], entered[1], entered[0], over]
    assert found == [world.public_id for world in worlds]
    latest = person(own.agent).get("/my/bids?sort=latest").text
    found = re.findall(r'href="/competitions/(\w{10})"', latest.partition("</h1>")[2])
    assert found[:2] == [free[1].public_id, free[0].public_id]
