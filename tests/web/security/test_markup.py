"""What people write is shown as they wrote it: on pages, in letters, in JSON, in workbooks."""

import json
import re
from html import unescape

import pytest

from marketplace.infra.database import db
from tests.factories import give_password, make_agent, open_session_for
from tests.personas import Persona, sign_in
from tests.workbooks import read

# Markup, attributes, templates, formats, formulas, entities written by hand, a script's own end.
WRITTEN = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</title></textarea><svg onload=alert(1)>",
    "{{ 7*7 }}{% raise %}${7*7}#{7*7}<%= 7*7 %>",
    "%(user)s %s %n {0.__class__} {config[SECRET_KEY]}",
    "&lt;b&gt;&#60;i&#62;",
    "%3Cscript%3E+%253Cscript%253E",
    "<!--#exec cmd='id'--> [a](javascript:alert(1)) **b**",
    "javascript:alert(document.domain)",
    "`id` $(id) ; id | id",
]
every_text = pytest.mark.parametrize("text", WRITTEN, ids=range(len(WRITTEN)))


@every_text
def test_a_name_stands_on_pages_exactly_as_it_was_written(client, text):
    agent = make_agent(name=f"甲{text}", person_name=f"乙{text}")
    open_session_for(client, agent)

    for path in ("/my/account", "/my/account/details", "/my/colleagues"):
        page = client.get(path).text
        assert f"甲{text}" in unescape(page), path
        if re.search("[<>\"']", text):
            assert f"甲{text}" not in page, path
            assert f"乙{text}" not in page, path
    field = re.search(r'<input[^>]*name="name"[^>]*>', client.get("/my/account/details").text)
    assert field is not None
    assert unescape(re.findall(r'value="([^"]*)"', field[0])[0]) == f"乙{text}"


@every_text
def test_what_is_searched_for_stays_a_text_in_page_and_links(client, text):
    page = client.get("/institutions", query_string={"q": text[:80], "sort": "name"})

    assert page.status_code == 200
    box = re.search(r'<input[^>]*name="q"[^>]*>', page.text)
    assert box is not None
    assert unescape(re.findall(r'value="([^"]*)"', box[0])[0]) == text[:80].strip()
    assert re.findall(r'href="\s*(?:javascript|data|vbscript):', page.text, re.IGNORECASE) == []
    assert all(
        "<" not in link and ">" not in link for link in re.findall('href="([^"]*)"', page.text)
    )


@every_text
def test_a_letter_holds_what_was_written_and_no_more(send, letters, text):
    make_agent(person_name=f"乙{text}", email="reader@example.cn")

    send("/password", email="reader@example.cn")

    (letter,) = letters("reader@example.cn")
    assert f"乙{text}" in letter.text


@every_text
def test_json_and_workbooks_hold_the_text_as_it_is(client, text):
    sign_in(client, Persona.AUDIT_ADMIN)
    make_agent(name=f"={text}", person_name=f"@{text}")
    problem = client.get("/api/v1/items", query_string={"cursor": text})
    assert problem.content_type == "application/problem+json"
    assert json.loads(problem.get_data())["status"] in {404, 422}
    trail = client.get("/backoffice/trail/export.xlsx")
    assert trail.status_code == 200
    cells = [cell for row in read(trail.data).rows for cell in row.values()]
    assert cells
    assert not any(str(cell).startswith(("=", "+", "-", "@")) for cell in cells)


@pytest.mark.parametrize(
    "path",
    ["/%252e%252e/etc", "/items/%253Cscript%253E", "/institutions/%2527", "/items/&lt;b&gt;"],
)
def test_an_address_is_decoded_once(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert "<script>" not in answer.text.replace('<script src="', "")


@pytest.mark.parametrize(
    "text",
    ["' OR '1'='1", "'; DROP TABLE user_account; --", "%", "_", "\\", '" OR 1=1', "1) OR (1=1"],
)
def test_no_search_is_a_statement(client, text):
    sign_in(client, Persona.SYSTEM_ADMIN)
    make_agent(name="甲公司")
    make_agent(name="乙公司")

    found = client.get("/operator/organisations", query_string={"q": text})

    assert found.status_code == 200
    assert "甲公司" not in found.text
    assert "乙公司" in client.get("/operator/organisations", query_string={"q": "乙公"}).text


@pytest.mark.parametrize("text", [".*", "(", "[a-", "a{99999}", "^$", "\\Q", "(a+)+$"])
def test_no_search_is_a_pattern(client, text):
    sign_in(client, Persona.SYSTEM_ADMIN)
    make_agent(name="甲公司")

    found = client.get("/operator/organisations", query_string={"q": text})
    public = client.get("/institutions", query_string={"q": text})

    assert (found.status_code, public.status_code) == (200, 200)
    assert "甲公司" not in found.text


def test_a_name_cannot_add_a_line_to_the_head_of_an_answer_or_a_letter(client, send, letters):
    name = "乙\r\nBcc: all@example.cn\r\n\r\nhello"
    agent = make_agent(person_name=name, email="reader@example.cn")
    give_password(agent.user_id, "four horses in a barn")
    open_session_for(client, agent)

    answers = [
        client.get("/sign-in", query_string={"next": "/a\r\nSet-Cookie: x=1"}),
        client.get("/my/account", headers={"X-Request-ID": "abcdefgh\u0085Set-Cookie: x=1"}),
    ]
    send("/my/account/email", email="new@example.cn", present_password="four horses in a barn")

    for answer in answers:
        assert not any("x=1" in value for _name, value in answer.headers)
    (letter,) = letters("new@example.cn")
    assert "\n" not in letter.subject
    assert letter.recipient == "new@example.cn"
    assert letters("all@example.cn") == ()
    db.session.rollback()


def test_numbers_that_are_too_large_are_refused_and_not_turned_over(client):
    sign_in(client, Persona.SYSTEM_ADMIN)
    for number in ("-1", "0", "2147483648", "9223372036854775808", "9" * 400, "1e9", "NaN"):
        for path in ("/operator/organisations", "/institutions", "/items"):
            assert client.get(path, query_string={"page": number}).status_code == 200, number
        interface = client.get("/api/v1/items", query_string={"limit": number})
        assert interface.status_code == 422, number
