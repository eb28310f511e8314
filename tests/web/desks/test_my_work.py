"""The row of links under the sections: each person's own places of work, and no dead end."""

import re

import pytest

from tests.personas import Persona, sign_in


@pytest.mark.parametrize("persona", [one for one in Persona if one is not Persona.VISITOR])
def test_every_place_of_work_opens_for_whoever_is_led_there(client, persona):
    sign_in(client, persona)
    desk = client.get("/desk?lang=en").text
    row = re.search(r'<nav class="sections my-work".*?</nav>', desk, re.DOTALL).group()
    places = re.findall(r'<a href="([^"]+)"', row)

    assert places[0] == "/desk"
    assert len(places) >= 2
    assert {place: client.get(place, follow_redirects=True).status_code for place in places} == (
        dict.fromkeys(places, 200)
    )


def test_visitors_have_no_places_of_work(client):
    assert "my-work" not in client.get("/").text


@pytest.mark.parametrize("path", ["/desk", "/competitions/manage", "/projects", "/budgets"])
def test_one_bar_says_where_one_is(client, path):
    sign_in(client, Persona.DEPARTMENT_OFFICER)
    text = client.get(path).text
    row = re.search(r'<nav class="sections my-work".*?</nav>', text, re.DOTALL).group()

    assert row.count("aria-current") == 1


def test_a_link_on_a_number_says_what_is_counted(client):
    text = client.get("/?lang=en").text

    assert re.search(r'<a href="/institutions">\d+<span class="visually-hidden">[^<]*\w', text)
