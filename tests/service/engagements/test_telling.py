"""Who is told of an engagement, on which desk it waits, and what the board of lights sees."""

import pytest
from sqlalchemy import select

from marketplace.desks.views.parts.engagements import engagement_desk
from marketplace.engagements import queries
from marketplace.engagements.queries import lists
from marketplace.engagements.rules import AWAITED, OPEN, Side, State, owes
from marketplace.infra.clock import business_now
from marketplace.infra.lists import Asked
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import EventRecord
from marketplace.notifications.models import Notification
from marketplace.notifications.wording import message_text, message_title
from marketplace.web.wording import label
from tests.conftest import TODAY
from tests.engagements import World, make_engagement


def told(session, user_id: int) -> list[str]:
    """The kinds of messages a person has, oldest first."""
    session.rollback()
    query = select(Notification.kind).where(Notification.user_id == user_id)
    return list(session.scalars(query.order_by(Notification.id)))


def settle(app) -> None:
    deliver_all(app.extensions["settings"], raise_errors=True)


def test_each_side_is_told_what_the_other_did(app, session):
    world = make_engagement(State.ACCEPTED)
    settle(app)

    assert told(session, world.provider.user_id) == [
        "engagement.requested",
        "engagement.contract_put_forward",
        "engagement.started",
        "engagement.accepted",
    ]
    assert told(session, world.client.user_id) == [
        "engagement.taken_on",
        "engagement.contracted",
        "engagement.delivered",
    ]


def test_a_pause_is_told_to_the_other_side(app, session):
    world = make_engagement(State.PAUSED)
    settle(app)

    assert "engagement.paused" in told(session, world.client.user_id)
    assert "engagement.paused" not in told(session, world.provider.user_id)


@pytest.mark.parametrize("state", [State.DECLINED, State.TERMINATED, State.CLOSED, State.RETURNED])
def test_every_message_reads_as_a_whole_sentence(app, session, state):
    make_engagement(state)
    settle(app)

    with app.test_request_context("/?lang=en"):
        for row in session.scalars(select(Notification)):
            words = message_title(row.kind, row.details), message_text(row.kind, row.details)
            assert all("%(" not in one and one for one in words)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_the_desk_of_the_side_that_owes_shows_it_and_the_other_does_not(app, session, state):
    world = make_engagement(state)

    def jobs(actor) -> int:
        with app.test_request_context("/?lang=en"):
            return len(engagement_desk(session, actor, business_now(session)).jobs)

    row = queries.engagement(session, world.public_id)
    side = owes(row.state, row.paused_by, row.contract_owed_by)
    sides = {"client": world.client, "provider": world.provider}
    for name, actor in sides.items():
        assert jobs(actor) == (name == side)


def waiting(session, world: World):
    session.rollback()
    rows = lists.WAITING.stream(session, Asked(), {"today": TODAY})
    return [one for one in rows if one.public_id == world.public_id and one.due_on]


@pytest.mark.parametrize("state", [state for state in State if state is not State.LAPSED])
def test_the_board_sees_whoever_owes_something_by_a_day(app, session, state):
    world = make_engagement(state)
    found = waiting(session, world)

    if state not in OPEN - {State.PAUSED}:
        assert found == []
        return
    (one,) = found
    owing = owes(state, None, Side.CLIENT)
    home = world.client if owing == "client" else world.provider
    assert one.owes_organisation_id == home.organisation_id
    assert one.what == f"engagement.{AWAITED[state]}"
    assert label(one.what) != one.what
    assert (one.light, one.about_organisation_id) == ("green", world.provider.organisation_id)


def test_every_event_of_an_engagement_names_both_sides_and_no_free_text(app, session):
    world = make_engagement(State.CLOSED)

    query = select(EventRecord).where(
        EventRecord.subject_kind == "engagement", EventRecord.subject_id == world.engagement_id
    )
    for record in session.scalars(query):
        assert record.payload["client_id"] == world.client.organisation_id
        assert record.payload["provider_id"] == world.provider.organisation_id
        assert not {"reason", "words", "body", "name"} & set(record.payload)
