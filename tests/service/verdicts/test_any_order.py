"""Verdicts come in any order and twice, before the acceptance too, and end in the same state."""

from itertools import permutations

import pytest

from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.engagements.services import doing
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.verdicts import services
from marketplace.verdicts.queries import verdicts_of
from tests.engagements import accept, deliver, make_engagement
from tests.verdicts import message, number_of, take

SETS = {
    "returned, then corrected": ("returned", "accepted"),
    "accepted, then corrected": ("accepted", "returned"),
    "to and fro": ("returned", "accepted", "returned"),
    "to and fro, the other way round": ("accepted", "returned", "accepted"),
    "corrected in its words": ("returned", "returned"),
}
ENDS = {"accepted": State.ACCEPTED, "returned": State.RETURNED}


class Undone(Exception):
    """One order was tried."""


def outcome(uow: UnitOfWork, engagement: int) -> tuple[object, ...]:
    """What counts in the end: the state, the clock, the verdicts and which replaces which."""
    uow.flush()
    uow.session.expire_all()
    row = uow.session.get_one(Engagement, engagement)
    told = verdicts_of(uow.session, engagement)
    place = {one.id: len(told) - number for number, one in enumerate(told)}
    verdicts = [
        (one.version, str(one.state), str(one.outcome), one.score, place.get(one.replaces_id))
        for one in told
    ]
    return (row.state, row.accepted_at is None, row.rework_days, row.turn_due_on, verdicts)


def in_order(app, order, engagement: int, now) -> tuple[object, ...]:
    """What one order leaves behind; it is taken back."""
    found: tuple[object, ...] = ()
    try:
        with UnitOfWork(SYSTEM, now) as uow:
            for step in order:
                step(uow)
            found = outcome(uow, engagement)
            raise Undone
    except Undone:
        return found


@pytest.mark.parametrize("name", SETS)
def test_every_order_with_every_message_twice_ends_alike(app, session, uow, name):
    world = make_engagement(State.ACCEPTED)
    number, key = number_of(session, world), world.engagement_id
    now = uow().now
    told = [
        message(number, said, place, score=place) for place, said in enumerate(SETS[name], start=1)
    ]
    steps = [lambda one, told=each: take(one, told) for each in told]
    orders = set(permutations([*range(len(steps)), *range(len(steps))]))
    waits = [lambda one: services.await_verdict(one, engagement=key, version=1)]

    ends = [
        in_order(app, [*waits, *(steps[place] for place in order)], key, now) for order in orders
    ]

    assert all(end == ends[0] for end in ends)
    assert ends[0][0] is ENDS[SETS[name][-1]]
    counted = [(state, score) for _, state, _, score, _ in ends[0][-1]]
    last = SETS[name][-1]
    rest = [("corrected", place) for place in range(len(told) - 1, 0, -1)]
    assert counted == [(last, len(told)), *rest]
    assert [replaced for *_, replaced in ends[0][-1]] == [*range(len(told) - 1, 0, -1), None]


@pytest.mark.parametrize("name", SETS)
def test_verdicts_that_come_before_the_acceptance_end_as_those_after(app, session, uow, name):
    world = make_engagement(State.DELIVERED)
    number, key = number_of(session, world), world.engagement_id
    now = uow().now

    def accepts(one: UnitOfWork) -> None:
        one.actor = world.client
        doing.accept_delivery(one, engagement=key)
        one.actor = SYSTEM

    def is_told(one: UnitOfWork) -> None:
        services.await_verdict(one, engagement=key, version=1)

    told = [message(number, said, place) for place, said in enumerate(SETS[name], start=1)]
    steps = [accepts, is_told, *(lambda one, told=each: take(one, told) for each in told)]
    orders = [order for order in permutations(range(len(steps))) if order.index(0) < order.index(1)]

    ends = [in_order(app, [steps[place] for place in order], key, now) for order in orders]

    assert all(end == ends[0] for end in ends)
    assert ends[0][0] is ENDS[SETS[name][-1]]


def test_a_verdict_on_a_version_that_another_followed_changes_nothing_whenever_it_comes(
    app, session, uow
):
    world = make_engagement(State.RETURNED)
    deliver(world)
    accept(world)
    number, key, now = number_of(session, world), world.engagement_id, uow().now
    steps = [
        lambda one, told=each: take(one, told)
        for each in (
            message(number, "returned", 1),
            message(number, "accepted", 2, version=2, score=5),
        )
    ]

    ends = [in_order(app, order, key, now) for order in (steps, steps[::-1])]

    assert ends[0] == ends[1]
    assert ends[0][0] is State.ACCEPTED
