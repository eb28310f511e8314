"""The items an institution offers: chosen, promised, paused, left; each page with its next step."""

import pytest

from marketplace.institutions import queries, services
from marketplace.institutions.services import grounds, submitting
from marketplace.kernel.actors import SYSTEM, Actor, Capacity, Role
from tests.dossiers import (
    act,
    certified_listing,
    complete_dossier,
    make_agent,
    returned_listing,
    submitted_listing,
)
from tests.factories import make_agent as make_market_agent
from tests.web.institutions.conftest import Person, stated

TERMS = {"promised_days": "20", "price_basis": "fixed", "amount_fen": "3万"}


def row_of(session, listing_id):
    session.rollback()
    return queries.listing(session, listing_id)


def path_of(session, listing_id, rest=""):
    return f"/listings/{row_of(session, listing_id).public_id}{rest}"


def test_an_item_is_chosen_and_its_terms_are_asked_for_next(agent, session):
    page = agent.get("/listings/new").text
    assert "Limit 30 working days" in page
    assert "no certificate" in page
    answer = agent.send("/listings/new", item="JL-Z01")
    assert answer.status_code == 303
    assert answer.location.endswith("/terms")

    (row,) = queries.listings_of(session, stated(session, agent).institution.id)
    terms = agent.send(f"/listings/{row.public_id}/terms", **TERMS)
    assert terms.status_code == 303
    page = agent.get(f"/listings/{row.public_id}").text
    assert "20 working days" in page
    assert "30,000.00 yuan per commission" in page
    assert "Before you can submit" in page


def test_an_item_under_way_is_not_offered_again(agent):
    agent.send("/listings/new", item="JL-Z01")

    assert 'value="JL-Z01"' not in agent.get("/listings/new").text
    assert 'value="JL-Z02"' in agent.get("/listings/new").text


def test_two_sends_of_the_same_choice_begin_one_application(agent, session):
    hidden = agent.hidden("/listings/new")
    answers = [agent.post("/listings/new", hidden, item="JL-Z01") for _ in range(2)]

    assert answers[0].location == answers[1].location
    assert len(queries.listings_of(session, stated(session, agent).institution.id)) == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"promised_days": "31"}, "promised_days", "the limit of the item, 30 working days"),
        ({"promised_days": "soon"}, "promised_days", "Enter a whole number"),
        ({"promised_days": ""}, "promised_days", "Enter the promised days"),
        ({"amount_fen": ""}, "amount_fen", "Enter the amount"),
        ({"price_basis": "per_unit"}, "unit", "Enter the unit"),
        (
            {"price_basis": "share", "rate_millionths": ""},
            "rate_millionths",
            "Enter the percentage",
        ),
        ({"price_basis": "quoted"}, "price_note", "how a quotation is made"),
        ({"price_basis": ""}, "price_basis", "Choose by what you charge"),
    ],
)
def test_a_mistake_in_the_terms_stands_beside_its_field_and_keeps_the_rest(
    agent, session, changes, field, words
):
    path = path_of(session, complete_dossier(agent.actor), "/terms")
    answer = agent.send(path, **TERMS | {"price_note": "", "unit": ""} | changes)

    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert f'id="{field}-error"' in answer.text
    if field != "amount_fen":
        assert 'value="3万"' in answer.text


def test_a_complete_application_leads_to_checking_the_answers(agent, session):
    listing_id = complete_dossier(agent.actor)

    assert "Check your answers and submit" in agent.get().text
    assert "Check your answers and submit" in agent.get(path_of(session, listing_id)).text
    assert "Cannot start yet" not in agent.get().text


def test_every_state_has_its_page_and_its_words(app, session):
    for build, words in (
        (complete_dossier, "Draft"),
        (submitted_listing, "Submitted"),
        (returned_listing, "Returned for correction"),
        (certified_listing, "Admitted"),
    ):
        person = Person(app, make_agent())
        listing_id = build(person.actor)
        page = person.get(path_of(session, listing_id))
        assert page.status_code == 200
        assert words in page.text
        assert person.get("/listings").status_code == person.get("").status_code == 200


def test_terms_in_vetting_rest_and_the_page_says_why(agent, session):
    listing_id = submitted_listing(agent.actor)
    page = agent.get(path_of(session, listing_id)).text
    answer = agent.send(path_of(session, listing_id, "/terms"), **TERMS)

    assert "Change days and price: not possible now" in page
    assert answer.status_code == 409
    assert "The association is looking at this" in answer.text


def test_a_pause_needs_a_reason_and_is_ended_again(agent, session):
    listing_id = certified_listing(agent.actor)
    pause = path_of(session, listing_id, "/pause")
    assert "Give the reason" in agent.send(pause, reason="").text
    assert agent.send(pause, reason="办公地点搬迁").status_code == 303
    page = agent.get(path_of(session, listing_id)).text
    assert "Suspended" in page
    assert "办公地点搬迁" in page

    assert agent.send(path_of(session, listing_id, "/resume")).status_code == 303
    assert row_of(session, listing_id).state == "admitted"
    again = agent.post(path_of(session, listing_id, "/resume"), agent.hidden("/profile"))
    assert again.status_code == 409
    assert "You have not paused this item" in again.text


def test_leaving_the_market_is_confirmed_and_the_item_can_be_applied_for_again(agent, session):
    listing_id = certified_listing(agent.actor)
    assert agent.send(path_of(session, listing_id, "/withdraw")).status_code == 303
    assert row_of(session, listing_id).state == "withdrawn"
    assert "Apply again" in agent.get(path_of(session, listing_id)).text

    answer = agent.send("/listings/new", item="JL-Z01")
    assert answer.status_code == 303
    assert row_of(session, listing_id).state == "draft"


def test_an_application_with_the_association_is_withdrawn_with_its_case(agent, session):
    listing_id = submitted_listing(agent.actor)
    answer = agent.post(path_of(session, listing_id, "/withdraw"), agent.hidden("/profile"))

    assert answer.status_code == 409
    assert "Withdraw it on the page of the application" in answer.text


def test_each_act_is_offered_in_its_time_and_its_page_leads_back_at_other_times(app, session):
    turns = [
        (complete_dossier, {"withdraw"}),
        (submitted_listing, set()),
        (certified_listing, {"pause", "withdraw"}),
        (paused_listing, {"resume", "withdraw"}),
    ]
    for build, turn in turns:
        person = Person(app, make_agent())
        path = path_of(session, build(person.actor))
        shown = person.get(path).text
        for act_name in ("pause", "resume", "withdraw"):
            page = person.get(f"{path}/{act_name}")
            assert (f'{path}/{act_name}"' in shown) is (act_name in turn)
            assert page.status_code == (200 if act_name in turn else 302)


def paused_listing(agent):
    listing_id = certified_listing(agent)
    act(
        agent,
        lambda uow: grounds.pause_listing(uow, listing_id=listing_id, reason="搬迁"),
    )
    return listing_id


def test_a_change_under_way_says_why_the_item_cannot_leave(agent, session):
    listing_id = certified_listing(agent.actor)
    agent.send(path_of(session, listing_id, "/terms"), **TERMS)
    house = row_of(session, listing_id).institution_id
    act(
        agent.actor,
        lambda uow: submitting.submit_change(uow, institution_id=house, listing_id=listing_id),
    )
    path = path_of(session, listing_id)
    page = agent.get(path).text

    assert "Leave the market with this item: not possible now" in page
    assert f'{path}/withdraw"' not in page
    assert f'{path}/pause"' in page


def test_changed_terms_in_the_market_wait_to_be_submitted(agent, session):
    listing_id = certified_listing(agent.actor)
    agent.send(path_of(session, listing_id, "/terms"), **TERMS)

    assert "Changes wait to be submitted" in agent.get().text
    page = agent.get(path_of(session, listing_id)).text
    assert "A new promise is drafted" in page


def test_a_certificate_in_force_is_renewed_and_cannot_be_rewritten(agent, session):
    certified_listing(agent.actor)
    (row,) = stated(session, agent).qualifications
    facts = agent.get(f"/qualifications/{row.public_id}").text
    assert 'name="certificate_number"' not in facts
    assert "In force" in facts
    fields = {
        "level": "甲级",
        "specialty": "建筑",
        "certificate_number": "ZX-NEW",
        "issuer": "示例协会",
        "valid_from": "2026-01-01",
    }
    early = agent.send(f"/qualifications/{row.public_id}/renew", **fields, valid_to="2027-01-01")
    assert early.status_code == 409
    assert "The renewed one must run longer" in early.text
    done = agent.send(f"/qualifications/{row.public_id}/renew", **fields, valid_to="2031-01-01")
    assert done.status_code == 303
    assert "A renewed certificate waits to be submitted" in agent.get().text
    listed = agent.get("/qualifications").text
    assert "Its renewal is on the way" in listed
    assert "Submit the renewal" in listed


def test_what_is_suspended_says_why(agent, session):
    listing_id = certified_listing(agent.actor)
    act(
        SYSTEM,
        lambda uow: services.open_ground(
            uow, listing_id=listing_id, kind="interim", reason="核查投诉"
        ),
    )
    page = agent.get(path_of(session, listing_id)).text

    assert "Interim measure" in page
    assert "核查投诉" in page
    assert "Interim measure" in agent.get("/listings").text


def test_anothers_listing_does_not_exist(agent, stranger, session):
    listing_id = certified_listing(agent.actor)
    for rest in ("", "/terms", "/pause", "/resume", "/withdraw"):
        path = path_of(session, listing_id, rest)
        assert agent.get(path).status_code == (302 if rest == "/resume" else 200)
        assert stranger.get(path).status_code == 404
        if rest:
            assert stranger.post(path, stranger.hidden("/profile")).status_code == 404


PAGES = ["", "/profile", "/contact", "/owners", "/ties", "/qualifications", "/practitioners",
         "/undertaking", "/authorisation", "/listings", "/listings/new", "/history"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_signs_in_first_and_others_find_nothing(app, client, page):
    answer = client.get(f"/my/institution{page}")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")
    enterprise: Actor = make_market_agent(Capacity.ENTERPRISE)
    assert not enterprise.has(Role.INSTITUTION_AGENT)
    assert Person(app, enterprise).get(page).status_code == 404
