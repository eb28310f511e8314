"""Places: published, taken by picks, freed by every end, and never asked for by awards."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.capacity import queries
from marketplace.capacity.models import Place
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.engagements.services import ending, moving
from marketplace.engagements.services.beginning import request_engagement
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import end_of_day
from marketplace.quotations.services.asking import open_round, pick_quotation
from tests.competitions import make_competition
from tests.engagements import (
    ITEM,
    REASON,
    World,
    accept,
    cancel,
    contract,
    decline,
    deliver,
    give_back,
    kinds,
    make_engagement,
    make_enterprise,
    make_world,
    project_of,
    refused,
    request,
    row_of,
    start,
    take_on,
    terminate,
    work,
)
from tests.market import PLAIN_ITEM
from tests.quotations import ANSWER_BY, closed_round, quotation_keys
from tests.service.capacity import acts

WHY = {"reason": "报价合理，时限更短。"}


def publish(world, places):
    work(world.provider, lambda uow: acts.publish(uow, world.listing_id, places))


def another(world):
    """The same institution, and another enterprise with a project."""
    db.session.rollback()
    client = make_enterprise()
    return World(client, world.provider, world.listing_id, project_of(client), 0, "")


def pick(world):
    """Another enterprise picks the institution: the code of the refusal, if it is refused."""
    try:
        request(another(world))
    except Refused as refusal:
        return refusal.code
    return ""


def stands(session, world):
    """How many places are published and how many works are in hand."""
    session.rollback()
    found = queries.capacity(session, world.listing_id)
    return found.places, found.in_hand


def numbers(session, listing_id):
    """The number of each work in the order in which they came, and whether it is still held."""
    session.rollback()
    query = select(Place.number, Place.freed_at.is_(None)).where(Place.listing_id == listing_id)
    return [tuple(row) for row in session.execute(query.order_by(Place.id))]


def test_without_a_published_number_there_is_no_limit(app, session):
    world = make_world()
    assert [pick(world) for _ in range(3)] == [""] * 3
    assert stands(session, world) == (None, 3)


def test_a_pick_takes_the_lowest_free_place_and_the_next_is_refused(app, session):
    world = make_world()
    publish(world, 2)
    first, second = request(another(world)), request(another(world))
    assert pick(world) == "capacity.full"

    decline(first)
    assert pick(world) == ""

    assert numbers(session, world.listing_id) == [(1, False), (2, True), (1, True)]
    assert row_of(session, second).state is State.REQUESTED


def test_a_lower_number_touches_no_work_and_refuses_until_enough_have_ended(app, session):
    world = make_world()
    publish(world, 3)
    works = [request(another(world)) for _ in range(3)]
    publish(world, 1)
    assert stands(session, world) == (1, 3)
    for one in works:
        assert row_of(session, one).state is State.REQUESTED
        assert pick(world) == "capacity.full"
        cancel(one)
    assert pick(world) == ""


def test_works_of_before_are_in_hand_without_a_number(app, session):
    world = make_world()
    request(another(world))
    publish(world, 2)
    assert pick(world) == ""
    assert pick(world) == "capacity.full"
    assert numbers(session, world.listing_id) == [(None, True), (1, True)]


def test_when_no_number_is_published_any_more_everybody_is_taken(app, session):
    world = make_world()
    publish(world, 1)
    request(another(world))
    publish(world, None)
    assert pick(world) == ""


ENDS = {
    "declined": (decline,),
    "cancelled as a request": (cancel,),
    "cancelled without a contract": (take_on, cancel),
    "terminated": (take_on, contract, terminate),
    "accepted": (take_on, contract, start, deliver, accept),
}


@pytest.mark.parametrize("way", ENDS)
def test_each_end_frees_the_place(app, session, way):
    world = make_world()
    publish(world, 1)
    taken = request(another(world))
    *before, last = ENDS[way]
    for step in before:
        step(taken)
        assert stands(session, world) == (1, 1)
    last(taken)
    assert stands(session, world) == (1, 0)
    assert pick(world) == ""


def test_a_request_that_lapses_frees_its_place(app, session):
    world = make_world()
    publish(world, 1)
    taken = request(another(world))
    over = end_of_day(row_of(session, taken).turn_due_on) + timedelta(hours=1)
    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=taken.engagement_id), over)
    assert kinds(session, taken)[-1] == "lapsed"
    assert stands(session, world) == (1, 0)


def test_a_version_that_is_returned_keeps_its_place(app, session):
    taken = make_engagement(State.DELIVERED)
    give_back(taken)
    assert stands(session, taken) == (None, 1)


def test_a_move_needs_a_place_and_ends_nothing_without_one(app, session):
    taken, other = make_engagement(State.IN_PROGRESS), make_world()
    publish(other, 1)
    held = request(another(other))
    to, key = other.listing_id, taken.engagement_id

    def move(uow):
        moving.move_engagement(uow, engagement=key, listing_id=to, reason=REASON)

    assert refused(taken.client, move) == "capacity.full"
    assert row_of(session, taken).state is State.IN_PROGRESS
    cancel(held)
    work(taken.client, move)
    assert stands(session, taken) == (None, 0)
    assert stands(session, other) == (1, 1)


def test_a_quotation_is_picked_only_with_a_place_and_may_be_asked_for_without_one(app, session):
    found = closed_round()
    asked, key = found.asked[0], quotation_keys(found)[0]
    full = World(found.client, asked.agent, asked.listing_id, 0, 0, "")
    publish(full, 1)
    assert pick(full) == ""

    assert (
        refused(found.client, lambda uow: pick_quotation(uow, quotation=key, **WHY))
        == "capacity.full"
    )

    asks = make_enterprise()
    said = {"item_code": ITEM, "listings": [asked.listing_id], "answer_by": ANSWER_BY}
    project = project_of(asks)
    work(asks, lambda uow: open_round(uow, project=project, words="请报价。", papers=[], **said))
    other = quotation_keys(found)[1]
    assert refused(found.client, lambda uow: pick_quotation(uow, quotation=other, **WHY)) == ""


def test_an_award_is_in_hand_without_a_number_and_is_never_refused(app, session):
    world = make_competition(CompetitionState.AWARDED)
    for offer in world.offers:
        work(offer.agent, lambda uow, offer=offer: acts.publish(uow, offer.listing_id, 1))
        client = make_enterprise()
        of = {"project_id": project_of(client), "listing_id": offer.listing_id}
        work(client, lambda uow, of=of: request_engagement(uow, item_code=PLAIN_ITEM, **of))
    db.session.rollback()
    deliver_all(app.extensions["settings"], raise_errors=True)
    session.rollback()
    won = session.scalars(select(Engagement).where(Engagement.competition_id.is_not(None))).one()
    assert numbers(session, won.listing_id) == [(1, True), (None, True)]
    assert queries.capacity(session, won.listing_id).until == 2


def test_others_publish_nothing(app, session):
    world, stranger = make_world(), make_world()
    with pytest.raises(NotFound):
        work(stranger.provider, lambda uow: acts.publish(uow, world.listing_id, 1))


def test_what_is_published_already_is_told_once(app, session):
    world = make_world()
    publish(world, 4)
    publish(world, 4)
    session.rollback()
    told = [entry.kind for entry in accounts.history(session, "listing", world.listing_id)]
    assert told.count("listing.places_published") == 1
