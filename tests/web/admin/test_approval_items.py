"""The operator's pages of approval items: added, changed from a day on, ended, linked."""

import re
from datetime import timedelta

import pytest

from marketplace.catalogue import queries
from marketplace.catalogue.queries import listed
from tests.approval_items import CODE, SAID, add, change, end
from tests.conftest import TODAY
from tests.dossiers import act
from tests.personas import Persona, actor, sign_in
from tests.web.admin.conftest import UNSEEMLY, fields_of, filled, recorded

APPROVALS = "/backoffice/approval-items"
WRITTEN = {**SAID, "code": CODE, "valid_from": TODAY.isoformat(), "reason": "某发〔2026〕5号"}


@pytest.fixture(autouse=True)
def administrator(client):
    return sign_in(client, Persona.SYSTEM_ADMIN)


def test_one_is_added_linked_changed_and_ended(client, send, session):
    before = recorded()
    assert send(f"{APPROVALS}/new", **WRITTEN).status_code == 303
    assert send(f"{APPROVALS}/{CODE}/items", items=["JL-Z05"]).status_code == 303
    later = TODAY + timedelta(days=9)
    answer = send(
        f"{APPROVALS}/{CODE}/new-version",
        name="地下水取水许可",
        valid_from=f"{later:%Y年%m月%d日}",
        reason="改名",
    )
    assert answer.status_code == 303, answer.text

    page = client.get(answer.location).text
    assert "<ins>地下水取水许可</ins>" in page
    assert later.isoformat() in page
    assert SAID["name"] in client.get("/items/JL-Z05").text
    assert recorded() == before + 3
    answer = send(f"{APPROVALS}/{CODE}/end", valid_from=later.isoformat(), reason="取消")
    assert answer.status_code == 303, answer.text
    session.rollback()
    assert listed.approval_item(session, CODE).last.ended
    assert [one.code for one in queries.item(session, "JL-Z05").approvals] == ["C06", CODE]
    assert f'value="{CODE}"' not in client.get("/backoffice/items/JL-Z06/new-version").text
    assert f'value="{CODE}"' in client.get("/backoffice/items/JL-Z05/new-version").text


WRONG = [
    ({"code": "取水"}, "code", 409),
    ({"code": "A01"}, "code", 409),
    ({"name": ""}, "name", 422),
    ({"stage": ""}, "stage", 422),
    ({"departments": []}, "departments", 422),
    ({"departments": ["水务"]}, "departments", 422),
    ({"applies_to": "all_projects"}, "condition", 409),
    ({"valid_from": "2020-01-01"}, "valid_from", 409),
    ({"valid_from": "soon"}, "valid_from", 422),
    ({"reason": ""}, "reason", 422),
]


@pytest.mark.parametrize(("fields", "field", "status"), WRONG)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    send, fields, field, status
):
    before = recorded()

    answer = send(f"{APPROVALS}/new", **(WRITTEN | fields))

    assert answer.status_code == status, answer.text
    assert f'id="{field}-error"' in answer.text
    assert fields_of(answer)["law"] == SAID["law"]
    assert recorded() == before


def test_what_a_colleague_changed_meanwhile_is_not_written_over(client, session):
    admin = actor(Persona.SYSTEM_ADMIN)
    act(admin, add())
    opened = {path: client.get(f"{APPROVALS}/{CODE}/{path}") for path in ("new-version", "end")}
    act(admin, change(name="改了的名"))

    for path, page in opened.items():
        answer = client.post(f"{APPROVALS}/{CODE}/{path}", data=filled(page, reason="迟到"))
        assert answer.status_code == 409, path
        assert "迟到" in answer.text, path
    session.rollback()
    assert listed.approval_item(session, CODE).last.name == "改了的名"


def test_the_list_shows_what_holds_today(client):
    act(actor(Persona.SYSTEM_ADMIN), add(valid_from=TODAY + timedelta(days=3)))
    act(actor(Persona.SYSTEM_ADMIN), end("C06"))
    act(actor(Persona.SYSTEM_ADMIN), change("C07", days=5, name="往后的名"))

    page = client.get(f"{APPROVALS}/", query_string={"lang": "en"}).text

    assert (TODAY + timedelta(days=3)).isoformat() in page
    assert "往后的名" not in page
    body = re.search(r"<tbody.*?</tbody>", page, re.DOTALL)[0]
    assert body.count("<tr") == 54
    assert body.count("Ended") == 1


def test_unknown_ones_are_not_found_and_pages_are_seemly(client):
    for path in ("Z99", "Z99/new-version", "Z99/end", "Z99/items"):
        assert client.get(f"{APPROVALS}/{path}").status_code == 404, path
    for path in ("", "new", "C06", "C06/new-version", "C06/end", "C06/items"):
        page = client.get(f"{APPROVALS}/{path}", query_string={"lang": "en"})
        assert page.status_code == 200, path
        assert not UNSEEMLY.search(page.text), path
