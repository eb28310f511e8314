"""The pages of the demo: sign-in as anybody, the mails, the clock; and none of it in production."""

import re
from datetime import timedelta

import pytest

from marketplace.app import create_app
from marketplace.demo.cast import PASSWORD
from marketplace.demo.queries import demo_accounts, mails
from marketplace.infra.clock import business_now, offset, real_now
from marketplace.infra.worker import settle_due
from tests.conftest import make_settings
from tests.web.accounts.conftest import hidden_fields, send

__all__ = ["send"]
BANNER = "演示数据"
ENTERS_WITH_CODE = "examiner1.consulting@demo.example"


def code_of(session, email):
    session.rollback()
    return next(each.code for each in demo_accounts(session, real_now()) if each.email == email)


def test_the_entrance_lists_every_account_with_its_code(client, session):
    page = client.get("/demo")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    for account in demo_accounts(session, real_now()):
        assert account.email in page.text
        assert f"{account.code[:3]} {account.code[3:]}".strip() in page.text
    assert PASSWORD in page.text


def test_every_page_says_that_its_data_are_invented(client):
    paths = ("/", "/demo", "/demo/mails", "/demo/clock", "/institutions", "/sign-in", "/nowhere")

    assert [path for path in paths if BANNER not in client.get(path).text] == []


def test_staff_sign_in_with_password_and_code(client, session, send):
    asked = send("/sign-in", email=ENTERS_WITH_CODE, password=PASSWORD)
    assert asked.location == "/sign-in/code"
    assert client.get("/desk").status_code == 303

    entered = send("/sign-in/code", one_time_code=code_of(session, ENTERS_WITH_CODE))

    assert entered.status_code == 303
    desk = client.get("/desk")
    assert desk.status_code == 200
    assert client.get("/vetting").status_code == 200


def test_a_wrong_code_keeps_staff_out(client, send):
    send("/sign-in", email=ENTERS_WITH_CODE, password=PASSWORD)

    assert send("/sign-in/code", one_time_code="000000").status_code == 422
    assert client.get("/desk").status_code == 303


def test_every_listed_account_gets_to_its_desk(app, session, send):
    for account in demo_accounts(session, real_now()):
        browser = app.test_client()
        entered = send("/sign-in", browser=browser, email=account.email, password=PASSWORD)
        if account.code:
            code = code_of(session, account.email)
            entered = send("/sign-in/code", browser=browser, one_time_code=code)
        assert entered.status_code == 303, account.email
        assert browser.get("/desk").status_code == 200, account.email


def test_the_tour_leads_to_the_sign_in_with_the_place_to_go(client):
    page = client.get("/demo").text

    assert "institution2@demo.example" in page
    assert re.search(r'href="/sign-in\?next=(/|%2F)vetting"', page)


def read(client, address):
    """What a page says; numbers in its tables are marked."""
    return re.sub("</?span[^>]*>", "", client.get(address).text)


def test_mails_are_listed_found_by_recipient_and_opened(client, session):
    newest = mails(session, to="", page=1).rows[0]

    assert newest.subject in read(client, "/demo/mails")
    assert newest.subject in read(client, f"/demo/mails?to={newest.recipient}")
    opened = client.get(f"/demo/mails/{newest.key}")
    assert opened.status_code == 200
    assert newest.recipient in opened.text


def test_a_link_in_a_mail_leads_into_this_site(client, session):
    keys = [row.key for row in mails(session, to="", page=1).rows]
    pages = [client.get(f"/demo/mails/{key}").text for key in keys]
    links = {link for page in pages for link in re.findall(r'<a href="(/[^"]*)">https?:', page)}

    assert links
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code in {200, 303}


def test_a_mail_that_is_not_there_is_not_found(client):
    assert client.get("/demo/mails/notification-nothing").status_code == 404
    assert "No such mail" in client.get("/demo/mails?to=nobody@demo.example&lang=en").text


def test_the_clock_moves_forward_and_every_page_says_so(client, session, send):
    before = business_now(session)
    session.rollback()

    moved = send("/demo/clock", days="5", hours="3")

    assert (moved.status_code, moved.location) == (303, "/demo/clock")
    assert offset(session) == timedelta(days=5, hours=3)
    assert business_now(session) - before >= timedelta(days=5, hours=3)
    assert "演示时钟已调整" in client.get("/").text


def test_the_clock_moves_neither_back_nor_by_nonsense(session, send):
    steps = [("0", "0"), ("-1", "0"), ("401", "0"), ("x", "0"), ("", "1"), ("1", "24")]
    answers = [send("/demo/clock", days=d, hours=h).status_code for d, h in steps]

    assert answers == [422] * len(steps)
    assert not offset(session)


def test_the_same_step_sent_twice_moves_the_clock_once(client, session):
    fields = hidden_fields(client.get("/demo/clock")) | {"days": "2", "hours": "0"}

    answers = [client.post("/demo/clock", data=fields).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert offset(session) == timedelta(days=2)


def test_after_a_move_what_falls_due_is_settled(session, send):
    send("/demo/clock", days="60", hours="0")

    settled = settle_due(raise_errors=True)

    assert settled["vetting_cases"] > 0


@pytest.mark.parametrize("environment", ["test", "production"])
def test_outside_the_demo_there_is_no_such_page(home, environment):
    app = create_app(make_settings(home, environment=environment))

    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")] == []
    assert app.test_client().get("/demo", base_url="https://localhost").status_code == 404
