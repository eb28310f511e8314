"""The enterprise of before finds all that it did for a project, and nothing of what others do."""

import re

import pytest

from marketplace.engagements.queries import handovers
from marketplace.engagements.rules import State
from tests.engagements import (
    ITEM,
    make_engagement,
    make_enterprise,
    project_public_id,
)
from tests.factories import open_session_for
from tests.market import settle
from tests.service.projects.test_changing_hands import give


@pytest.fixture
def handed(app, session):
    """Work that was taken on, and a round for another item; the record then names another."""
    world, other = make_engagement(State.TAKEN_ON), make_enterprise()
    give(session, world.project_id, other)
    settle()
    return world, other, project_public_id(session, world)


def browse(app, actor):
    """Somebody at a browser, reading English."""
    browser = app.test_client()
    open_session_for(browser, actor)
    browser.get("/?lang=en")
    return browser


def test_the_project_page_says_what_happened_and_leads_to_the_own_work(app, handed):
    world, _other, project = handed
    text = browse(app, world.client).get(f"/projects/{project}").text

    assert "now names another enterprise for this project" in text
    assert f"/engagements/{world.public_id}" in text
    assert "Approval items" not in text
    assert "Listed items this project needs now" not in text


def test_the_new_enterprise_reads_the_whole_record_and_who_holds_the_item(app, handed):
    _world, other, project = handed
    text = browse(app, other).get(f"/projects/{project}").text

    assert "Approval items" in text
    assert "commissions it and pays" in text


def test_no_link_of_the_old_enterprise_is_dead_and_others_find_nothing(app, handed):
    world, _other, project = handed
    links = (f"/projects/{project}", f"/engagements/{world.public_id}")
    for actor, status in ((world.client, 200), (make_enterprise(), 404)):
        browser = browse(app, actor)
        assert [browser.get(link).status_code for link in links] == [status] * 2


def test_a_pick_for_the_project_is_refused_in_words(app, handed):
    world, _other, project = handed
    browser = browse(app, world.client)
    address = f"/institutions/for/{project}/{ITEM}"
    answer = browser.get(address)

    assert answer.status_code == 200
    assert "now names another enterprise for this project" in answer.text


def test_both_find_the_question_on_their_desks_and_its_page_shows_how_it_ended(app, session):
    world, other = make_engagement(State.TAKEN_ON), make_enterprise()
    give(session, world.project_id, other)
    settle()
    page = handovers.shown_with(session, world.engagement_id).address
    session.rollback()
    for actor in (world.client, other):
        assert page in browse(app, actor).get("/desk").text
    assert page in browse(app, world.provider).get(f"/engagements/{world.public_id}").text

    browser = browse(app, other)
    text = browser.get(f"{page}/keep").text
    assert "stays with the enterprise that commissioned it" in text
    browser.post(f"{page}/keep", data=hidden(text) | {"reason": "由原单位办结。"})

    for actor in (world.client, other, world.provider):
        shown = browse(app, actor).get(page).text
        assert "Stays with whoever commissioned it" in shown
        assert "由原单位办结。" in shown
    assert page not in browse(app, other).get("/desk").text


def hidden(text):
    """What a form carries unseen."""
    return dict(re.findall(r'<input[^>]*name="(csrf_token|once)"[^>]*value="([^"]*)"', text))
