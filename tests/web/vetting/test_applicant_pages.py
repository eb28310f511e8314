"""The applicant's pages: check, submit, follow, correct, withdraw."""

import pytest
from sqlalchemy import func, select

from marketplace.institutions import queries as institutions
from marketplace.institutions.services import describing
from marketplace.kernel.actors import Capacity
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState, Outcome
from tests.cases import case_of, make_association, make_case
from tests.dossiers import act, basic_facts, complete_dossier, contact_facts, make_agent
from tests.factories import make_agent as make_market_agent
from tests.web.vetting.conftest import filled, follow


@pytest.fixture
def ready(app, session):
    """An agent with a complete dossier, and a competent association."""
    make_association()
    agent = make_agent(provisional=True)
    listing_id = complete_dossier(agent)
    return agent, institutions.listing(session, listing_id).public_id


def test_the_whole_dossier_is_shown_before_it_is_submitted(person, ready):
    agent, listing = ready

    page = person(agent).get(f"/my/applications/check/{listing}")

    assert page.status_code == 200
    for words in ("示例路1号", "张三", "工程咨询单位资信评价", "王五", "示例测试行业协会"):
        assert words in page.text
    assert "/my/institution/profile" in page.text


def test_submitting_leads_to_the_application_and_its_next_step(person, ready, session):
    agent, listing = ready
    someone = person(agent)

    page = follow(someone, someone.send(f"/my/applications/check/{listing}"))

    case = session.scalars(select(Case)).one()
    assert page.request.path == f"/my/applications/{case.public_id}"
    assert case.number in page.text
    assert 'aria-current="step"' in page.text
    assert case.due_on.isoformat() in page.text


def test_the_same_form_sent_twice_opens_one_case(person, ready, session):
    agent, listing = ready
    someone = person(agent)
    path = f"/my/applications/check/{listing}"
    values = filled(someone.get(path))

    answers = [someone.browser.post(path, data=values) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert session.scalar(select(func.count(Case.id))) == 1


def test_going_back_and_sending_again_is_refused_in_words(person, ready):
    agent, listing = ready
    someone = person(agent)
    path = f"/my/applications/check/{listing}"
    fresh = filled(someone.get(path))
    someone.send(path)

    again = someone.browser.post(path, data=fresh | {"once": "another-key"})

    assert again.status_code == 409
    assert 'role="alert"' in again.text


def test_an_incomplete_dossier_says_what_is_missing_and_shows_no_button(person, app):
    make_association()
    agent = make_agent()
    listing_id = complete_dossier(agent, certificate=None)
    from marketplace.infra.database import db

    listing = institutions.listing(db.session(), listing_id).public_id

    page = person(agent).get(f"/my/applications/check/{listing}")

    assert "/my/institution/qualifications" in page.text
    assert '<button class="btn btn-primary"' not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/my/applications/{case}",
        "/my/applications/{case}/correct",
        "/my/applications/{case}/withdraw",
    ],
)
def test_an_application_of_another_institution_does_not_exist(person, app, path):
    world = make_case(CaseState.RETURNED)
    address = path.format(case=world.public_id)

    assert person(make_agent()).get(address).status_code == 404
    assert person(world.association.examiner).get(address).status_code == 404
    assert person(make_market_agent(Capacity.ENTERPRISE)).get(address).status_code == 404
    signed_out = app.test_client().get(address)
    assert signed_out.status_code == 303
    assert "/sign-in" in signed_out.location


def test_a_malformed_address_is_not_found(person, app):
    someone = person(make_agent())
    for address in ("/my/applications/1", "/my/applications/check/nothing", "/vetting/1"):
        assert someone.get(address).status_code == 404


def test_a_return_lists_everything_with_the_pages_that_mend_it(person, app):
    world = make_case(CaseState.RETURNED)
    someone = person(world.agent)

    page = someone.get(f"/my/applications/{world.public_id}")
    correct = someone.get(f"/my/applications/{world.public_id}/correct")

    assert "简介太短" in page.text
    assert "请补充机构简介。" in correct.text
    assert "/my/institution/profile" in correct.text


def test_a_correction_is_shown_and_sent_in_again(person, app, session):
    world = make_case(CaseState.RETURNED)
    someone = person(world.agent)
    row = institutions.listing(session, world.listing_id)
    act(
        world.agent,
        lambda uow: describing.save_profile(
            uow,
            institution_id=row.institution_id,
            said=basic_facts() | contact_facts(profile="全新的机构简介，足够详细。"),
        ),
    )
    path = f"/my/applications/{world.public_id}/correct"
    assert "全新的机构简介" in someone.get(path).text

    follow(someone, someone.send(path))

    assert case_of(session, world).state is CaseState.RECEIVED
    assert someone.get(path).status_code == 302


def test_inner_steps_of_the_association_stay_inside_until_the_decision(person, app):
    world = make_case(CaseState.PROPOSED, outcome=Outcome.REJECT)

    page = person(world.agent).get(f"/my/applications/{world.public_id}")

    assert "与登记信息不一致" not in page.text
    assert "理由充分" not in page.text


def test_a_rejection_shows_reasons_findings_and_what_can_be_done(person, app):
    world = make_case(CaseState.DECIDED, outcome=Outcome.REJECT)

    page = person(world.agent).get(f"/my/applications/{world.public_id}?lang=en")

    assert "与登记信息不一致" in page.text
    assert "同意。" in page.text
    assert "soft environment office" in page.text


def test_withdrawing_is_confirmed_in_words_first(person, app, session):
    world = make_case(CaseState.COMPLETENESS)
    someone = person(world.agent)
    path = f"/my/applications/{world.public_id}/withdraw"

    assert "btn-danger" in someone.get(path).text
    page = follow(someone, someone.send(path, reason="另行安排"))

    assert case_of(session, world).state is CaseState.WITHDRAWN
    assert "另行安排" in page.text
    assert person(world.agent).browser.get(path).status_code == 200


def test_the_list_shows_every_application_with_whose_turn_it_is(person, app):
    world = make_case(CaseState.RETURNED)

    page = person(world.agent).get("/my/applications?lang=en")

    assert world.public_id in page.text
    assert "The applicant corrects and sends in again" in page.text


def test_an_agent_without_applications_is_told_how_to_begin(person, app):
    page = person(make_agent()).get("/my/applications?lang=en")
    assert "No applications yet" in page.text


def test_an_invisible_character_in_a_reason_is_taken_out(person, app, session):
    world = make_case()
    someone = person(world.agent)

    answer = someone.send(f"/my/applications/{world.public_id}/withdraw", reason="另行\x07安排")

    assert answer.status_code == 303
    assert case_of(session, world).state is CaseState.WITHDRAWN
    assert "另行安排" in someone.get(f"/my/applications/{world.public_id}").text
