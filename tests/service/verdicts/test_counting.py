"""A return by the department counts as one by the client, once where both are one organisation."""

from datetime import timedelta

from marketplace.engagements.queries import facts
from marketplace.engagements.rules import State
from marketplace.kernel.times import local_date
from marketplace.ratings import queries as ratings
from marketplace.verdicts import queries
from tests.conftest import NOON
from tests.engagements import accept, deliver, make_engagement, rate, row_of
from tests.verdicts import judge


def returns(session, world) -> int:
    session.rollback()
    day, listing = local_date(NOON), world.listing_id
    work = facts.accepted_work(session, [listing], day, day + timedelta(days=1))
    ((one,),) = queries.counted(session, work).values()
    return one.returns


def test_a_return_after_closing_counts_against_the_first_pass_until_it_is_corrected(app, session):
    world = make_engagement(State.ACCEPTED)
    rate(world)
    assert returns(session, world) == 0

    judge(session, world, "returned")
    assert returns(session, world) == 1
    measured = ratings.measured_work(session, [world.listing_id])[world.listing_id]
    assert measured.without_return == 0

    judge(session, world, "accepted", 2)
    assert returns(session, world) == 0
    measured = ratings.measured_work(session, [world.listing_id])[world.listing_id]
    assert measured.without_return == 1


def test_a_version_that_client_and_department_returned_counts_once_where_they_are_one(
    app, session, monkeypatch
):
    world = make_engagement(State.RETURNED)
    deliver(world)
    accept(world)
    judge(session, world, "returned")
    assert returns(session, world) == 2

    client = row_of(session, world).client_id
    versions = {world.engagement_id: {1: client}}
    monkeypatch.setattr(queries, "returned_versions", lambda *_: versions)
    assert returns(session, world) == 1
