"""What a project needs, on its page, in the pick, in the public interface."""

from datetime import date

import pytest

from marketplace.engagements.models import Engagement
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.projects import queries, services
from marketplace.projects.rules import ApprovalStatus
from tests.dossiers import admitted_listing
from tests.engagements import ITEM, make_enterprise, make_provider
from tests.factories import open_session_for, system_work
from tests.projects import approval_record, make_project
from tests.web.engagements.conftest import filled

CALLS_FOR_IT = "C06"
DECIDED = date(2026, 11, 18)


@pytest.fixture
def world(app):
    """An enterprise at its browser, and an institution that offers the item."""
    actor, browser = make_enterprise(), app.test_client()
    open_session_for(browser, actor)
    listing = admitted_listing(make_provider())
    browser.get("/?lang=en")
    return browser, actor.organisation_id, listing


def project_with(enterprise_id, *approvals):
    key = make_project(enterprise_id, approvals=approvals)
    row = queries.project(db.session(), key)
    db.session.rollback()
    return row


def granted(code):
    return approval_record(code, status=ApprovalStatus.GRANTED, decided_on=DECIDED)


def announce(row):
    with system_work() as uow:
        services.refresh_project(uow, code=row.code, revision=9)


def pick_address(row, listing):
    key = institutions.listing(db.session(), listing).public_id
    db.session.rollback()
    return f"/engagements/new?listing={key}&project={row.public_id}"


def test_what_is_granted_is_folded_away_with_its_day(world):
    browser, own, _listing = world
    row = project_with(own, granted(CALLS_FOR_IT), approval_record("A05"))
    text = browser.get(f"/projects/{row.public_id}").text

    # The listed item, and apart from it the service that writes what it examines.
    assert "Not needed any more: 2 granted already" in text
    assert text.count("granted on 2026-11-18") == 2
    assert f"/institutions/for/{row.public_id}/JL-Z02" in text
    assert f"/institutions/for/{row.public_id}/{ITEM}" not in text


def test_what_is_not_known_is_said_and_nothing_is_folded_away(world):
    browser, own, _listing = world
    row = project_with(own, granted(CALLS_FOR_IT), approval_record("A05"))
    assert "could not be fetched yet" not in browser.get(f"/projects/{row.public_id}").text
    announce(row)
    text = browser.get(f"/projects/{row.public_id}").text

    assert "could not be fetched yet" in text
    assert "Not needed any more" not in text


def test_the_next_stage_comes_first(world):
    browser, own, _listing = world
    said = [approval_record("A05"), approval_record("C24"), approval_record("C05")]
    key = make_project(own, approvals=tuple(said), stage_code="S4")
    row = queries.project(db.session(), key)
    db.session.rollback()
    text = browser.get(f"/projects/{row.public_id}").text

    places = [text.index(f"/items/{code}") for code in ("JL-Z13", "JL-Z15", "JL-Z02")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("approvals", "words"),
    [
        ([granted(CALLS_FOR_IT)], "was granted on 2026-11-18"),
        ([approval_record("A05")], "None of the approval items"),
    ],
)
def test_a_pick_of_what_is_not_needed_is_refused_with_the_reason(world, approvals, words):
    """Whoever opened the form before keeps what they typed."""
    browser, own, listing = world
    row = project_with(own, approval_record(CALLS_FOR_IT))
    address = pick_address(row, listing)
    page = browser.get(address)
    make_project(own, code=row.code, approvals=tuple(approvals), revision=2)

    sent = browser.post(address, data={**dict(filled(page).items()), "words": "请办理。"})

    assert sent.status_code in {409, 422}
    assert words in sent.text
    assert "请办理。" in sent.text
    assert words in browser.get(address).text
    assert db.session.query(Engagement).count() == 0


def test_where_the_platform_has_not_answered_the_client_confirms(world):
    browser, own, listing = world
    row = project_with(own, approval_record(CALLS_FOR_IT))
    address = pick_address(row, listing)
    assert 'name="need_confirmed"' not in browser.get(address).text
    announce(row)
    page = browser.get(address)
    assert 'name="need_confirmed"' in page.text

    fields = {key: said for key, said in filled(page).items() if key != "need_confirmed"}
    sent = browser.post(address, data={**fields, "words": "仍请办理。"})
    assert sent.status_code in {409, 422}
    assert "not certain now" in sent.text
    assert "仍请办理。" in sent.text

    fields = dict(filled(sent).items()) | {"need_confirmed": "y"}
    assert browser.post(address, data=fields).status_code == 303


def test_projects_that_do_not_need_it_are_named_with_the_reason(world):
    browser, own, listing = world
    needing = project_with(own, approval_record(CALLS_FOR_IT))
    done = make_project(own, name="已办示例项目", approvals=(granted(CALLS_FOR_IT),))
    text = browser.get(pick_address(needing, listing).split("&", 1)[0]).text

    assert f'value="{needing.public_id}"' in text
    assert queries.project(db.session(), done).public_id not in text
    assert "Projects for which this item cannot be commissioned now" in text
    assert "已办示例项目" in text
