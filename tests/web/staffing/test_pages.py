"""Where an institution says who does a work, and how both sides read that somebody is flagged."""

import pytest

from marketplace.engagements.rules import State
from tests.engagements import kinds, make_engagement, request, row_of, take_on
from tests.service.capacity.test_places import another
from tests.service.staffing.test_naming import name, person_of
from tests.web.vetting.conftest import person

__all__ = ["person"]
FLAG = "同期另有委托"


@pytest.fixture
def two(app, session):
    """A work begun, with its practitioner named, and another request of the same institution."""
    first = make_engagement(State.IN_PROGRESS)
    name(first, person_of(first))
    return first, request(another(first))


def page_of(world):
    return f"/engagements/{world.public_id}"


def test_both_sides_read_who_does_the_work_and_who_is_named_elsewhere(two, session, person):
    first, second = two
    take_on(second)
    agent = person(second.provider)
    asking = agent.get(f"{page_of(second)}/practitioners").text
    number = row_of(session, first).number
    assert f"同时列入 {number}" in asking

    agent.send(f"{page_of(second)}/practitioners", practitioners=person_of(first))

    assert kinds(session, second)[-1] == "practitioners_named"
    for world, other in ((first, second), (second, first)):
        mine = person(world.client).get(page_of(world)).text
        assert FLAG in mine
        # The client of one work does not read of whose other work it is.
        assert row_of(session, other).number not in mine
        assert row_of(session, other).number in agent.get(page_of(world)).text


def test_the_institution_may_name_people_when_it_takes_a_work_on(two, session, person):
    _first, second = two
    agent = person(second.provider)
    assert "同时列入" in agent.get(f"{page_of(second)}/take-on").text
    agent.send(f"{page_of(second)}/take-on", practitioners=person_of(second))
    assert kinds(session, second)[-2:] == ["taken_on", "practitioners_named"]
    assert FLAG in person(second.client).get(page_of(second)).text


def test_nothing_is_asked_of_the_client(two, person):
    first, _second = two
    client = person(first.client)
    assert client.get(f"{page_of(first)}/practitioners").status_code == 404
    text = client.get(page_of(first)).text
    assert "承办人员" in text
    assert f"{page_of(first)}/practitioners" not in text
    assert FLAG not in text
