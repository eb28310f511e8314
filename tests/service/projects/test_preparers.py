"""Who was contracted for what an item examines, or is tied to who was, is kept from the item."""

from datetime import datetime
from itertools import count

import pytest
from sqlalchemy import select

from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import bidding
from marketplace.contracts import services as contracts
from marketplace.engagements.services import beginning, ending, moving
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.dossier import HolderKind
from marketplace.institutions.services import describing, settling, submitting
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.projects import queries as projects
from marketplace.projects.models import Preparer
from marketplace.quotations.queries import round_party
from marketplace.quotations.services import answering, asking
from tests.competitions import advance, make_competition
from tests.dossiers import act, admitted_listing, an_id_number, make_agent, open_with_terms
from tests.engagements import (
    World,
    contract,
    make_enterprise,
    project_of,
    put_forward,
    shown_hash,
    take_on,
    work,
)
from tests.market import offer
from tests.quotations import ANSWER_BY

pytestmark = pytest.mark.usefixtures("app")
SERVICE, ITEM, OTHER_ITEM = "JL-S05", "JL-Z05", "JL-Z02"
PREPARED = "project.prepared"
_numbers = count(50_001)


class Undone(Exception):
    """An act that was only tried is taken back."""


def tried(actor, do):
    """The code with which an act is refused, empty where it would be done; nothing is done."""
    db.session.rollback()
    try:
        with UnitOfWork(actor, datetime.now(SHANGHAI)) as uow:
            do(uow)
            raise Undone
    except Refused as refusal:
        return refusal.code
    except Undone:
        return ""


def shared_owner():
    """Owners of whom one owns others, too."""
    person = HolderKind.PERSON
    return [
        describing.Owner(person, "张三", "", an_id_number(next(_numbers)), 900_000),
        describing.Owner(person, "共有人", "", an_id_number(77), 100_000),
    ]


def listed_too(agent, item):
    """One more listing in the market of an institution that is there."""
    own = institutions.my_institution(db.session(), agent.organisation_id).id
    listing = act(agent, lambda uow: open_with_terms(uow, own, item))
    act(agent, lambda uow: submitting.submit_listing(uow, listing_id=listing))
    act(SYSTEM, lambda uow: settling.take_under_review(uow, listing_id=listing))
    act(SYSTEM, lambda uow: settling.admit_listing(uow, listing_id=listing, case_id=1))
    return listing


class Cast:
    """A client's project, who may write the report, and three who offer to review it."""

    def __init__(self):
        self.client = make_enterprise()
        self.project = project_of(self.client)
        self.author, self.kin, self.free = (make_agent() for _ in range(3))
        self.report = admitted_listing(self.author, item=SERVICE, owners=shared_owner())
        self.reviews = {
            "author": (self.author, listed_too(self.author, ITEM)),
            "kin": (self.kin, admitted_listing(self.kin, item=ITEM, owners=shared_owner())),
            "free": (self.free, admitted_listing(self.free, item=ITEM)),
        }

    def write(self, state="contracted"):
        """The author is commissioned for the report, up to the contract."""
        ref = work(
            self.client,
            lambda uow: beginning.request_engagement(
                uow,
                project_id=self.project,
                item_code=SERVICE,
                listing_id=self.report,
                limit_days=15,
            ),
        )
        world = World(self.client, self.author, self.report, self.project, ref.id, ref.public_id)
        if state != "requested":
            take_on(world)
        if state == "contracted":
            contract(world)
        return world

    def pick(self, listing, project=None):
        return lambda uow: beginning.request_engagement(
            uow, project_id=project or self.project, item_code=ITEM, listing_id=listing
        )

    def ask(self, *listings):
        return lambda uow: asking.open_round(
            uow,
            project=self.project,
            item_code=ITEM,
            listings=listings,
            answer_by=ANSWER_BY,
        )

    def each(self, do):
        """What each of the three is told at a door; `do` is given the agent and the listing."""
        return {name: do(agent, listing) for name, (agent, listing) in self.reviews.items()}


@pytest.fixture
def cast():
    return Cast()


CLOSED = {"author": PREPARED, "kin": PREPARED, "free": ""}
OPEN = dict.fromkeys(CLOSED, "")


@pytest.mark.parametrize(
    ("state", "expected"), [("requested", OPEN), ("taken_on", OPEN), ("contracted", CLOSED)]
)
def test_who_wrote_the_report_or_is_tied_to_who_did_is_neither_picked_nor_asked(
    cast, state, expected
):
    cast.write(state)

    assert cast.each(lambda _agent, one: tried(cast.client, cast.pick(one))) == expected
    assert cast.each(lambda _agent, one: tried(cast.client, cast.ask(one))) == expected


def test_it_is_told_which_work_stands_in_the_way_and_kept_for_good(cast):
    world = cast.write()
    with pytest.raises(Refused) as found:
        work(cast.client, cast.pick(cast.reviews["kin"][1]))
    db.session.rollback()
    row = db.session.scalars(select(Preparer)).one()
    assert (row.item_code, row.record_kind, row.record_id) == (
        ITEM,
        "engagement",
        world.engagement_id,
    )
    assert found.value.details == {"service": SERVICE, "number": row.record_number}
    db.session.rollback()
    work(
        cast.client,
        lambda uow: ending.terminate_engagement(
            uow, engagement=world.engagement_id, reason="项目调整。"
        ),
    )
    assert tried(cast.client, cast.pick(cast.reviews["author"][1])) == PREPARED


def test_other_items_and_other_projects_stay_open(cast):
    cast.write()
    author, listing = cast.reviews["author"]
    elsewhere = project_of(cast.client)

    assert tried(cast.client, cast.pick(listing, elsewhere)) == ""
    there = listed_too(author, OTHER_ITEM)
    other = lambda uow: beginning.request_engagement(  # noqa: E731
        uow, project_id=cast.project, item_code=OTHER_ITEM, listing_id=there
    )
    assert tried(cast.client, other) == ""


def test_who_was_asked_before_does_not_answer_and_is_not_picked_afterwards(cast):
    ref = work(cast.client, cast.ask(*(one for _agent, one in cast.reviews.values())))
    party = quotation_requests(ref.id)

    def answer(agent):
        return lambda uow: answering.answer_request(
            uow, request=party[agent.organisation_id], price_fen=80_000, days=5
        )

    given = {name: work(agent, answer(agent)) for name, (agent, _one) in cast.reviews.items()}
    cast.write()
    assert cast.each(lambda agent, _one: tried(agent, answer(agent))) == CLOSED
    work(cast.client, lambda uow: asking.close_round(uow, quotation_round=ref.id))
    picks = {
        name: tried(
            cast.client,
            lambda uow, key=key: asking.pick_quotation(
                uow, quotation=key, reason="报价合理，时限更短。"
            ),
        )
        for name, key in given.items()
    }
    assert picks == CLOSED


def quotation_requests(round_id):
    found = round_party(db.session(), round_id).requests
    db.session.rollback()
    return {provider: key for key, _id, provider, _state in found}


def test_nobody_bids_for_the_review_of_their_own_report(cast):
    world = make_competition(project_id=cast.project, item_code=ITEM, prices=())
    sealed = bidding.Offer(price_fen=8_000_000, promised_days=5)
    place = lambda uow: bidding.place_bid(  # noqa: E731
        uow, competition=world.competition_id, offer=sealed
    )
    assert cast.each(lambda agent, _one: tried(agent, place)) == OPEN
    for agent, _one in cast.reviews.values():
        work(agent, place, world.now)
    cast.write()
    assert cast.each(lambda agent, _one: tried(agent, place)) == CLOSED


def test_a_bid_of_who_wrote_the_report_since_is_out_at_the_opening(cast):
    others = [offer(item=ITEM) for _ in range(2)]
    world = make_competition(project_id=cast.project, item_code=ITEM, offers=others)
    for agent in (cast.author, cast.free):
        sealed = bidding.Offer(price_fen=8_100_000, promised_days=5)
        world.do(agent, bidding.place_bid, offer=sealed)
    cast.write()
    for state in (
        CompetitionState.CLOSED,
        CompetitionState.OPENING_REQUESTED,
        CompetitionState.OPENED,
    ):
        advance(world, state)

    causes = {bid.organisation_id: bid.cause for bid in world.bids()}
    assert causes.pop(cast.author.organisation_id) == "prepared"
    assert set(causes.values()) == {""}


def test_who_was_picked_before_is_not_contracted_after_the_report(cast):
    review = cast.reviews["author"][1]
    ref = work(cast.client, cast.pick(review))
    world = World(cast.client, cast.author, review, cast.project, ref.id, ref.public_id)
    take_on(world)
    cast.write()

    put_forward(cast.client, ref.id)
    digest = shown_hash(ref.id)
    signing = lambda uow: contracts.confirm(  # noqa: E731
        uow, engagement=ref.id, content_hash=digest
    )
    assert tried(cast.author, signing) == PREPARED


def test_work_does_not_move_to_who_wrote_the_report(cast):
    other = make_agent()
    listing = admitted_listing(other, item=ITEM)
    ref = work(cast.client, cast.pick(listing))
    world = World(cast.client, other, listing, cast.project, ref.id, ref.public_id)
    take_on(world)
    contract(world)
    cast.write()

    def move(_agent, one):
        return tried(
            cast.client,
            lambda uow: moving.move_engagement(
                uow, engagement=ref.id, listing_id=one, reason="更换机构。"
            ),
        )

    assert cast.each(move) == CLOSED


def test_pages_ask_the_same_rule(cast):
    cast.write()
    who = {agent.organisation_id: name for name, (agent, _one) in cast.reviews.items()}
    session = db.session()
    found = projects.conflicts(session, cast.project, ITEM, list(who))
    assert {who[key]: one.reason for key, one in found.items()} == {
        name: code for name, code in CLOSED.items() if code
    }
