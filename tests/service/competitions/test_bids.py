"""Bids: sealed until the opening, from independent, admitted institutions, before the closing."""

import base64
import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from marketplace.accounts import queries as accounts
from marketplace.competitions.handlers import may_read_proposal
from marketplace.competitions.models import Bid
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.rules import CompetitionState, Failure
from marketplace.competitions.services import bidding, evaluating, notices
from marketplace.infra.database import db
from marketplace.infra.files import files_of
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institution_queries
from marketplace.institutions.rules.dossier import HolderKind, TieKind
from marketplace.institutions.services import describing
from marketplace.kernel.errors import NotFound, Refused
from tests.competitions import (
    CEILING,
    PRICES,
    World,
    bid,
    draft,
    enter,
    make_competition,
    make_department,
)
from tests.dossiers import a_scan, act, an_id_number, complete_dossier, make_agent
from tests.market import PLAIN_ITEM, Offer, admit, offer, pause

pytestmark = pytest.mark.usefixtures("app")
_S = CompetitionState
MARKER = 7_654_321
STATEMENT = "高级工程师两名，现场踏勘两次"
FILE_NAME = "测绘技术方案2026.png"
ANOTHER_AWARD = (
    "insert into award (public_id, competition_id, bid_id, listing_id, organisation_id,"
    " amount_fen, promised_days, state, published_at, objection_until) select 'aaaaaaaaaa',"
    " competition_id, 2, listing_id, organisation_id, 1, 1, 'published', published_at,"
    " objection_until from award"
)


def refused(work) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Refused) as refusal:
        work()
    return refusal.value.code


def stored(world: World) -> Bid:
    return (
        db.session()
        .scalars(select(Bid).where(Bid.competition_id == world.competition_id).order_by(Bid.id))
        .first()
    )


# ------------------------------------------------------------------ the seal


def test_a_sealed_price_cannot_be_read_by_accident():
    world = make_competition()
    enter(world, PRICES[:1])

    with pytest.raises(InvalidRequestError, match="raiseload"):
        _ = stored(world).payload
    assert sealed.opened_bids(db.session(), world.competition_id) == ()


def test_an_opened_price_is_read_by_its_one_query_and_still_not_by_accident():
    world = make_competition(_S.OPENED)
    with pytest.raises(InvalidRequestError, match="raiseload"):
        _ = stored(world).payload
    assert {one.price_fen for one in world.bids()} == set(PRICES)


def forms_of(number: int) -> list[bytes]:
    """How a price could stand somewhere in the clear."""
    plain = [str(number), f"{number / 100:.2f}", f"{number / 100:,.2f}"]
    found = []
    for one in plain:
        raw = one.encode()
        found += [raw, base64.b64encode(raw), raw.hex().encode(), one.encode("utf-16-le")]
    return found


def test_a_marked_price_stands_nowhere_in_the_clear(app, home: Path):
    world = make_competition()
    enter(world, (MARKER, *PRICES[:2]), statement=STATEMENT, proposal=a_scan(FILE_NAME))
    db.session.remove()
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name.startswith("marketplace.db") for path in kept)

    for path in kept:
        content = path.read_bytes()
        texts = [content]
        if content[:2] == b"\x1f\x8b":
            texts.append(gzip.decompress(content))
        for one in texts:
            hidden = [*forms_of(MARKER), *texts_of(STATEMENT), *texts_of(FILE_NAME)]
            assert [form for form in hidden if form in one] == [], path.name


def texts_of(words: str) -> list[bytes]:
    """How a text could stand somewhere in the clear."""
    raw = words.encode()
    return [raw, base64.b64encode(raw), raw.hex().encode(), json.dumps(words).encode()]


def test_offers_of_every_length_have_seals_of_one_length():
    long = sealed.SealedOffer(9_999_999_999, 365, "说" * 1000, (sealed.SealedFile("名", "0" * 64),))
    assert sealed.read_offer(long.text()) == long
    world = make_competition()
    enter(world, (1, MARKER), proposal=a_scan())
    bid(world, world.offers[1], CEILING, promised_days=9, statement="说" * 1000)
    kept = db.session().execute(text("select length(payload) from bid")).scalars()
    assert len(set(kept)) == 1


def test_all_of_an_offer_comes_out_at_the_opening_and_its_proposal_has_its_name_again():
    world = make_competition()
    enter(world, PRICES, statement=STATEMENT, proposal=a_scan(FILE_NAME))
    bid(world, world.offers[0], PRICES[0], promised_days=7, statement="改了")
    key = stored(world).id
    assert [one.name for one in files_of(db.session(), "bid", key)] == ["proposal.png"]

    open_all(world)

    found = {one.id: (one.promised_days, one.statement) for one in world.bids()}
    assert found[key] == (7, "改了")
    assert set(found.values()) == {(7, "改了"), (10, STATEMENT)}
    assert [one.name for one in files_of(db.session(), "bid", key)] == [FILE_NAME]


def test_proposals_changed_over_in_the_database_stop_the_opening():
    world = make_competition()
    enter(world, PRICES, proposal=a_scan())
    bid(world, world.offers[0], PRICES[0], proposal=a_scan())
    with db.engine.execution_options(writes=True).begin() as connection:
        change = "update file set owner_id = 3 - owner_id where owner_kind = 'bid' and owner_id < 3"
        connection.execute(text(change))

    with pytest.raises(Refused, match=r"competition\.does_not_open"):
        open_all(world)

    assert world.row().opened_at is None
    approver = world.department.approver
    world.do(approver, notices.cancel_competition, reason="有一份报价无法开启。")
    assert world.row().state is _S.CANCELLED


def test_a_withdrawn_bid_takes_its_proposal_along():
    world = make_competition()
    enter(world, PRICES[:1], proposal=a_scan())
    key = stored(world).id
    world.do(world.offers[0].agent, bidding.withdraw_bid)
    assert files_of(db.session(), "bid", key) == ()
    bid(world, world.offers[0], PRICES[0])
    assert files_of(db.session(), "bid", key) == ()


def open_all(world: World) -> None:
    world.settle(timedelta(days=15))
    world.do(world.department.officer, bidding.request_opening)
    world.do(world.department.colleague, bidding.confirm_opening)


def test_events_of_bids_tell_neither_price_nor_bidder():
    world = make_competition()
    enter(world, (MARKER,))
    bid(world, world.offers[0], MARKER + 1)
    world.do(world.offers[0].agent, bidding.withdraw_bid)

    events = db.session().scalars(
        select(EventRecord).where(EventRecord.kind.like("competition.bid_%"))
    )
    told = [(event.kind.rpartition(".")[2], sorted(event.payload)) for event in events]
    expected = ["bid_id", "department_id", "item_code", "project_id"]
    assert told == [
        ("bid_placed", expected),
        ("bid_replaced", expected),
        ("bid_withdrawn", expected),
    ]
    shown = {entry.kind for entry in sealed.history(db.session(), world.competition_id)}
    assert not any("bid" in kind for kind in shown)


def test_a_withdrawn_bid_leaves_a_trace_without_a_price():
    world = make_competition()
    enter(world, PRICES[:1])
    world.do(world.offers[0].agent, bidding.withdraw_bid)

    kept = db.session().execute(text("select payload, withdrawn_at from bid")).one()
    assert kept.payload is None
    assert kept.withdrawn_at is not None
    again = refused(lambda: world.do(world.offers[0].agent, bidding.withdraw_bid))
    assert again == "competition.no_bid"
    bid(world, world.offers[0], 6_000_000)
    assert (
        reading.my_bid(
            db.session(), world.competition_id, world.offers[0].agent.organisation_id
        ).version
        == 2
    )


def test_only_the_last_version_is_opened():
    world = make_competition()
    enter(world)
    bid(world, world.offers[0], 7_000_000, promised_days=5)
    world.settle(timedelta(days=15))
    world.do(world.department.officer, bidding.request_opening)
    world.do(world.department.colleague, bidding.confirm_opening)
    assert {one.price_fen for one in world.bids()} == {7_000_000, *PRICES[1:]}


# ------------------------------------------------------------------ the closing instant


def test_a_bid_is_taken_before_the_closing_instant_and_never_at_it():
    world = make_competition()
    found = offer()
    closes_at = world.row().closes_at
    world.now = closes_at
    assert refused(lambda: bid(world, found, PRICES[0])) == "competition.not_open"
    world.now = closes_at + timedelta(seconds=1)
    assert refused(lambda: bid(world, found, PRICES[0])) == "competition.not_open"
    world.now = closes_at - timedelta(microseconds=1)
    bid(world, found, PRICES[0])
    world.now = closes_at
    code = refused(lambda: world.do(found.agent, bidding.withdraw_bid))
    assert code == "competition.not_open"


# ------------------------------------------------------------------ who may bid


def test_only_an_admitted_listing_of_the_item_bids():
    world = make_competition()
    paused, other = offer(), offer(item="JL-Z03")
    pause(paused)
    assert refused(lambda: bid(world, paused, PRICES[0])) == "listing.not_admitted"
    assert refused(lambda: bid(world, other, PRICES[0])) == "competition.not_listed"
    nobody = make_agent()
    work = bidding.Offer(price_fen=1, promised_days=1)
    code = refused(lambda: world.do(nobody, bidding.place_bid, offer=work))
    assert code == "competition.not_listed"


def test_a_drafted_competition_does_not_exist_for_bidders():
    world = draft()
    found = offer()
    with pytest.raises(NotFound):
        bid(world, found, PRICES[0])


def with_dossier(name: str, prepare) -> Offer:
    """An institution admitted with what `prepare(uow, institution_id)` declares about it."""
    agent = make_agent(name=name)
    listing_id = complete_dossier(agent, item=PLAIN_ITEM)
    row = institution_queries.listing(db.session(), listing_id)
    act(agent, lambda uow: prepare(uow, row.institution_id))
    admit(agent, listing_id)
    return Offer(
        agent,
        listing_id,
        row.public_id,
        row.institution_id,
        row.institution_public_id,
        name,
    )


def owned_by(holder: HolderKind, name: str, *, code: str = "", number: str = ""):
    """Declares one more owner, with a small share."""

    def prepare(uow: UnitOfWork, institution_id: int) -> None:
        dossier = institution_queries.dossier(uow.session, institution_id)
        first = services_owner("张三", an_id_number(9000 + institution_id), 900_000)
        describing.change_owner(
            uow, institution_id=institution_id, line=dossier.owners[0].line, owner=first
        )
        owner = describing.Owner(holder, name, code, number, 100_000)
        describing.add_owner(uow, institution_id=institution_id, owner=owner)

    return prepare


def services_owner(name: str, number: str, share: int):
    return describing.Owner(HolderKind.PERSON, name, "", number, share)


def related(number: int) -> tuple[Offer, Offer]:
    """Two institutions with one owner in common."""
    shared = owned_by(HolderKind.PERSON, "共有人", number=an_id_number(number))
    return with_dossier("甲咨询公司", shared), with_dossier("乙咨询公司", shared)


def test_whether_a_related_institution_has_bid_cannot_be_found_out_by_bidding():
    first, second = related(77)
    world = make_competition()
    before = answers(world, second)
    bid(world, first, PRICES[0])

    assert answers(world, second) == before
    world.do(second.agent, bidding.withdraw_bid)
    assert answers(world, second) == before


def answers(world: World, found: Offer) -> list[str]:
    """How an institution is answered to bids of every kind; the last is taken."""
    wrong = [
        refused(lambda: bid(world, found, CEILING + 1)),
        refused(lambda: bid(world, found, PRICES[0], promised_days=9999)),
        refused(lambda: bid(world, found, 0)),
    ]
    bid(world, found, PRICES[1])
    return wrong


def test_related_entrants_are_all_out_at_the_opening_and_the_others_are_counted_after_it():
    first, second = related(78)
    world = make_competition()
    enter(world, PRICES)
    bid(world, first, 100)
    bid(world, second, 7_000_000)
    open_all(world)

    causes = {one.price_fen: (one.cause, one.low_priced) for one in world.bids()}
    in_order = dict.fromkeys(PRICES, ("", False))
    assert causes == {**in_order, 100: ("related", False), 7_000_000: ("related", False)}
    world.do(world.department.officer, evaluating.evaluate_bids, reason="排序。")
    assert world.row().state is _S.EVALUATED


def test_without_the_related_too_few_may_be_left():
    world = make_competition()
    enter(world, PRICES[:2])
    for found in related(79):
        bid(world, found, 8_500_000)
    open_all(world)
    world.do(world.department.officer, evaluating.evaluate_bids, reason="不足三家。")
    assert world.row().failure is Failure.TOO_FEW_INDEPENDENT


def test_who_was_related_at_the_opening_counts_for_nobody_although_the_ties_were_cut(monkeypatch):
    world = make_competition()
    enter(world, PRICES[:2])
    for found in related(80):
        bid(world, found, 8_500_000)
    open_all(world)
    monkeypatch.setattr(evaluating, "_dependent", lambda *_asked: {})
    world.do(world.department.officer, evaluating.evaluate_bids, reason="不足三家。")
    assert world.row().failure is Failure.TOO_FEW_INDEPENDENT


def test_who_is_tied_to_the_department_does_not_enter():
    department = make_department(name="示例市规划审批局")

    def tie(uow: UnitOfWork, institution_id: int) -> None:
        describing.add_tie(
            uow,
            institution_id=institution_id,
            name="示例市规划审批局测绘院",
            tie=TieKind.SUBORDINATE,
            note="改制前",
        )

    tied = with_dossier("戊咨询公司", tie)
    world = make_competition(department=department)
    assert refused(lambda: bid(world, tied, PRICES[0])) == "competition.tied_to_department"


# ------------------------------------------------------------------ papers and constraints


def test_a_proposal_is_read_by_its_bidder_and_after_the_opening_by_the_department():
    world = make_competition()
    enter(world, PRICES, proposal=a_scan())
    key = stored(world).id
    own, other = world.offers[0].agent, world.offers[1].agent
    officer, agent = world.department.officer, world.offers[0].agent
    session = db.session()
    assert len(files_of(session, "bid", key)) == 1
    assert may_read_proposal(own, session, key)
    assert not may_read_proposal(other, session, key)
    assert not may_read_proposal(officer, session, key)

    world.settle(timedelta(days=15))
    world.do(officer, bidding.request_opening)
    world.do(world.department.colleague, bidding.confirm_opening)
    assert may_read_proposal(officer, db.session(), key)
    assert not may_read_proposal(make_department().officer, db.session(), key)
    assert may_read_proposal(agent, db.session(), key)


def test_a_new_proposal_takes_the_place_of_the_old_one():
    world = make_competition()
    enter(world, PRICES[:1], proposal=a_scan("old.png"))
    bid(world, world.offers[0], PRICES[0], proposal=a_scan("new.png"))
    kept = files_of(db.session(), "bid", stored(world).id)
    assert len(kept) == 1
    offer = sealed.offer_to_replace(db.session(), stored(world).id)
    assert [one.name for one in offer.files] == ["new.png"]


@pytest.mark.parametrize(
    "change",
    [
        "update competition set opened_at = closes_at, opened_by = drafted_by",
        "update competition set state = 'opened'",
        "update competition set state = 'failed'",
        "update competition set published_by = drafted_by",
        "update competition set merit = 1",
        "update bid set payload = null",
        ANOTHER_AWARD,
    ],
)
def test_the_database_refuses_what_the_rules_do(change):
    world = make_competition(_S.AWARD_PUBLISHED if change.startswith("insert") else _S.CLOSED)
    assert world.competition_id == 1
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(change))


def test_names_of_people_are_those_of_the_department_only():
    world = make_competition(_S.OPENED)
    entries = sealed.history(db.session(), world.competition_id)
    names = {entry.actor_name for entry in entries} - {""}
    people = accounts.members_with(db.session(), world.department.organisation_id)
    assert names <= {member.name for member in people}
