"""The page where a client says what becomes of work whose project is not active."""

import re

import pytest

from marketplace.engagements.rules import State
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity, Role
from tests.engagements import kinds, make_enterprise, row_of
from tests.factories import make_member, make_organisation
from tests.service.continuations.test_continuations import asked, becomes, found, over
from tests.web.vetting.conftest import person

__all__ = ["person"]


@pytest.fixture
def world(app, session):
    """Work in progress whose project is cancelled."""
    return asked(session)


def test_the_client_finds_it_on_its_desk_and_lets_the_work_go_on(session, person, world):
    client, page = person(world.client), found(session, world).address
    assert page in client.get("/desk").text
    assert page in client.get(f"/engagements/{world.public_id}").text
    shown = client.get(page).text
    for act in ("keep", "pause", "end"):
        assert f"{page}/{act}" in shown
    assert "项目虽不在推进" in client.get(f"{page}/keep").text

    client.send(f"{page}/keep", words="已与机构商定。")

    assert page not in client.get("/desk").text
    assert kinds(session, world)[-1] == "continuation_answered"
    shown = person(world.provider).get(f"/engagements/{world.public_id}").text
    assert "委托方已答复" in shown


def test_what_ending_brings_is_said_before_and_reasons_are_needed(session, person, world):
    client, page = person(world.client), found(session, world).address
    asking = client.get(f"{page}/end").text
    assert "委托终止" in asking
    assert "不会转给其他机构" in asking
    assert client.send(f"{page}/end", reason="").status_code != 303
    client.send(f"{page}/end", reason="项目不再建设。")
    assert row_of(session, world).state is State.TERMINATED


def test_others_find_nothing_and_the_institution_only_reads(session, person, world):
    page = found(session, world).address
    assert person(make_enterprise()).get(page).status_code == 404
    shown = person(world.provider).get(page)
    assert shown.status_code == 200
    assert f"{page}/keep" not in shown.text


def test_work_under_contract_says_why_it_may_not_start(app, session, person):
    world = asked(session, State.CONTRACTED)
    text = person(world.client).get(f"/engagements/{world.public_id}").text
    assert 'data-reason="continuation.may_not_start"' in text


def test_a_project_that_is_cancelled_says_so_and_nothing_is_left_to_say_when_it_is_active(
    session, person, world
):
    client, page = person(world.client), found(session, world).address
    becomes(session, world, "active", 3)
    assert page not in client.get("/desk").text
    assert page not in client.get(f"/engagements/{world.public_id}").text
    assert client.get(page).status_code == 200


def test_the_board_of_a_supervisor_leads_to_the_question(app, session, person):
    world = asked(session, State.CONTRACTED)
    settle_due(over(session, world))
    address = found(session, world).address
    office = person(make_member(make_organisation(Capacity.SUPERVISOR), Role.SUPERVISOR))
    board = office.get("/supervision?kind=continuation").text
    (place,) = re.findall(r'href="(/supervision/[a-z2-7]{10})', board)
    assert f'href="{address}"' in office.get(place).text
    assert office.get(address).status_code == 200
