"""The last place is taken once, by real processes at the same instant, on both databases."""

import pytest
from sqlalchemy import func, select

from marketplace.capacity import queries
from marketplace.capacity.models import Place
from tests.engagements import kinds, make_enterprise, make_world, project_of, request
from tests.racing import Call, app, at_once
from tests.service.capacity import acts
from tests.service.capacity.test_places import another, publish
from tests.service.engagements import acts as works

__all__ = ["app"]
pytestmark = pytest.mark.slow
PICKS = 32


def picks(world, count):
    """So many enterprises that pick the same institution, each for a project of its own."""
    clients = [make_enterprise() for _ in range(count)]
    return [Call(one, works.pick, (project_of(one), world.listing_id)) for one in clients]


def in_hand(session, world):
    session.rollback()
    return queries.capacity(session, world.listing_id).in_hand


def test_thirty_two_picks_for_the_last_place_leave_one(app, session):
    world = make_world()
    publish(world, 3)
    for _ in range(2):
        request(another(world))

    answers = at_once(app, picks(world, PICKS))

    assert sorted(answers) == ["capacity.full"] * (PICKS - 1) + ["done"]
    assert in_hand(session, world) == 3
    held = select(func.count(Place.id), func.count(func.distinct(Place.number)))
    assert session.execute(held.where(Place.listing_id == world.listing_id)).one() == (3, 3)


def test_of_a_decline_and_two_picks_the_place_goes_to_one_at_most(app, session):
    world = make_world()
    publish(world, 1)
    taken = request(another(world))
    leaves = Call(taken.client, works.cancel, (taken.engagement_id,))

    answers = at_once(app, [leaves, *picks(world, 2)])

    assert answers[0] == "done"
    assert kinds(session, taken)[-1] == "cancelled"
    assert set(answers[1:]) <= {"done", "capacity.full"}
    assert in_hand(session, world) == answers[1:].count("done") <= 1


def test_a_lower_number_and_picks_at_once_never_give_out_more_than_one_of_the_two(app, session):
    world = make_world()
    publish(world, 4)
    lower = Call(world.provider, acts.publish, (world.listing_id, 1))

    answers = at_once(app, [lower, *picks(world, 6)])

    assert answers[0] == "done"
    taken = answers.count("done") - 1
    assert 1 <= taken <= 4
    assert answers.count("capacity.full") == 6 - taken
    assert in_hand(session, world) == taken
