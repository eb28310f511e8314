"""Where places are published, and where everybody reads how many are free."""

import pytest

from marketplace.capacity import queries
from marketplace.engagements.rules import State
from marketplace.institutions.queries import institution, market
from marketplace.institutions.rules.market import RemovalCause
from marketplace.institutions.services import removal
from marketplace.kernel.actors import SYSTEM
from marketplace.projects import queries as projects
from tests.dossiers import act
from tests.engagements import (
    ITEM,
    listing_public_id,
    make_engagement,
    make_enterprise,
    make_world,
    names,
    project_of,
    request,
)
from tests.market import settle
from tests.service.capacity.test_places import another, publish
from tests.web.vetting.conftest import filled, person

__all__ = ["person"]


@pytest.fixture
def world(app, session):
    """An institution with an admitted listing, and an enterprise."""
    return make_world()


def page_of(session, world):
    return f"/my/institution/listings/{listing_public_id(session, world)}"


def published(session, world):
    session.rollback()
    return queries.capacity(session, world.listing_id).places


def test_the_institution_publishes_and_lowers_its_places(session, person, world):
    agent, page = person(world.provider), page_of(session, world)
    assert "未公布承接名额" in agent.get(page).text
    assert agent.send(f"{page}/places", places="3").location == page
    assert "公布承接名额 3 项：剩余 3 项" in agent.get(page).text
    for _ in range(2):
        request(another(world))
    agent.send(f"{page}/places", places="1")
    assert "在办委托再办结 2 项之前，不能被新选择" in agent.get(page).text
    agent.send(f"{page}/places", places="")
    assert published(session, world) is None


@pytest.mark.parametrize(
    ("typed", "status"), [("0", 409), ("1000", 409), ("-3", 422), ("2.5", 422), ("许多", 422)]
)
def test_what_is_no_number_of_places_is_said_beside_the_field_and_kept(
    session, person, world, typed, status
):
    agent, page = person(world.provider), page_of(session, world)
    answer = agent.send(f"{page}/places", places=typed)
    assert answer.status_code == status
    assert 'id="places-error"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert published(session, world) is None


def test_a_form_does_not_save_over_what_a_colleague_published_meanwhile(session, person, world):
    agent, page = person(world.provider), page_of(session, world)
    opened = agent.get(f"{page}/places")
    publish(world, 7)
    answer = agent.browser.post(f"{page}/places", data={**filled(opened), "places": "2"})
    assert answer.status_code == 409
    assert "7" in answer.text
    assert published(session, world) == 7


def test_a_full_institution_cannot_be_picked_and_the_page_says_why_and_what_to_do(
    session, person, world
):
    publish(world, 1)
    taken = request(another(world))
    key = listing_public_id(session, world)
    text = person(world.client).get(f"/engagements/new?listing={key}").text
    assert 'data-reason="capacity.full"' in text
    assert "请另选机构" in text
    assert person(taken.client).get(f"/engagements/{taken.public_id}").status_code == 200


def test_whoever_chooses_for_a_project_reads_which_are_full_and_may_ask_them(
    app, session, person, world
):
    publish(world, 1)
    request(another(world))
    settle()
    client = make_enterprise()
    project = projects.project(session, project_of(client)).public_id
    reader = person(client)
    assert 'data-reason="capacity.full"' in reader.get(f"/institutions/for/{project}/{ITEM}").text
    asking = reader.get(f"/institutions/for/{project}/{ITEM}?way=ask").text
    assert 'data-reason="capacity.full"' not in asking


def test_free_places_are_public_where_they_are_published(app, session, client, world):
    _client, provider = names(session, world)
    settle()
    found = client.get(f"/institutions?item={ITEM}").text
    assert provider in found
    assert "剩余名额" not in found
    publish(world, 3)
    request(another(world))
    session.rollback()

    assert "剩余名额 2 项" in client.get(f"/institutions?item={ITEM}").text
    assert "1 家公布了承接名额，合计剩余 2 项" in client.get(f"/items/{ITEM}").text
    listed = client.get(f"/api/v1/institutions?item={ITEM}").json["data"]
    offer = next(one for one in listed if one["name"] == provider)["offers"][0]
    assert (offer["places"], offer["places_free"]) == (3, 2)
    one = next(one for one in listed if one["name"] == provider)["id"]
    assert "剩余名额 2 项" in client.get(f"/institutions/{one}").text
    told = client.get(f"/api/v1/institutions/{one}").json["listings"][0]
    assert (told["places"], told["places_free"]) == (3, 2)


def test_of_a_listing_that_left_the_market_no_places_are_public(app, session, client, world):
    publish(world, 3)
    cause = RemovalCause.EXPIRED_CERTIFICATE
    act(SYSTEM, lambda uow: removal.remove_listing(uow, listing_id=world.listing_id, cause=cause))
    settle()
    session.rollback()

    found = institution(session, market.listing(session, world.listing_id).institution_id)
    told = client.get(f"/api/v1/institutions/{found.public_id}").json["listings"][0]
    assert (told["state"], told["places"], told["places_free"]) == ("removed", None, None)


def test_whoever_moves_reads_which_are_full(session, person, world):
    moving = make_engagement(State.IN_PROGRESS)
    publish(world, 1)
    request(another(world))
    text = person(moving.client).get(f"/engagements/{moving.public_id}/move").text
    assert "暂无剩余名额" in text
