"""The pages of engagements: the list, the record, the acts, the pick."""

import io

import pytest

from marketplace.engagements.rules import State
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.projects import queries as projects
from tests.documents import pdf
from tests.engagements import (
    CHECK,
    ITEM,
    listing_public_id,
    make_engagement,
    make_enterprise,
    make_world,
    project_of,
    project_public_id,
    row_of,
)
from tests.factories import make_member, make_organisation
from tests.web.engagements.conftest import Person, filled, follow


def at(world) -> str:
    return f"/engagements/{world.public_id}"


def attach(someone: Person, path: str, **fields: object):
    """Send an act's form with a file."""
    values = dict(filled(someone.get(path)).items()) | fields
    return someone.browser.post(path, data={**values, "paper": (io.BytesIO(pdf()), "文件.pdf")})


def supervisor() -> Actor:
    key = make_organisation(Capacity.SUPERVISOR, region_code="220000")
    return make_member(key, Role.SUPERVISOR)


def test_both_sides_go_the_whole_way_through_the_pages(person, app, session):
    world = make_world()
    client, provider = person(world.client), person(world.provider)
    listing = listing_public_id(session, world)

    pick = f"/engagements/new?listing={listing}"
    chosen = {"project": project_public_id(session, world), "listing": listing}
    page = follow(client, client.send(pick, words="请尽快。", **chosen))
    path = page.request.path
    follow(provider, provider.send(f"{path}/take-on"))
    terms = {"amount": "8万", "note": "按工作量商定。", "checks": "第三章完整"}
    terms |= {"papers_owed": "可行性研究报告"}
    answer = attach(client, f"{path}/contract/put-forward", **terms)
    assert "80,000.00" in follow(client, answer).text
    follow(provider, provider.send(f"{path}/contract/confirm"))
    assert (
        "Working day 0 of"
        in follow(client, client.send(f"{path}/start", handed_over="可行性研究报告")).text
    )
    follow(provider, attach(provider, f"{path}/pause", reason="等待资料"))
    follow(provider, provider.send(f"{path}/resume"))
    follow(provider, attach(provider, f"{path}/deliver", words="初稿"))
    follow(client, client.send(f"{path}/return", reason="请补第三章", points="第三章完整"))
    follow(provider, attach(provider, f"{path}/deliver"))
    done = follow(client, client.send(f"{path}/accept"))

    for words in ("请补第三章", "等待资料", "初稿", "请尽快。"):
        assert words in done.text
    assert "viewer-page" in done.text


@pytest.mark.parametrize("state", [s for s in State if s is not State.LAPSED])
def test_an_engagement_is_shown_to_both_sides_in_every_state(person, app, session, state):
    world = make_engagement(state)

    for actor in (world.client, world.provider):
        assert person(actor).get(at(world)).status_code == 200
        assert person(actor).get("/engagements?state=" + state).text.count("WT-2026-") == 1


@pytest.mark.parametrize(
    ("state", "says", "says_not"),
    [
        (State.IN_PROGRESS, ("Due by the end of", "still to run"), ("Stands since", "Ended on")),
        (State.PAUSED, ("Stands since", "days used"), ("Due by the end", "Ended on", "Overdue")),
        (State.DELIVERED, ("Stands since", "days used"), ("Due by the end", "Ended on")),
        (State.ACCEPTED, ("Ended on", "Within the limit"), ("Due by the end", "Stands since")),
        (State.CLOSED, ("Ended on", "Within the limit"), ("Due by the end", "Due soon")),
        (State.TERMINATED, ("Ended on",), ("Due by the end", "Stands since", "Due soon")),
    ],
)
def test_the_clock_of_a_record_says_how_it_stands(person, app, session, state, says, says_not):
    world = make_engagement(state)
    reader = person(world.client)
    reader.get("/desk?lang=en")

    shown = reader.get(at(world)).text.split('<div class="clock ')[1].split("</div>")[0]

    assert [words for words in says if words not in shown] == []
    assert [words for words in says_not if words in shown] == []


def test_for_others_an_engagement_does_not_exist(person, app, session):
    world = make_engagement(State.DELIVERED)

    for actor in (make_enterprise(), make_engagement().provider):
        stranger = person(actor)
        assert stranger.get(at(world)).status_code == 404
        assert stranger.get(f"{at(world)}/accept").status_code == 404


def test_a_supervisor_reads_but_does_not_act(person, app, session):
    world = make_engagement(State.DELIVERED)
    watcher = person(supervisor())

    assert watcher.get(at(world)).status_code == 200
    assert watcher.get(f"{at(world)}/accept").status_code == 404


def test_the_papers_belong_to_the_parties(person, app, session):
    world = make_engagement(State.PAUSED)
    page = person(world.client).get(at(world)).text
    papers = {part.split('"')[0] for part in page.split('href="/files/')[1:]}

    assert len(papers) == 1
    for paper in papers:
        assert person(world.provider).get(f"/files/{paper}").status_code == 200
        assert person(make_enterprise()).get(f"/files/{paper}").status_code == 404


def test_an_act_that_is_not_possible_now_leads_back_to_the_record(person, app, session):
    world = make_engagement(State.TAKEN_ON)

    answer = person(world.provider).get(f"{at(world)}/deliver")
    assert (answer.status_code, answer.location) == (302, at(world))


def test_an_act_that_was_done_meanwhile_is_refused_with_the_form_kept(person, app, session):
    world = make_engagement(State.DELIVERED)
    client = person(world.client)
    values = filled(client.get(f"{at(world)}/return"))
    follow(client, client.send(f"{at(world)}/accept"))

    values["reason"], values["points"] = "太晚了的理由", CHECK
    late = client.browser.post(f"{at(world)}/return", data=values)

    assert late.status_code == 409
    assert "太晚了的理由" in late.text
    assert row_of(session, world).state is State.ACCEPTED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": "", "signed_on": "2026-11-23"}, "Enter the amount of the contract."),
        ({"amount": "abc", "signed_on": "2026-11-23"}, "This is not an amount."),
        ({"amount": "0", "signed_on": "2026-11-23"}, "Enter the amount of the contract."),
        ({"amount": "100", "signed_on": "2026-11-24"}, "cannot be signed on a day still to come"),
        ({"amount": "100", "signed_on": "2026-02-30"}, "There is no such day."),
    ],
)
def test_a_contract_that_makes_no_sense_is_refused_beside_its_field(
    person, app, session, fields, words
):
    world = make_engagement(State.TAKEN_ON)

    terms = {"note": "按工作量商定。"} | fields
    answer = attach(person(world.client), f"{at(world)}/contract/put-forward", **terms)

    assert answer.status_code in {409, 422}
    assert words in answer.text
    assert row_of(session, world).state is State.TAKEN_ON


def test_the_pick_says_who_holds_an_item_that_is_taken(person, app, session):
    world = make_engagement()

    listing = listing_public_id(session, world)
    client, project = person(world.client), project_public_id(session, world)
    page = client.get(f"/engagements/new?listing={listing}")
    assert "commissioned by your enterprise already" in page.text
    for path in (
        f"/engagements/new?listing={listing}&project={project}",
        f"/institutions/for/{project}/{ITEM}",
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert 'data-reason="project.item_taken"' in page.text
        assert "Choose for this project" not in page.text


def test_a_pick_of_what_is_not_offered_is_refused(person, app, session):
    world = make_world()
    other = project_of(make_enterprise())
    client = person(world.client)
    pick = f"/engagements/new?listing={listing_public_id(session, world)}"
    sound = {**filled(client.get(pick)), "project": project_public_id(session, world)}

    for field, value in (("project", str(other)), ("limit_days", "999")):
        answer = client.browser.post(pick, data=sound | {field: value})
        assert answer.status_code in {409, 422}
    foreign = projects.project(session, other).public_id
    assert client.browser.post(f"{pick}&project={foreign}", data=sound).status_code == 404


def test_filters_survive_reload_and_the_list_goes_into_a_workbook(person, app, session):
    world = make_engagement(State.DELIVERED)
    client = person(world.client)

    page = client.get("/engagements?turn=mine&light=green&sort=due&q=WT-")
    assert "WT-2026-" in page.text
    assert 'value="mine" checked' in page.text
    nothing = client.get("/engagements?turn=other&item=JL-Z02&page=99&light=nonsense&state=x")
    assert "No engagement matches these filters" in nothing.text
    book = client.get("/engagements/export.xlsx?turn=mine")
    assert book.data.startswith(b"PK")


def test_an_address_of_no_engagement_is_not_found(person, app):
    client = person(make_enterprise())
    for path in ("/engagements/0", "/engagements/aaaaaaaaaa", "/engagements/'%22"):
        assert client.get(path).status_code == 404
    assert client.get("/engagements/new?listing=zz").status_code == 404
    assert client.get("/engagements/new?listing=zzzzzzzzzz").status_code == 404


def test_without_an_institution_the_pick_leads_to_the_directory(person, app, session):
    world = make_world()
    client, project = person(world.client), project_public_id(session, world)

    anywhere = client.get(f"/engagements/new?item={ITEM}&q=评估")
    assert anywhere.location.startswith("/institutions?")
    assert f"item={ITEM}" in anywhere.location
    here = client.get(f"/engagements/new?item={ITEM}&project={project}&region=220102")
    assert here.location == f"/institutions/for/{project}/{ITEM}?region=220102"


def test_the_page_says_once_which_of_limit_and_promise_the_clock_follows(person, app, session):
    world = make_engagement(State.IN_PROGRESS)
    page = person(world.client).get(f"{at(world)}?lang=en").text

    hint = "The clock and its light follow the limit; the promise moves neither."
    assert ("the institution promises" in page) == (hint in page)
    assert page.count(hint) == 1
    assert page.count("A light is yellow from 3 working days before the last day") == 1


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.REQUESTED, "Answer the request"),
        (State.TAKEN_ON, "Put the contract forward or confirm it"),
        (State.IN_PROGRESS, "Deliver the work"),
        (State.DELIVERED, "Accept the work or return it"),
        (State.ACCEPTED, "Rate the service"),
    ],
)
def test_each_row_of_the_list_names_the_act_for_whoever_has_the_turn(person, state, act):
    world = make_engagement(state)
    rows = [person(one).get("/engagements").text for one in (world.client, world.provider)]

    assert sorted(f"Your turn: {act}" in text for text in rows) == [False, True]
    assert sorted("Your turn" in text for text in rows) == [False, True]
