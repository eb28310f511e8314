"""Items, institutions, projects and engagements as programs read them."""

import re

import pytest

from marketplace.discovery import services as index
from marketplace.engagements.rules import State
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Capacity, Role
from marketplace.projects import queries as projects
from marketplace.vetting.rules import CaseState
from tests.cases import make_association, make_case
from tests.engagements import make_engagement
from tests.factories import make_agent, make_member, make_organisation
from tests.programs import make_token
from tests.projects import make_project
from tests.web.api.conftest import code_of


def followed(ask, path: str, **more) -> list[dict]:
    """The rows of all pages, one after the other."""
    mark, rows = "&" if "?" in path else "?", []
    answer = ask(path, **more)
    while True:
        assert answer.status_code == 200, answer.text
        rows += answer.json["data"]
        if answer.json["next"] is None:
            return rows
        answer = ask(f"{path}{mark}cursor={answer.json['next']}", **more)


@pytest.fixture
def market(app):
    """Three admitted institutions."""
    association = make_association("JL-Z01", "JL-Z03")
    worlds = [make_case(CaseState.DECIDED, association=association) for _ in range(3)]
    index.rebuild()
    return worlds


def test_all_items_come_in_pages_once_and_in_order(ask):
    whole = [row["code"] for row in ask("/items?limit=100").json["data"]]

    assert len(whole) > 10
    assert [row["code"] for row in followed(ask, "/items?limit=4")] == whole == sorted(whole)
    assert ask("/items/JL-Z01").json == ask("/items?limit=1").json["data"][0]


def test_answers_to_everybody_may_be_kept_and_are_known_by_their_mark(ask):
    first = ask("/items")
    again = ask("/items", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.data) == (304, b"")


def test_the_directory_answers_as_its_page_does(ask, market):
    answer = ask("/institutions").json
    rows = followed(ask, "/institutions?limit=1&sort=name")

    assert answer["total"] == len(rows) == 3
    assert {row["id"] for row in rows} == {row["id"] for row in answer["data"]}
    assert answer["counts"]["item"] == {"JL-Z01": 3}
    assert answer["counts"]["grade"] == {"none": 3}
    assert answer["counts"]["region"]["220000"] == 3
    offer = answer["data"][0]["offers"][0]
    assert offer["item_code"] == "JL-Z01"
    assert offer["price"] is None or re.fullmatch(r"\d+\.\d\d", offer["price"])


def test_the_directorys_filters_narrow(ask, market):
    assert ask("/institutions?item=JL-Z03").json["total"] == 0
    assert ask("/institutions?item=JL-Z03&item=JL-Z01&grade=none").json["total"] == 3
    assert ask("/institutions?region=222400").json["total"] == 0
    assert ask("/institutions?q=nobody-is-called-so").json["data"] == []


def test_the_directory_answers_without_its_index(ask, market, monkeypatch):
    from marketplace.discovery import queries
    from search import IndexMissing

    def missing():
        raise IndexMissing

    monkeypatch.setattr(queries.services, "directory", missing)

    assert len(followed(ask, "/institutions?limit=2")) == 3


def test_one_institution_shows_what_is_public_and_nothing_else(ask, market, session):
    row = institutions.my_institution(session, market[0].agent.organisation_id)
    facts = institutions.facts_in_force(session, row.id)

    answer = ask(f"/institutions/{row.public_id}")

    assert answer.status_code == 200
    assert answer.json["name"] == row.name
    assert answer.json["listings"][0]["state"] == "admitted"
    assert answer.json["qualifications"]
    assert facts.contact_mobile not in answer.text
    assert code_of(ask("/institutions/aaaaaaaaaa")) == (404, "api.not_found")


def test_an_enterprise_reads_its_own_projects_and_nobody_elses(ask, session):
    mine, other = make_agent(Capacity.ENTERPRISE), make_agent(Capacity.ENTERPRISE)
    ours = [make_project(enterprise_id=mine.organisation_id) for _ in range(5)]
    theirs = projects.project(session, make_project(enterprise_id=other.organisation_id)).public_id
    token = make_token(mine)

    rows = followed(ask, "/projects?limit=2", token=token)

    known = projects.projects(session, ours)
    assert [row["id"] for row in rows] == [
        one.public_id for one in sorted(known.values(), key=lambda one: one.code)
    ]
    one = ask(f"/projects/{rows[0]['id']}", token=token)
    assert one.json["investment"] == "12000000.00"
    assert {need["item_code"][:4] for need in one.json["needs"]} == {"JL-Z"}
    assert {need["item_code"][:4] for need in one.json["services"]} == {"JL-S"}
    assert one.headers["Cache-Control"] == "private, no-cache"
    assert code_of(ask(f"/projects/{theirs}", token=token)) == (404, "api.not_found")


def test_a_department_reads_the_projects_of_its_region(ask):
    enterprise = make_agent(Capacity.ENTERPRISE)
    make_project(enterprise_id=enterprise.organisation_id, region_code="220102")
    make_project(enterprise_id=enterprise.organisation_id, region_code="220202")
    department = make_organisation(Capacity.DEPARTMENT, region_code="220100")
    officer = make_member(department, Role.ORGANISATION_ADMIN, Role.DEPARTMENT_OFFICER)

    rows = followed(ask, "/projects", token=make_token(officer))

    assert [row["region_code"] for row in rows] == ["220102"]


def test_both_sides_read_an_engagement_and_nobody_else(ask):
    world = make_engagement(State.CONTRACTED)
    stranger = make_token(make_agent(Capacity.ENTERPRISE))

    for party in (world.client, world.provider):
        token = make_token(party)
        rows = followed(ask, "/engagements", token=token)
        assert [(row["id"], row["state"], row["turn"]) for row in rows] == [
            (world.public_id, "contracted", "client")
        ]
        assert ask(f"/engagements/{world.public_id}", token=token).json == rows[0]
        assert ask("/engagements?state=closed", token=token).json["data"] == []
        assert code_of(ask("/engagements?state=x", token=token)) == (422, "api.not_valid")
    assert ask("/engagements", token=stranger).json["data"] == []
    answer = ask(f"/engagements/{world.public_id}", token=stranger)
    assert code_of(answer) == (404, "api.not_found")


def test_the_latest_engagements_come_first(ask):
    client = make_engagement().client
    for _ in range(3):
        make_engagement(client=client)

    rows = followed(ask, "/engagements?limit=2", token=make_token(client))

    numbers = [row["number"] for row in rows]
    assert len(numbers) == 4
    assert numbers == sorted(numbers, reverse=True)
