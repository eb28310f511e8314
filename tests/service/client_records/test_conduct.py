"""What is counted of a client: each act of it that came too late, or never, of how many."""

from datetime import datetime, timedelta

import pytest

from marketplace.client_records.queries import records
from marketplace.client_records.rules import Figure, Share
from marketplace.contracts import services as contracts
from marketplace.contracts.queries import reading
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning, doing, ending
from marketplace.engagements.services.working import tell_moved
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import SHANGHAI, end_of_day, local_date
from tests.client_records import measured, record_of
from tests.engagements import (
    AMOUNT,
    CHECK,
    PAPER_OWED,
    World,
    cancel,
    confirm,
    decline,
    deliver,
    make_engagement,
    make_enterprise,
    make_provider,
    put_forward,
    row_of,
    work,
)

HOUR = timedelta(hours=1)


def due(session, world: World) -> datetime:
    """The instant at which the day of whoever has the turn is over."""
    return end_of_day(row_of(session, world).turn_due_on)


def settle(world: World, now: datetime) -> None:
    """The worker looks."""
    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=world.engagement_id), now)


def accept(world: World, now: datetime) -> None:
    work(
        world.client,
        lambda uow: doing.accept_delivery(uow, engagement=world.engagement_id),
        now,
    )


def give_back(world: World, now: datetime) -> None:
    said = {"reason": "第三章数据有误。", "points": [CHECK]}
    work(
        world.client,
        lambda uow: doing.return_delivery(uow, engagement=world.engagement_id, **said),
        now,
    )


def start(world: World, now: datetime) -> None:
    work(
        world.client,
        lambda uow: doing.start_work(uow, engagement=world.engagement_id, handed_over=[PAPER_OWED]),
        now,
    )


def of(session, world: World, figure: Figure, now: datetime) -> Share:
    return record_of(session, world.client.organisation_id, now).figures[figure]


def test_an_answer_on_the_last_day_is_in_time_and_one_after_it_is_late(app, session):
    world = make_engagement(State.DELIVERED)
    over = due(session, world)

    give_back(world, over - HOUR)

    assert of(session, world, Figure.DELIVERIES, over) == Share(0, 1)


@pytest.mark.parametrize("told", [True, False], ids=["the worker ran", "it did not"])
def test_an_answer_after_the_day_is_late_whether_or_not_the_worker_ran(app, session, told):
    world = make_engagement(State.DELIVERED)
    over = due(session, world)
    if told:
        settle(world, over)

    accept(world, over)

    assert of(session, world, Figure.DELIVERIES, over) == Share(1, 1)


def test_a_version_without_an_answer_counts_once_its_day_is_over(app, session):
    world = make_engagement(State.DELIVERED)
    over = due(session, world)

    assert of(session, world, Figure.DELIVERIES, over - HOUR) == Share(0, 0)

    settle(world, over)

    assert of(session, world, Figure.DELIVERIES, over + HOUR) == Share(1, 1)


def test_a_day_that_a_calendar_moved_is_the_day_that_counts(app, session):
    world = make_engagement(State.DELIVERED)
    was = due(session, world)
    moved = local_date(was) + timedelta(days=3)

    def move(uow) -> None:
        row = uow.lock(Engagement, world.engagement_id)
        day, row.turn_due_on = row.turn_due_on, moved
        tell_moved(uow, row, "acceptance", day, moved)

    work(SYSTEM, move)
    accept(world, was + HOUR)

    assert of(session, world, Figure.DELIVERIES, was + HOUR) == Share(0, 1)


def test_materials_confirmed_after_their_day_are_late(app, session):
    prompt, tardy = (make_engagement(State.CONTRACTED) for _ in range(2))
    over = due(session, tardy)
    start(prompt, over - HOUR)
    settle(tardy, over - 24 * HOUR)
    settle(tardy, over)
    start(tardy, over + HOUR)

    assert of(session, prompt, Figure.MATERIALS, over + HOUR) == Share(0, 1)
    assert of(session, tardy, Figure.MATERIALS, over + HOUR) == Share(1, 1)


def test_a_pick_that_lapsed_while_the_contract_waited_for_the_client_is_a_missed_turn(app, session):
    world = make_engagement(State.TAKEN_ON)
    over = due(session, world)
    settle(world, over)

    found = measured(session, world.client.organisation_id, over)

    assert found == {Figure.CONTRACTS: Share(1, 1), Figure.GIVEN_UP: Share(0, 1)}


def test_a_pick_that_lapsed_while_it_waited_for_the_institution_is_not_the_clients(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.client, world.engagement_id)
    over = due(session, world)
    settle(world, over)

    found = measured(session, world.client.organisation_id, over)

    assert found == {Figure.CONTRACTS: Share(0, 1), Figure.GIVEN_UP: Share(0, 1)}


def test_every_text_and_every_wish_of_the_institution_is_a_turn_of_the_client(app, session):
    world = make_engagement(State.TAKEN_ON)
    now = datetime.now(SHANGHAI)
    # The client draws up; the institution wants it otherwise; the client does so; it counter-offers
    # and the client confirms.
    put_forward(world.client, world.engagement_id, now=now)
    work(
        world.provider,
        lambda uow: contracts.ask_for_change(
            uow, engagement=world.engagement_id, reason="工期请延长。"
        ),
        now,
    )
    put_forward(world.client, world.engagement_id, now=now)
    put_forward(world.provider, world.engagement_id, now=now)
    confirm(world.client, world.engagement_id, now)

    assert of(session, world, Figure.CONTRACTS, now + HOUR) == Share(0, 3)


def test_what_one_takes_back_is_ones_turn_again(app, session):
    world = make_engagement(State.TAKEN_ON)
    over = due(session, world)
    put_forward(world.client, world.engagement_id)
    work(
        world.client,
        lambda uow: contracts.take_back(uow, engagement=world.engagement_id, reason="有误。"),
    )
    settle(world, over)

    assert of(session, world, Figure.CONTRACTS, over) == Share(1, 2)


def take_back(actor: Actor, world: World, now: datetime | None = None) -> None:
    said = {"engagement": world.engagement_id, "reason": "有误。"}
    work(actor, lambda uow: contracts.take_back(uow, **said), now)


def test_a_text_taken_back_waits_for_whoever_it_waited_for_before(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.provider, world.engagement_id)
    said = {"engagement": world.engagement_id, "reason": "工期请缩短。"}
    work(world.client, lambda uow: contracts.ask_for_change(uow, **said))
    # It waits for the institution; the client puts another in its place and takes that back.
    put_forward(world.client, world.engagement_id)
    take_back(world.client, world)
    over = due(session, world)
    settle(world, over)

    assert of(session, world, Figure.CONTRACTS, over) == Share(0, 1)


def test_a_client_misses_its_turn_that_a_text_taken_back_by_the_other_gave_back(app, session):
    world = make_engagement(State.TAKEN_ON)
    put_forward(world.provider, world.engagement_id)
    take_back(world.provider, world)
    over = due(session, world)
    settle(world, over)

    assert of(session, world, Figure.CONTRACTS, over) == Share(1, 1)


def test_a_client_that_gets_its_turn_back_when_the_day_is_over_has_not_missed_it(app, session):
    world = make_engagement(State.TAKEN_ON)
    over = due(session, world)
    put_forward(world.provider, world.engagement_id, now=over - HOUR)
    take_back(world.provider, world, over + HOUR)
    settle(world, over + 2 * HOUR)

    assert of(session, world, Figure.CONTRACTS, over + 3 * HOUR) == Share(0, 0)


def test_an_amendment_taken_back_waits_for_nobody(app, session):
    world = make_engagement(State.IN_PROGRESS)
    now = datetime.now(SHANGHAI)
    put_forward(world.client, world.engagement_id, AMOUNT + 1, now)
    take_back(world.client, world, now)
    put_forward(world.client, world.engagement_id, AMOUNT + 2, now)

    assert of(session, world, Figure.CONTRACTS, now + HOUR) == Share(0, 1)


@pytest.mark.parametrize("delivered", [True, False], ids=["with the client", "under way"])
def test_an_amendment_lapses_against_a_client_that_could_answer_it(app, session, delivered):
    world = make_engagement(State.IN_PROGRESS)
    put_forward(world.provider, world.engagement_id, AMOUNT + 1)
    waits = reading.versions_of(session, world.engagement_id)[0]
    session.rollback()
    if delivered:
        deliver(world)
    over = end_of_day(waits.due_on)
    work(SYSTEM, lambda uow: contracts.lapse_amendment(uow, version=waits.id), over)

    # The first text was the client's to draw up.
    found = Share(0, 1) if delivered else Share(1, 2)
    assert of(session, world, Figure.CONTRACTS, over + HOUR) == found


def test_materials_are_late_by_the_day_of_the_contract_without_the_worker(app, session):
    world = make_engagement(State.CONTRACTED)
    over = due(session, world)
    start(world, over + HOUR)

    assert of(session, world, Figure.MATERIALS, over + 2 * HOUR) == Share(1, 1)


def test_a_pick_that_the_client_cancels_is_given_up_and_one_declined_is_not(app, session):
    client, provider = make_enterprise(), make_provider()
    given_up = make_engagement(State.REQUESTED, client=client, provider=provider)
    cancel(given_up)
    declined = make_engagement(State.REQUESTED, client=client, provider=make_provider())
    decline(declined)
    taken_on = make_engagement(State.TAKEN_ON, client=client, provider=make_provider())
    make_engagement(State.REQUESTED, client=client, provider=make_provider())

    def steps_back(uow) -> None:
        beginning.cancel_engagement(uow, engagement=taken_on.engagement_id, reason="人手不足。")

    work(taken_on.provider, steps_back)

    now = datetime.now(SHANGHAI)
    assert of(session, given_up, Figure.GIVEN_UP, now) == Share(1, 3)
    assert record_of(session, client.organisation_id).commissioned == 4


def test_what_lies_more_than_two_years_back_is_not_counted(app, session):
    world = make_engagement(State.DELIVERED)
    over = due(session, world)
    accept(world, over)

    late = over.replace(year=over.year + 2)

    assert of(session, world, Figure.DELIVERIES, late) == Share(1, 1)
    assert of(session, world, Figure.DELIVERIES, late + timedelta(days=2)) == Share(0, 0)
    assert record_of(session, world.client.organisation_id, late).commissioned == 0


def test_an_enterprise_is_told_nothing_of_what_only_departments_do(app, session):
    world = make_engagement(State.REQUESTED)

    found = record_of(session, world.client.organisation_id)

    assert found.measured == {}
    assert list(found.figures) == [
        Figure.DELIVERIES,
        Figure.CONTRACTS,
        Figure.MATERIALS,
        Figure.GIVEN_UP,
        Figure.CONTINUATIONS,
    ]


def test_who_never_commissioned_anything_is_no_client(app, session):
    world = make_engagement(State.REQUESTED)
    client = records.client_by_key(session, world.client.organisation_id)
    assert client is not None
    assert records.client(session, client.public_id) == client
    assert records.client_by_key(session, world.provider.organisation_id) is None
    assert records.client_by_key(session, make_enterprise().organisation_id) is None
    with pytest.raises(NotFound):
        records.client(session, "zzzzzzzzzz")
