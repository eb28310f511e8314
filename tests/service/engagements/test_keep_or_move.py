"""Keep or move: work under way whose listing was removed."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from marketplace.engagements.events import EngagementTerminated
from marketplace.engagements.queries import choosing, lists
from marketplace.engagements.rules import State, Way
from marketplace.engagements.services import moving
from marketplace.institutions import services as institutions
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import SHANGHAI
from tests.dossiers import admitted_listing
from tests.engagements import (
    kinds,
    last_event,
    make_engagement,
    make_provider,
    refused,
    row_of,
    work,
)
from tests.market import settle

TODAY = date(2026, 11, 23)


def remove(world):
    """The listing is removed, and its clients are asked."""
    work(
        SYSTEM,
        lambda uow: institutions.remove_listing(
            uow, listing_id=world.listing_id, cause=RemovalCause.ASSESSMENT
        ),
    )
    settle()


def open_choices(session, world):
    session.rollback()
    return choosing.choices_owed_by(session, world.client.organisation_id).rows


def test_a_removal_asks_the_client_of_each_work_under_way_once(session, app):
    world = make_engagement(State.IN_PROGRESS)
    remove(world)
    again = SimpleNamespace(**vars(world))
    asked = open_choices(session, again)

    assert [one.public_id for one in asked] == [world.public_id]
    assert kinds(session, world).count("choice_asked") == 1


def test_after_a_second_removal_one_answer_is_enough(session, app):
    world = make_engagement(State.IN_PROGRESS)
    for event_id in (5, 6):
        work(
            SYSTEM,
            lambda uow, removal=event_id: moving.ask_choices(
                uow, listing_id=world.listing_id, event_id=removal
            ),
        )
    assert len(open_choices(session, world)) == 1

    work(world.client, lambda uow: moving.keep_institution(uow, engagement=world.engagement_id))
    assert open_choices(session, world) == ()


@pytest.mark.parametrize("state", [State.ACCEPTED, State.CLOSED, State.TERMINATED])
def test_nothing_is_asked_about_work_that_is_done_or_ended(session, app, state):
    world = make_engagement(state)
    remove(world)

    assert open_choices(session, world) == ()
    assert "choice_asked" not in kinds(session, world)


def test_the_client_keeps_the_institution_and_the_work_goes_on(session, app):
    world = make_engagement(State.IN_PROGRESS)
    remove(world)
    work(
        world.client,
        lambda uow: moving.keep_institution(uow, engagement=world.engagement_id, reason="可靠"),
    )

    assert open_choices(session, world) == ()
    assert choosing.choice_of(session, world.engagement_id).way is Way.KEEP
    assert row_of(session, world).state is State.IN_PROGRESS
    again = refused(
        world.client,
        lambda uow: moving.keep_institution(uow, engagement=world.engagement_id),
    )
    assert again == "moving.already_chosen"


def test_the_client_moves_the_work_to_another_institution(session, app):
    world = make_engagement(State.IN_PROGRESS)
    other = admitted_listing(make_provider())
    remove(world)
    ref = work(
        world.client,
        lambda uow: moving.move_on(
            uow, engagement=world.engagement_id, listing_id=other, reason="已被清退"
        ),
    )

    row = row_of(session, world)
    assert (row.state, row.successor_id) == (State.TERMINATED, ref.id)
    assert last_event(session, world).kind == EngagementTerminated.KIND
    assert choosing.choice_of(session, world.engagement_id).way is Way.MOVE
    assert lists.engagement(session, ref.id).listing_id == other


def test_work_does_not_move_to_the_removed_institution_and_then_nothing_is_chosen(session, app):
    world = make_engagement(State.IN_PROGRESS)
    remove(world)
    code = refused(
        world.client,
        lambda uow: moving.move_on(
            uow, engagement=world.engagement_id, listing_id=world.listing_id, reason="已被清退"
        ),
    )

    assert code == "listing.not_admitted"
    assert len(open_choices(session, world)) == 1
    assert row_of(session, world).state is State.IN_PROGRESS


def test_the_institution_chooses_nothing(app):
    world = make_engagement(State.IN_PROGRESS)
    remove(world)
    with pytest.raises(NotFound):
        work(
            world.provider,
            lambda uow: moving.keep_institution(uow, engagement=world.engagement_id),
        )


def test_a_choice_exists_only_where_it_was_asked(app):
    world = make_engagement(State.IN_PROGRESS)
    with pytest.raises(NotFound):
        work(
            world.client,
            lambda uow: moving.keep_institution(uow, engagement=world.engagement_id),
            datetime.now(SHANGHAI),
        )
