"""The operator's pages of departments: made, renamed, ended, and what keeps one from ending."""

from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.competitions.rules import CompetitionState
from marketplace.kernel.actors import SYSTEM, Capacity
from tests.competitions import make_competition
from tests.conftest import TODAY
from tests.departments import change
from tests.dossiers import act
from tests.engagements import make_enterprise
from tests.factories import credit_code, make_organisation
from tests.personas import Persona, sign_in
from tests.web.admin.conftest import UNSEEMLY, fields_of, filled, recorded

DEPARTMENTS = "/backoffice/approval-departments"


@pytest.fixture(autouse=True)
def administrator(client):
    return sign_in(client, Persona.SYSTEM_ADMIN)


@pytest.fixture
def place(session):
    key = make_organisation(Capacity.DEPARTMENT, name="示例市国土局", region_code="220100")
    session.rollback()
    return f"{DEPARTMENTS}/{accounts.organisation(session, key).public_id}"


def test_a_department_is_made_renamed_and_ended(client, send, session):
    made = send(
        f"{DEPARTMENTS}/new",
        name="示例市国土局",
        credit_code=credit_code(880_002),
        region_code="220100",
    )
    assert made.status_code == 303, made.text
    before, place = recorded(), made.location
    since = TODAY - timedelta(days=9)
    answer = send(
        f"{place}/change", name="示例市自然资源局", valid_from=str(since), reason="机构改革"
    )
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    assert "<ins>示例市自然资源局</ins>" in page
    assert since.isoformat() in page
    assert "示例市自然资源局" in client.get(f"{DEPARTMENTS}/").text

    answer = send(f"{place}/end", reason="职能划转")

    assert answer.status_code == 303, answer.text
    assert recorded() == before + 2
    assert "职能划转" in client.get(place).text
    assert client.get(f"{place}/change").status_code == 404


WRONG = [
    ({"name": ""}, "name", 422),
    ({"name": "示例市水务局"}, "name", 409),
    ({"region_code": ""}, "region_code", 422),
    ({"valid_from": "soon"}, "valid_from", 422),
    ({"valid_from": str(TODAY + timedelta(days=1)), "name": "甲局"}, "valid_from", 409),
    ({"reason": ""}, "reason", 422),
]


@pytest.mark.parametrize(("fields", "field", "status"), WRONG)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    send, place, fields, field, status
):
    make_organisation(Capacity.DEPARTMENT, name="示例市水务局", region_code="220100")
    before = recorded()

    answer = send(f"{place}/change", **({"name": "乙局", "reason": "机构改革"} | fields))

    assert answer.status_code == status, answer.text
    assert f'id="{field}-error"' in answer.text
    assert fields_of(answer)["reason"] == fields.get("reason", "机构改革")
    assert recorded() == before


def test_the_refusal_to_end_names_what_is_open_with_a_way_to_it(send, session):
    world = make_competition(CompetitionState.PUBLISHED)
    session.rollback()
    row = accounts.organisation(session, world.department.organisation_id)

    answer = send(f"{DEPARTMENTS}/{row.public_id}/end", reason="撤销")

    assert answer.status_code == 409
    assert f"/competitions/{world.public_id}" in answer.text
    assert world.row().number in answer.text


def test_what_a_colleague_changed_meanwhile_is_not_written_over(client, place, session):
    opened = {path: client.get(f"{place}/{path}") for path in ("change", "end")}
    key = accounts.organisation_by_public_id(session, place.rpartition("/")[2]).id
    act(SYSTEM, change(key, name="改了的名"))

    for path, page in opened.items():
        answer = client.post(f"{place}/{path}", data=filled(page, reason="迟到"))
        assert answer.status_code == 409, path
        assert "迟到" in answer.text, path
    session.rollback()
    assert accounts.organisation(session, key).name == "改了的名"


def test_unknown_ones_are_not_found_and_pages_are_seemly(client, place, session):
    made = make_enterprise().organisation_id
    session.rollback()
    enterprise = accounts.organisation(session, made).public_id
    for key in ("nothing", "aaaaaaaaaa", enterprise):
        for path in ("", "/change", "/end"):
            assert client.get(f"{DEPARTMENTS}/{key}{path}").status_code == 404, (key, path)
    for path in (f"{DEPARTMENTS}/", f"{DEPARTMENTS}/new", place, f"{place}/change", f"{place}/end"):
        page = client.get(path, query_string={"lang": "en"})
        assert page.status_code == 200, path
        assert not UNSEEMLY.search(page.text), path
