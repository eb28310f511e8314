"""The table of all who may be chosen for an item of a project."""

import re

import pytest

from marketplace.discovery.views.beside import SORTS
from marketplace.engagements.queries.facts import work_figures
from marketplace.engagements.rules import State
from marketplace.projects import queries as projects
from tests.engagements import ITEM, make_engagement, make_enterprise, make_world, names, project_of
from tests.service.capacity.test_places import pick, publish
from tests.web.vetting.conftest import person

__all__ = ["person"]


@pytest.fixture
def two(app, session):
    """An institution whose work was accepted and rated, and one of which nothing is known."""
    return make_engagement(State.CLOSED), make_world()


@pytest.fixture
def table(session, person):
    """The table as a new enterprise reads it, in English."""
    client = make_enterprise()
    key = projects.project(session, project_of(client)).public_id
    session.rollback()
    reader = person(client)
    reader.get("/?lang=en")

    def read(query=""):
        answer = reader.get(f"/institutions/for/{key}/{ITEM}/table{query}")
        assert answer.status_code == 200
        return answer.text

    return read


def rows(text):
    """The words of each row, by the name in its head."""
    body = text[text.index("<tbody") : text.index("</tbody>")]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        words = " ".join(re.sub(r"<[^>]*>", " ", row).split())
        found[re.search(r"<th[^>]*>.*?<a[^>]*>([^<]*)", row, re.DOTALL)[1].strip()] = words
    return found


def test_what_was_measured_has_its_number_and_what_is_not_known_is_no_zero(two, session, table):
    measured, unknown = (names(session, world)[1] for world in two)
    session.rollback()
    found = rows(table())
    assert "1 of 1" in found[measured]
    assert "mean of 1 works" in found[measured]
    assert "from 1 ratings" in found[measured]
    assert found[unknown].count("nothing known yet") == 4
    assert "not published" in found[unknown]
    assert " 0 " not in found[unknown]


@pytest.mark.parametrize("column", SORTS)
def test_every_column_sorts_both_ways_and_says_so(two, session, table, column):
    up, down = table(f"?sort={column}"), table(f"?sort=-{column}")
    assert up.count('aria-sort="ascending"') == down.count('aria-sort="descending"') == 1
    assert len(rows(up)) == len(rows(down)) == 2


@pytest.mark.parametrize("sort", ["rating", "-rating", "used", "-used", "on-time", "-first"])
def test_what_is_not_known_comes_last_in_both_directions(two, session, table, sort):
    measured, unknown = (names(session, world)[1] for world in two)
    session.rollback()
    assert list(rows(table(f"?sort={sort}"))) == [measured, unknown]


def test_who_has_no_place_free_is_told_apart_and_cannot_be_chosen(two, session, table):
    full = two[1]
    publish(full, 1)
    assert pick(full) == ""
    name = names(session, full)[1]
    session.rollback()
    text = table("?sort=free")
    assert 'data-reason="capacity.full"' in text
    assert next(iter(rows(text))) == name


def test_figures_of_many_works_are_one_query(two, session):
    done, other = two
    found = work_figures(session, [done.listing_id, other.listing_id])
    assert set(found) == {done.listing_id}
    one = found[done.listing_id]
    assert (one.count, one.within_limit, one.without_return, one.timed) == (1, 1, 1, 1)
