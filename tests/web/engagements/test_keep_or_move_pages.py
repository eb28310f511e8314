"""The page on which a client keeps or moves work whose institution was removed."""

import pytest

from marketplace.engagements.rules import State
from tests.dossiers import admitted_listing
from tests.engagements import make_engagement, make_provider
from tests.quotations import listing_key
from tests.service.engagements.test_keep_or_move import remove
from tests.web.engagements.conftest import follow


def at(world, tail=""):
    return f"/engagements/{world.public_id}{tail}"


@pytest.fixture
def removed(app):
    world = make_engagement(State.IN_PROGRESS)
    remove(world)
    return world


def test_the_client_is_led_to_the_choice_and_keeps(person, removed):
    client = person(removed.client)
    assert "Keep or move engagement" in client.get("/desk").text
    assert at(removed, "/keep-or-move") in client.get(at(removed)).text

    done = follow(client, client.send(at(removed, "/keep-or-move"), way="keep", reason="可靠"))
    assert "Keep the institution for this work" in done.text
    assert client.get(at(removed, "/keep-or-move")).status_code == 302
    for reader in (client, person(removed.provider)):
        assert "可靠" in reader.get(at(removed)).text


def test_a_move_needs_an_institution_and_a_reason(person, removed):
    other = listing_key(admitted_listing(make_provider()))
    client = person(removed.client)
    path = at(removed, "/keep-or-move")

    wrong = client.send(path, way="move")
    assert wrong.status_code == 422
    assert "Choose the institution that takes over." in wrong.text
    assert "Say why the work moves." in wrong.text
    moved = follow(client, client.send(path, way="move", listing=other, reason="已被清退"))
    assert moved.request.path != at(removed)
    assert "Goes on from" in moved.text


def test_nobody_else_chooses_and_without_a_removal_there_is_nothing_to_choose(person, removed):
    assert person(removed.provider).get(at(removed, "/keep-or-move")).status_code == 404
    other = make_engagement(State.IN_PROGRESS)
    assert person(other.client).get(at(other, "/keep-or-move")).status_code == 404
