"""The forms of the dossier: saved, refused beside the field, nothing typed is lost."""

import re
from datetime import date, timedelta

import pytest

from marketplace.institutions import queries
from tests.conftest import TODAY
from tests.documents import pdf
from tests.dossiers import a_scan, an_id_number, complete_dossier
from tests.statements import statements
from tests.web.institutions.conftest import stated

BASIC = {
    "type": "company",
    "region_code": "220104",
    "address": "示例路1号",
    "legal_representative": "张三",
    "established": "2015年5月1日",
    "capital_fen": "500万",
}
CONTACT = {
    "contact_name": "李四",
    "contact_mobile": "199 0000 1234",
    "office_phone": "0431-80000000",
    "profile": "从事工程咨询。",
}
OWNER = {
    "holder": "organisation",
    "name": "示例控股",
    "credit_code": "91110000600037341l",
    "share_millionths": "60",
}
CERTIFICATE = {
    "level": "乙级",
    "specialty": "建筑",
    "certificate_number": "ZX-001",
    "issuer": "示例协会",
    "valid_from": "2024/1/1",
    "valid_to": (TODAY + timedelta(days=400)).isoformat(),
}
NEW = "/qualifications/new/engineering_consulting_credit"
PERSON = {"name": "王五", "id_number": an_id_number(5), "title": "工程师"}


def test_the_first_visit_shows_the_task_list_with_what_is_to_do(provisional):
    page = provisional.get()

    assert page.status_code == 200
    for word in ("To do", "Cannot start yet", "Letter of authorisation", "No item chosen yet"):
        assert word in page.text


@pytest.mark.parametrize("written", ["2015-05-01", "2015/5/1", "2015年5月1日", "２０１５．５．１"])
def test_the_profile_takes_days_and_amounts_as_people_write_them(agent, session, written):
    answer = agent.send("/profile", **BASIC | {"established": written})

    assert (answer.status_code, answer.location) == (303, "/my/institution")
    facts = stated(session, agent).facts
    assert (facts.established, facts.capital_fen) == (date(2015, 5, 1), 500_000_000)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("established", "last May", "This is not a date"),
        ("established", "2015-02-30", "There is no such day"),
        ("established", "2099-01-01", "cannot be in the future"),
        ("capital_fen", "a lot", "This is not an amount"),
        ("capital_fen", "1.005", "at most two decimals"),
        ("address", "", "Enter the address"),
        ("type", "", "Choose the legal form"),
    ],
)
def test_a_mistake_in_the_profile_stands_beside_its_field_and_keeps_the_rest(
    agent, session, field, value, words
):
    answer = agent.send("/profile", **BASIC | {field: value})

    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert f'id="{field}-error"' in answer.text
    kept = "张三" if field != "legal_representative" else "示例路1号"
    assert f'value="{kept}"' in answer.text
    assert stated(session, agent).facts.legal_representative == ""


def test_contact_and_description_are_saved_and_the_mobile_is_written_tidily(agent, session):
    assert agent.send("/contact", **CONTACT).status_code == 303

    assert stated(session, agent).facts.contact_mobile == "19900001234"


def test_a_mobile_is_not_taken_as_the_public_number(agent):
    answer = agent.send("/contact", **CONTACT | {"office_phone": "13800000000"})

    assert answer.status_code == 409
    assert "This is a mobile number" in answer.text
    assert "从事工程咨询。" in answer.text


def test_owners_are_added_changed_and_taken_out(agent, session):
    assert agent.send("/owners/new", **OWNER).status_code == 303
    (owner,) = stated(session, agent).owners
    assert (owner.credit_code, owner.share_millionths) == ("91110000600037341L", 600_000)

    changed = agent.send(f"/owners/{owner.line}", **OWNER | {"share_millionths": "55.5%"})
    assert changed.status_code == 303
    assert stated(session, agent).owners[0].share_millionths == 555_000
    assert "示例控股" in agent.get("/owners").text

    removed = agent.send(f"/affiliations/{owner.line}/remove")
    assert removed.status_code == 303
    assert stated(session, agent).owners == ()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"credit_code": "91110000600037341X"},
            "credit_code",
            "not a valid unified social credit code",
        ),
        ({"holder": "person", "id_number": "123"}, "id_number", "not a valid identity number"),
        ({"share_millionths": "101"}, "share_millionths", "Enter a percentage"),
        ({"holder": ""}, "holder", "Choose what the owner is"),
    ],
)
def test_a_mistake_about_an_owner_stands_beside_its_field(agent, changes, field, words):
    answer = agent.send("/owners/new", **OWNER | changes)

    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert f'id="{field}-error"' in answer.text
    assert 'value="示例控股"' in answer.text


def test_a_kept_identity_number_is_never_written_into_the_page(agent, session):
    number = an_id_number(8)
    agent.send("/owners/new", holder="person", name="赵六", id_number=number, share_millionths="40")
    (owner,) = stated(session, agent).owners
    page = agent.get(f"/owners/{owner.line}").text

    assert number not in page
    assert number[-4:] in page


def test_ties_are_asked_for_and_named(agent, session):
    assert agent.send("/ties", has_ties="yes").location == "/my/institution/ties"
    assert agent.send("/ties/new", name="示例市水利局", tie="funded", note="").status_code == 303
    assert "示例市水利局" in agent.get("/ties").text
    assert agent.send("/ties", has_ties="no").location == "/my/institution"
    assert stated(session, agent).ties == ()


def test_the_kind_of_certificate_is_chosen_first(agent):
    answer = agent.send("/qualifications/new", kind="engineering_consulting_credit")
    assert (answer.status_code, answer.location) == (303, f"/my/institution{NEW}")
    assert "Choose the kind of certificate" in agent.send("/qualifications/new").text
    assert agent.get("/qualifications/new/made_up").status_code == 404


def test_a_kind_without_levels_does_not_ask_for_one(agent, session):
    path = "/qualifications/new/metrology_accreditation"
    fields = {name: CERTIFICATE[name] for name in ("certificate_number", "issuer", "valid_from")}

    assert 'name="level"' not in agent.get(path).text
    assert agent.send(path, **fields).status_code == 303
    assert stated(session, agent).qualifications[0].valid_to is None


def test_a_certificate_is_added_with_its_scan_and_changed_without_a_new_one(agent, session):
    answer = agent.send(NEW, **CERTIFICATE, scan=("certificate.pdf", pdf()))
    assert answer.status_code == 303
    (row,) = stated(session, agent).qualifications
    assert row.scan_name == "certificate.pdf"

    path = f"/qualifications/{row.public_id}"
    assert "certificate.pdf" in agent.get(path).text
    assert agent.send(path, **CERTIFICATE | {"level": "甲级"}).status_code == 303
    (row,) = stated(session, agent).qualifications
    assert (row.level, row.scan_name) == ("甲级", "certificate.pdf")
    assert "Grade A" in agent.get("/qualifications").text

    assert agent.send(f"{path}/remove").status_code == 303
    assert stated(session, agent).qualifications == ()


def test_an_expired_certificate_is_refused_with_the_day_and_the_rest_is_kept(agent, session):
    answer = agent.send(NEW, **CERTIFICATE | {"valid_to": "2025年6月30日"})

    assert answer.status_code == 409
    assert "This certificate expired on 2025-06-30. Enter one that is still valid." in answer.text
    assert 'id="valid_to-error"' in answer.text
    assert 'value="ZX-001"' in answer.text
    assert 'value="2025年6月30日"' in answer.text
    assert stated(session, agent).qualifications == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"not a pdf at all", "PDF"), (b"", "empty")],
)
def test_a_scan_that_is_none_is_refused_beside_the_field(agent, session, content, words):
    answer = agent.send(NEW, **CERTIFICATE, scan=("certificate.pdf", content))

    assert answer.status_code == 422
    assert 'id="scan-error"' in answer.text
    assert 'value="ZX-001"' in answer.text
    assert stated(session, agent).qualifications == ()
    assert words


def test_characters_that_nobody_sees_are_taken_out(agent, session):
    typed = BASIC | {"address": "示例路\x001\u200b号\u202e"}

    assert agent.send("/profile", **typed).status_code == 303
    assert stated(session, agent).facts.address == "示例路1号"


def test_practitioners_are_added_changed_and_taken_out(agent, session):
    scan = a_scan("papers.png")
    assert agent.send("/practitioners/new", **PERSON, scan=(scan.name, scan.data)).location == (
        "/my/institution/practitioners"
    )
    (row,) = stated(session, agent).practitioners
    path = f"/practitioners/{row.public_id}"
    page = agent.get(path).text
    assert PERSON["id_number"] not in page + agent.get("/practitioners").text

    assert agent.send(path, name="王五", title="高级工程师").status_code == 303
    (row,) = stated(session, agent).practitioners
    assert (row.title, row.id_number_masked[-4:]) == ("高级工程师", PERSON["id_number"][-4:])
    assert agent.send(f"{path}/remove").status_code == 303
    assert stated(session, agent).practitioners == ()


def test_a_wrong_identity_number_is_refused_beside_its_field(agent):
    answer = agent.send("/practitioners/new", **PERSON | {"id_number": "220104198001010011"})

    assert answer.status_code == 409
    assert 'id="id_number-error"' in answer.text
    assert 'value="王五"' in answer.text


def test_the_undertaking_is_read_and_signed(agent, session):
    assert "所提交的材料真实" in agent.get("/undertaking").text
    assert "Tick the box to sign" in agent.send("/undertaking", signed_name="张三").text
    assert agent.send("/undertaking", signed_name="张三", agreed="y").status_code == 303
    assert "Signed by 张三" in agent.get("/undertaking").text
    assert stated(session, agent).undertaking.signed_name == "张三"


def test_the_letter_is_uploaded_by_a_provisional_agent(provisional, session):
    assert "Choose the scan of the letter" in provisional.send("/authorisation").text
    scan = a_scan("letter.png")
    assert provisional.send("/authorisation", scan=(scan.name, scan.data)).status_code == 303
    assert "letter.png" in provisional.get("/authorisation").text
    assert stated(session, provisional).authorisation.name == "letter.png"


def test_a_form_sent_twice_makes_one_owner(agent, session):
    hidden = agent.hidden("/owners/new")
    answers = [agent.post("/owners/new", hidden, **OWNER) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(stated(session, agent).owners) == 1


def test_a_form_sent_twice_makes_one_certificate(agent, session):
    hidden = agent.hidden(NEW)
    for _ in range(2):
        assert agent.post(NEW, hidden, **CERTIFICATE).status_code == 303

    assert len(stated(session, agent).qualifications) == 1


def test_the_history_names_who_did_what(agent):
    agent.send("/profile", **BASIC)
    page = agent.get("/history")

    assert page.status_code == 200
    assert "The profile was drafted." in page.text


def test_what_a_stranger_guesses_does_not_exist(agent, stranger, session):
    agent.send("/owners/new", **OWNER)
    agent.send(NEW, **CERTIFICATE)
    agent.send("/practitioners/new", **PERSON)
    dossier = stated(session, agent)
    paths = [
        f"/owners/{dossier.owners[0].line}",
        f"/affiliations/{dossier.owners[0].line}/remove",
        f"/qualifications/{dossier.qualifications[0].public_id}",
        f"/qualifications/{dossier.qualifications[0].public_id}/renew",
        f"/qualifications/{dossier.qualifications[0].public_id}/remove",
        f"/practitioners/{dossier.practitioners[0].public_id}",
        f"/practitioners/{dossier.practitioners[0].public_id}/remove",
    ]

    assert {agent.get(path).status_code for path in paths} == {200}
    assert {stranger.get(path).status_code for path in paths} == {404}
    hidden = stranger.hidden("/profile")
    assert {stranger.post(path, hidden).status_code for path in paths} == {404}


def test_a_scan_is_read_by_its_own_agents_only(agent, stranger, session):
    agent.send(NEW, **CERTIFICATE, scan=("certificate.pdf", pdf()))
    row = queries.dossier(session, stated(session, agent).institution.id).qualifications[0]
    path = f"/files/{row.scan_public_id}"

    assert agent.browser.get(path).status_code == 200
    assert stranger.browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/profile", "/contact", "/owners", "/ties", "/undertaking", "/authorisation"]
)
def test_a_page_reads_only_the_part_of_the_dossier_that_it_shows(agent, path):
    complete_dossier(agent.actor)

    with statements() as sent:
        assert agent.get(path).status_code == 200

    assert sent
    others = re.compile("FROM (practitioner|qualification|listing_terms)\\b")
    assert [one for one in sent if others.search(one)] == []
