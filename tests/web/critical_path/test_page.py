"""The page of a project's critical path: each figure with its numbers, and what nobody knows."""

import pytest

from marketplace.infra.database import db
from marketplace.projects import queries, services
from marketplace.projects.rules import ApprovalStatus, StandKind, StandRecord
from tests.conftest import TODAY
from tests.dossiers import admitted_listing
from tests.engagements import make_engagement, make_enterprise, make_provider, pause
from tests.factories import open_session_for, system_work
from tests.personas import Persona, sign_in
from tests.projects import approval_record, make_project
from tests.unit.shipped_calendar import SHIPPED

S = ApprovalStatus


def ago(days):
    return SHIPPED.add_workdays(TODAY, -days)


def approval(code, days, **changes):
    dates = {"accepted_on": ago(days), "due_on": None, "limit_value": 20}
    return approval_record(code, **dates | changes)


@pytest.fixture
def agent(app):
    actor, browser = make_enterprise(), app.test_client()
    open_session_for(browser, actor)
    browser.get("/?lang=en")
    return actor, browser


def page_of(agent, *approvals, stands=(), **changes):
    actor, browser = agent
    key = make_project(actor.organisation_id, approvals=approvals, stands=stands, **changes)
    row = queries.project(db.session(), key)
    db.session.rollback()
    answer = browser.get(f"/projects/{row.public_id}/path")
    assert answer.status_code == 200
    return row, answer.text


def said(text: str) -> str:
    """The page as one line of words."""
    return " ".join(text.replace("&#39;", "'").split())


def test_the_project_page_leads_here_and_every_figure_shows_its_numbers(agent):
    case = StandRecord(
        StandKind.COORDINATION, ("A03",), ago(8), ago(6), "1X-2026-7", "牵头部门", "会议纪要。"
    )
    row, text = page_of(agent, approval("A03", 10), approval("A08", 0, status=S.NOT_STARTED,
                        accepted_on=None, stage_code="S3"), stands=(case,))  # fmt: skip
    text = said(text)
    assert "8 (Lay with a department) + 0 (Waited for an institution)" in text
    assert "50 − 8 = 42" in text
    assert "8 (counted) + 2 (Stood: 1+X case) + 0 (Stood: supplement)" in text
    assert "= 10" in text
    assert SHIPPED.add_workdays(TODAY, 42).isoformat() in text
    assert "1X-2026-7" in text
    assert "会议纪要。" in text
    assert "吉政办发〔2018〕16号 二(二)" in text
    assert "no approval item with special conditions" in text
    assert "approval items of earlier stages" in text
    assert (
        f'href="/projects/{row.public_id}/path"' in agent[1].get(f"/projects/{row.public_id}").text
    )


def test_special_conditions_are_named(agent):
    _row, text = page_of(agent, approval("A03", 10), approval("C07", 3))
    assert "special conditions: C07" in said(text)
    assert "10 of 80" in said(text)


@pytest.mark.parametrize(
    ("approvals", "changes", "words"),
    [
        ((), {}, "The approval platform names none for this project."),
        (
            (approval("A03", 1, status=S.NOT_STARTED, accepted_on=None),),
            {},
            "The days of the plan have not begun",
        ),
        ((approval("A03", 5),), {"stands": None}, "no more than these days were used"),
        ((approval("A03", 5, status=S.PAUSED),), {}, "its clock stands; the platform does not say"),
        (
            (approval("A03", 5, status=S.REFUSED, decided_on=ago(1)),),
            {},
            "No end can be told: of A03",
        ),
        ((approval("A03", 5, limit_value=0),), {}, "No end can be told: of A03"),
        ((approval("A03", 5),), {}, "no clock of an approval item stood"),
        (
            (approval("A03", 60, status=S.GRANTED, decided_on=ago(2)),),
            {},
            "58 − 50 = 8 over",
        ),
        (
            (approval("A03", 9, status=S.GRANTED, decided_on=ago(2)),),
            {},
            "none: all ended before the days were used up",
        ),
    ],
)
def test_what_is_unknown_or_over_is_said(agent, approvals, changes, words):
    _row, text = page_of(agent, *approvals, **changes)
    assert words in said(text)


def test_a_change_that_could_not_be_fetched_is_said(agent):
    row, text = page_of(agent, approval("A03", 5))
    assert "could not be fetched yet" not in text
    with system_work() as uow:
        services.refresh_project(uow, code=row.code, revision=9)
    assert "could not be fetched yet" in agent[1].get(f"/projects/{row.public_id}/path").text


def test_the_work_its_pauses_and_the_faster_promise_are_shown(app):
    world, browser = make_engagement_paused(), app.test_client()
    admitted_listing(make_provider())
    open_session_for(browser, world.client)
    browser.get("/?lang=en")
    row = queries.project(db.session(), world.project_id)
    db.session.rollback()
    text = said(browser.get(f"/projects/{row.public_id}/path").text)
    assert "Work paused" in text
    assert "What a faster institution would save" in text
    assert f"/engagements/{world.public_id}" in text


def make_engagement_paused():
    from marketplace.engagements.rules import State

    world = make_engagement(State.IN_PROGRESS)
    pause(world, world.client)
    return world


def test_only_who_may_see_the_work_is_led_to_it(client):
    world = make_engagement_paused()
    row = queries.project(db.session(), world.project_id)
    db.session.rollback()
    for persona, led in ((Persona.DEPARTMENT_OFFICER, False), (Persona.SUPERVISOR, True)):
        sign_in(client, persona)
        text = client.get(f"/projects/{row.public_id}/path?lang=en").text
        assert "JL-Z05" in text
        assert (f"/engagements/{world.public_id}" in text) is led
    sign_in(client, Persona.INSTITUTION_AGENT)
    assert client.get(f"/projects/{row.public_id}/path").status_code == 404
