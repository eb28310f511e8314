"""Pages of ratings: rate, revise, reply; what everybody reads."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from tests.dossiers import admitted_listing
from tests.engagements import make_engagement, make_enterprise, make_provider
from tests.market import settle
from tests.quotations import listing_key
from tests.web.engagements.conftest import filled, follow

SCORES = {"quality": "5", "timeliness": "4", "attitude": "5", "fees": "3", "conduct": "5"}


@pytest.fixture
def accepted(app):
    return make_engagement(State.ACCEPTED)


def at(world, tail=""):
    return f"/engagements/{world.public_id}{tail}"


def institution_path(world):
    key = institutions.listing(db.session(), world.listing_id).institution_public_id
    db.session.rollback()
    return f"/institutions/{key}"


# ------------------------------------------------------------------ rating


def test_nothing_is_chosen_beforehand_and_nothing_typed_is_lost(person, accepted):
    client = person(accepted.client)
    assert " checked" not in client.get(at(accepted, "/rating")).text.split("<main")[1]

    answer = client.send(at(accepted, "/rating"), quality="5", comment="很专业")
    assert answer.status_code == 422
    assert answer.text.count("Choose a score from 1 to 5.") >= 4
    assert "很专业" in answer.text


def test_a_score_that_does_not_exist_is_refused(person, accepted):
    answer = person(accepted.client).send(at(accepted, "/rating"), **SCORES | {"fees": "9"})
    assert answer.status_code == 422


def test_the_client_rates_revises_once_and_the_institution_replies(person, accepted):
    client, provider = person(accepted.client), person(accepted.provider)
    assert "Rate the service" in client.get(at(accepted)).text
    told = follow(client, client.send(at(accepted, "/rating"), comment="很专业", **SCORES)).text
    assert "Mean 4.40 of 5" in told
    assert "Revise the rating" in told

    revision = at(accepted, "/rating/revision")
    again = follow(client, client.send(revision, comment="尚可", **SCORES)).text
    assert "尚可" in again
    assert "What the rating said before it was revised" in again
    assert client.get(at(accepted, "/rating")).status_code == 302
    assert client.get(revision).status_code == 302

    reply = at(accepted, "/rating/reply")
    assert provider.send(reply, words="").status_code == 422
    assert "感谢" in follow(provider, provider.send(reply, words="感谢")).text
    assert provider.get(reply).status_code == 302


def test_each_side_has_its_own_form(person, accepted):
    client, provider = person(accepted.client), person(accepted.provider)

    assert provider.get(at(accepted, "/rating")).status_code == 404
    assert client.get(at(accepted, "/rating/reply")).status_code == 404
    assert person(make_enterprise()).get(at(accepted, "/rating")).status_code == 404


def test_two_ratings_at_once_leave_one(person, accepted):
    first, second = person(accepted.client), person(accepted.client)
    one = dict(filled(first.get(at(accepted, "/rating")))) | SCORES
    other = dict(filled(second.get(at(accepted, "/rating")))) | SCORES
    sent = [
        first.browser.post(at(accepted, "/rating"), data=one).status_code,
        second.browser.post(at(accepted, "/rating"), data=other | {"quality": "1"}).status_code,
    ]
    assert sent == [303, 409]
    assert "Mean 4.40 of 5" in first.get(at(accepted)).text


# ------------------------------------------------------------------ in public


def test_everybody_reads_ratings_facts_and_replies_but_no_enterprises_name(
    client, person, accepted
):
    settle()
    browser = person(accepted.client)
    browser.send(at(accepted, "/rating"), comment="很专业", **SCORES)
    provider = person(accepted.provider)
    provider.send(at(accepted, "/rating/reply"), words="感谢")
    text = client.get(institution_path(accepted) + "?lang=en").text

    assert "Mean 4.40 of 5 from 1 ratings" in text
    for words in ("很专业", "感谢", "An enterprise", "1 of 1"):
        assert words in text
    assert "Ask for a quotation" not in text
    name = accounts.organisation(db.session(), accepted.client.organisation_id).name
    assert name not in text
    assert "4.40 of 5 from 1 ratings" in client.get("/institutions?lang=en").text


def test_an_enterprise_asks_and_picks_from_the_public_pages(person, app):
    key = listing_key(admitted_listing(make_provider()))
    settle()
    row = institutions.listing(db.session(), key)
    path, institution = f"/institutions/{row.institution_public_id}", row.institution_public_id
    db.session.rollback()
    browser = person(make_enterprise())

    assert f"/quotations/new?item=JL-Z05&amp;listing={key}" in browser.get(path).text
    compared = browser.get(f"/institutions/compare?id={institution}").text
    assert f"/quotations/new?id={institution}" in compared
    assert "Ask those chosen for quotations" in browser.get("/institutions").text
    # Who has no project yet is led to where one is added.
    asked = browser.get(f"/quotations/new?item=JL-Z05&id={institution}")
    assert "No project needs this item now" in asked.text
