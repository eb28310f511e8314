"""Somebody's box: reading, counting, and keeping out of others'."""

import pytest
from sqlalchemy import select

from marketplace.notifications.models import Notification
from marketplace.vetting.rules import CaseState
from tests.cases import make_case
from tests.market import settle
from tests.web.vetting.conftest import Person, filled


@pytest.fixture
def world(app):
    """A case that was decided, and everybody told of it."""
    made = make_case(CaseState.DECIDED)
    settle()
    return made


@pytest.fixture
def agent(app, world):
    """The applicant at a browser."""
    return Person(app, world.agent)


def mine(session, actor):
    session.rollback()
    query = select(Notification).where(Notification.user_id == actor.user_id)
    return session.scalars(query.order_by(Notification.id)).all()


def test_messages_stand_in_the_box_newest_first_with_a_counter(agent, world, session):
    rows = mine(session, world.agent)
    page = agent.get("/notifications?lang=en").text
    places = [page.index(row.public_id) for row in reversed(rows)]
    assert places == sorted(places)
    unread = [row for row in rows if not row.read_at]
    assert f"Show only what is unread ({len(unread)})" in page
    assert f'<span class="count">{len(unread)}' in page


def test_opening_a_message_marks_it_read_and_leads_to_the_matter(agent, world, session):
    *_earlier, newest = mine(session, world.agent)
    path = f"/notifications/{newest.public_id}"
    assert newest.read_at is None

    answer = agent.browser.post(path, data=filled(agent.get("/notifications"), path))

    assert answer.status_code == 303
    assert answer.location == newest.address
    assert agent.get(newest.address).status_code == 200
    assert all(row.read_at for row in mine(session, world.agent))
    assert newest.public_id not in agent.get("/notifications?show=unread").text


def test_everything_is_marked_read_at_once_and_only_mine(agent, world, session):
    path = "/notifications/all"

    answer = agent.browser.post(path, data=filled(agent.get("/notifications"), path))

    assert answer.status_code == 303
    assert all(row.read_at for row in mine(session, world.agent))
    assert mine(session, world.association.examiner)[-1].read_at is None
    assert '<span class="count">' not in agent.get("/notifications").text


def test_a_message_of_somebody_else_does_not_exist(agent, world, session):
    own, foreign = mine(session, world.agent)[-1], mine(session, world.association.examiner)[-1]
    form = filled(agent.get("/notifications"), f"/notifications/{own.public_id}")

    answer = agent.browser.post(f"/notifications/{foreign.public_id}", data=form)

    assert answer.status_code == 404
    assert mine(session, world.association.examiner)[-1].read_at is None
    assert foreign.public_id not in agent.get("/notifications").text


def test_a_page_beyond_the_last_is_the_last(agent):
    for number in ("x", "-1", "999999999999999999999"):
        assert agent.get(f"/notifications?page={number}").status_code == 200
