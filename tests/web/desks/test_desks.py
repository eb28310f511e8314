"""The desk of each role: what is mine to do, most urgent first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask_babel import force_locale

from marketplace.assessments.services import removing
from marketplace.clocks import queries as clocks
from marketplace.complaints import services as complaint_services
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact
from marketplace.desks.views.pages import job_light
from marketplace.desks.views.parts.shapes import Desk, Job, More
from marketplace.desks.views.work import desk
from marketplace.infra.clock import business_now
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import ANONYMOUS, Capacity, Role
from marketplace.vetting.rules import CaseState
from tests.cases import add_staff, make_association, make_case
from tests.conftest import TODAY
from tests.dossiers import (
    act,
    admitted_listing,
    complete_dossier,
    make_agent,
    open_with_terms,
    start,
)
from tests.market import offer, pause
from tests.personas import Persona, sign_in
from tests.web.vetting.conftest import Person


@pytest.fixture
def jobs(app, session):
    """The texts of what waits for an actor."""

    def look(actor):
        session.rollback()
        with app.test_request_context("/?lang=en"):
            return desk(session, actor, business_now(session)).jobs

    return look


def test_an_agent_is_led_from_nothing_to_a_finished_application(app):
    agent = make_agent()
    someone = Person(app, agent)
    assert "Begin the dossier" in someone.get("/desk?lang=en").text
    start(agent)
    assert "Choose the items you want to offer" in someone.get("/desk").text


def test_a_draft_and_a_returned_application_wait_for_the_agent(app):
    draft = make_agent()
    complete_dossier(draft)
    assert "Finish and submit the application" in Person(app, draft).get("/desk?lang=en").text

    returned = make_case(CaseState.RETURNED)
    page = Person(app, returned.agent).get("/desk?lang=en").text
    assert "Correct the application" in page
    assert returned.public_id in page


def test_a_suspension_is_red_on_the_desk_of_its_institution(jobs):
    one = offer()
    pause(one)
    (job,) = jobs(one.agent)
    assert job.light == "red"
    assert job.note


def test_each_person_of_an_association_sees_what_they_can_do(jobs):
    association = make_association()
    waiting = make_case(association=association)
    proposed = make_case(CaseState.PROPOSED, association=association)

    def addresses(actor):
        return {job.address for job in jobs(actor)}

    take, decide = f"/vetting/{waiting.public_id}", f"/vetting/{proposed.public_id}"
    assert addresses(association.colleague) == {take}
    assert addresses(association.approver) == {decide}
    assert addresses(make_association("JL-Z02").examiner) == set()


def both(actor):
    """The same person where the association is an institution as well."""
    return replace(
        actor,
        capacities=actor.capacities | {Capacity.INSTITUTION},
        roles=actor.roles | {Role.INSTITUTION_AGENT},
    )


def test_a_removal_case_waits_once_and_only_for_whoever_has_the_turn(jobs):
    association, agent = make_association(), make_agent()
    listing = admitted_listing(agent)
    said = {"listing": listing, "cause": RemovalCause.OTHER, "facts": "多次失实。"}
    opening = removing.open_removal_case
    case = act(association.examiner, lambda uow: opening(uow, **said))
    inside, mine = f"/removals/{case.public_id}", f"/my/removals/{case.public_id}"
    mere_agent = replace(both(association.examiner), roles=agent.roles)

    def stands():
        people = (both(association.examiner), mere_agent, agent)
        told = [[job.address for job in jobs(one)] for one in people]
        return [[address for address in one if "/removals/" in address] for one in told]

    assert stands() == [[inside], [], []]
    act(association.examiner, lambda uow: removing.notify_removal(uow, case=case.id))
    assert stands() == [[], [], [mine]]


def test_a_complaint_is_handled_by_one_desk_and_answered_by_the_other(jobs):
    association, agent = make_association(), make_agent()
    record = admitted_listing(agent)
    said = {"headline": "逾期", "body": "逾期交付。", "contact": Contact("张某", "a@b.cn")}
    filing = complaint_services.file_complaint
    case = act(ANONYMOUS, lambda uow: filing(uow, about=About.LISTING, record=record, **said))
    handled, answered = f"/complaints/{case.public_id}", f"/my/complaints/{case.public_id}"
    mere_agent = replace(both(association.examiner), roles=agent.roles)
    mere_examiner = replace(both(agent), roles=association.examiner.roles)

    def stands():
        people = (both(association.examiner), mere_agent, both(agent), mere_examiner)
        told = [[job.address for job in jobs(one)] for one in people]
        return [[address for address in one if "/complaints/" in address] for one in told]

    assert stands() == [[handled], [], [], []]
    accept = complaint_services.accept_complaint
    act(association.examiner, lambda uow: accept(uow, complaint=case.id))
    assert stands() == [[], [], [answered], []]


def test_a_desk_shows_so_much_of_a_kind_and_the_way_to_the_rest(app, monkeypatch):
    association = make_association()
    waiting = [make_case(association=association).public_id for _ in range(2)]
    monkeypatch.setattr(clocks, "MOST_ON_A_DESK", 1)

    page = Person(app, association.examiner).get("/desk?lang=en").text
    assert sum(one in page for one in waiting) == 1
    assert "Vetting: 1 of 2 are shown here." in page
    assert '<a href="/vetting">Show all 2<' in page


def test_what_another_examiner_has_taken_is_not_mine_to_do(jobs):
    world = make_case(CaseState.SUBSTANCE)
    assert len(jobs(world.association.examiner)) == 1
    assert jobs(world.association.colleague) == ()
    assert jobs(add_staff(world.association.organisation_id, Role.ASSOCIATION_APPROVER)) == ()


def test_the_most_urgent_job_stands_first(jobs):
    one = offer()
    act(one.agent, lambda uow: open_with_terms(uow, one.institution_id, "JL-Z05"))
    pause(one)
    assert [job.light for job in jobs(one.agent)] == ["red", "none"]


@pytest.mark.parametrize("persona", [one for one in Persona if one is not Persona.VISITOR])
def test_everybody_who_is_signed_in_has_a_desk(client, persona):
    sign_in(client, persona)
    for lang in ("zh", "en"):
        page = client.get(f"/desk?lang={lang}")
        assert page.status_code == 200
        assert "%(" not in page.text


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    answer = client.get("/desk")
    assert answer.status_code in {302, 303}
    assert "/sign-in" in answer.location
    assert "desk" in answer.location


@pytest.mark.parametrize(
    ("light", "due", "days", "words"),
    [
        ("red", None, 0, "Urgent"),
        ("red", TODAY - timedelta(days=9), -7, "Overdue by 7 working days"),
        ("red", TODAY - timedelta(days=1), 0, "Overdue"),
        ("yellow", TODAY, 0, "Due today"),
        ("yellow", TODAY + timedelta(days=2), 0, "No working day left"),
        ("green", TODAY + timedelta(days=7), 5, "5 working days left"),
    ],
)
def test_a_light_says_how_long_there_is(app, light, due, days, words):
    with app.test_request_context(), force_locale("en"):
        assert job_light(Job("Deliver", "/", light, due, days=days)) == words


def test_only_what_is_over_its_day_counts_as_overdue():
    late, urgent = Job("a", "/", "red", TODAY), Job("b", "/", "red")

    found = Desk(jobs=(late, urgent), more=(More(3, "all", "/", 2),))

    assert (found.waiting, found.overdue) == (5, 1)
