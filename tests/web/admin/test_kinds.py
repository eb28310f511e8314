"""The operator adds a kind of qualification, and the market asks for it: in browsers alone."""

import pytest

from marketplace.catalogue import queries
from marketplace.catalogue.queries import reference
from marketplace.institutions import queries as institutions
from marketplace.vetting.services import examining
from tests.cases import make_association
from tests.dossiers import OPEN_ITEM, act, complete_dossier, make_agent
from tests.factories import open_session_for
from tests.kinds import KIND, SAID, add, enter, hold, put, require
from tests.personas import Persona, actor, sign_in
from tests.web.admin.conftest import UNSEEMLY, fields_of, filled, recorded

KINDS = "/backoffice/qualification-kinds"
WRITTEN = {
    "code": KIND,
    "name": SAID["name"],
    "name_en": SAID["name_en"],
    "levels": "甲级 | Grade A\n乙级 ｜ Grade B",
    "specialties": "水文地质 | Hydrogeology",
    "reason": "某发〔2026〕3号",
}


@pytest.fixture(autouse=True)
def administrator(client):
    return sign_in(client, Persona.SYSTEM_ADMIN)


def test_a_kind_that_was_added_is_required_asked_for_and_vetted(app, client, send, session):
    before = recorded()
    answer = send(f"{KINDS}/new", **WRITTEN)
    assert answer.status_code == 303, answer.text
    assert recorded() == before + 1
    assert "某发〔2026〕3号" in client.get(answer.location).text
    item = f"/backoffice/items/{OPEN_ITEM}/new-version"
    assert send(item, requirements=f"{KIND} | 乙级").status_code == 303

    association, agent = make_association(OPEN_ITEM), make_agent(provisional=True)
    listing = complete_dossier(agent, item=OPEN_ITEM)
    browser = app.test_client()
    open_session_for(browser, agent)
    row = institutions.listing(session, listing)
    assert SAID["name"] in browser.get(f"/my/institution/listings/{row.public_id}").text
    assert SAID["name"] in browser.get("/my/institution/qualifications/new").text
    act(agent, lambda uow: enter(uow, row.institution_id))
    check = f"/my/applications/check/{row.public_id}"
    sent = browser.post(check, data=filled(browser.get(check)))
    assert sent.status_code == 303, sent.text

    judge = app.test_client()
    open_session_for(judge, association.examiner)
    case = sent.location.rpartition("/")[2]
    act(association.examiner, lambda uow: examining.take_case(uow, case=case))
    shown = judge.get(f"/vetting/{case}?lang=en").text
    assert SAID["name_en"] in shown
    assert "the requirements are met today" in shown


def test_a_new_version_shows_what_it_changed_and_an_end_why(client, send, session):
    act(actor(Persona.SYSTEM_ADMIN), add())
    before = recorded()

    answer = send(f"{KINDS}/{KIND}/new-version", name="地质勘查单位资质", reason="改名")

    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    assert "<ins>地质勘查单位资质</ins>" in page
    answer = send(f"{KINDS}/{KIND}/end", reason="不再设立")
    assert answer.status_code == 303, answer.text
    assert recorded() == before + 2
    assert "不再设立" in client.get(answer.location).text
    assert KIND not in client.get(f"/backoffice/items/{OPEN_ITEM}/new-version").text
    session.rollback()
    assert reference.kind_versions(session, KIND)[-1].ended


WRONG = [
    ({"code": "Geo logy"}, "code", 409),
    ({"code": "drawing_review"}, "code", 409),
    ({"name": ""}, "name", 422),
    ({"levels": "甲级"}, "levels", 422),
    ({"levels": "甲级 | A\n甲级 | B"}, "levels", 409),
    ({"reason": ""}, "reason", 422),
    ({"reason": "身份证 110101199003072316"}, "reason", 409),
]


@pytest.mark.parametrize(("fields", "field", "status"), WRONG)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    send, fields, field, status
):
    before = recorded()

    answer = send(f"{KINDS}/new", **(WRITTEN | fields))

    assert answer.status_code == status, answer.text
    assert f'id="{field}-error"' in answer.text
    kept = fields_of(answer)
    assert kept["specialties"] == WRITTEN["specialties"]
    assert kept[field] == fields[field]
    assert recorded() == before


def test_a_kind_that_is_needed_says_by_whom(client, send):
    act(actor(Persona.SYSTEM_ADMIN), add())
    act(actor(Persona.SYSTEM_ADMIN), require())
    hold(make_agent())

    refused = send(f"{KINDS}/{KIND}/end", reason="不再设立")

    assert refused.status_code == 409
    assert f"/backoffice/items/{OPEN_ITEM}/new-version" in refused.text
    assert f"{KINDS}/{KIND}#held" in refused.text
    gone = send(f"{KINDS}/{KIND}/new-version", levels="乙级 | Grade B", reason="x")
    assert gone.status_code == 303, gone.text
    gone = send(f"{KINDS}/{KIND}/new-version", specialties="", reason="x")
    assert gone.status_code == 409
    assert 'id="specialties-error"' in gone.text


def test_what_a_colleague_changed_meanwhile_is_not_written_over(client, session):
    admin = actor(Persona.SYSTEM_ADMIN)
    act(admin, add())
    opened = {path: client.get(f"{KINDS}/{KIND}/{path}") for path in ("new-version", "end")}
    act(admin, put(1, name="改了的名"))

    for path, page in opened.items():
        answer = client.post(f"{KINDS}/{KIND}/{path}", data=filled(page, reason="迟到"))
        assert answer.status_code == 409, path
        assert "迟到" in answer.text, path
    session.rollback()
    assert queries.qualification_kinds(session)[-1].name == "改了的名"


def test_unknown_kinds_are_not_found_and_pages_are_seemly(client):
    for path in ("nothing", "nothing/new-version", "nothing/end"):
        assert client.get(f"{KINDS}/{path}").status_code == 404, path
    for path in ("", "new", "drawing_review", "drawing_review/end"):
        page = client.get(f"{KINDS}/{path}", query_string={"lang": "en"})
        assert page.status_code == 200, path
        assert not UNSEEMLY.search(page.text), path
