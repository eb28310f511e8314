"""A complaint about work offers to attach its record; whoever decides reads it."""

import pytest

from marketplace.contracts.queries.reading import contract_in_force
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from tests.cases import make_association
from tests.engagements import make_engagement
from tests.service.incidents import acts
from tests.service.incidents.test_incidents import noted
from tests.web.complaints.test_pages import linked
from tests.web.vetting.conftest import filled

SAID = {"headline": "资料与人员问题", "body": "详见履约记录。"}
ATTACHED = "提交投诉时的履约记录"


@pytest.fixture
def world(app):
    """Work in progress with an incident."""
    made = make_engagement(State.IN_PROGRESS)
    noted(made)
    return made


def test_the_record_is_offered_and_read_by_whoever_decides(session, person, world):
    association = make_association()
    client, page = person(world.client), f"/engagements/{world.public_id}"
    form = f"/complaints/new?engagement={world.public_id}"
    assert form in client.get(page).text
    assert filled(client.get(form))["with_record"]

    answer = client.send(form, **SAID)
    assert answer.status_code == 303
    assert acts.WHAT in client.get(answer.location).text

    examiner = person(association.examiner)
    case = examiner.get(linked(examiner, "/complaints", "/complaints")).text
    assert ATTACHED in case
    assert acts.WHAT in case
    signed = contract_in_force(session, world.engagement_id)
    assert signed.content_hash in case
    assert f"{signed.number}（" in case


def test_it_can_be_left_out_and_nothing_typed_is_lost(person, world):
    make_association()
    client, form = person(world.client), f"/complaints/new?engagement={world.public_id}"
    values = filled(client.get(form))
    del values["with_record"]
    values.setlist("headline", [""])
    values.setlist("body", [SAID["body"]])
    again = client.browser.post(form, data=values)
    assert again.status_code == 422
    assert SAID["body"] in again.text
    assert "with_record" not in filled(again)

    values.setlist("headline", [SAID["headline"]])
    answer = client.browser.post(form, data=values)
    assert ATTACHED not in client.get(answer.location).text


def test_only_a_complaint_about_work_offers_it(client, world):
    row = institutions.listing(db.session(), world.listing_id)
    text = client.get(f"/complaints/new?institution={row.institution_public_id}").text
    assert "with_record" not in text
