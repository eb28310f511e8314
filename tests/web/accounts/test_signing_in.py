"""Signing in: passwords, lockout, codes, sessions, and where one ends up."""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import func, select

from marketplace.accounts.queries import bearers, parties
from marketplace.accounts.services import signing_in
from marketplace.accounts.services.sessions import Browser
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.conftest import NOON
from tests.factories import (
    TOTP_SECRET,
    give_password,
    make_member,
    make_organisation,
    make_plain_agent,
    open_session_for,
    system_work,
)
from tests.statements import statements
from tests.web.accounts.conftest import hidden_fields


@pytest.fixture
def agent(app):
    actor = make_plain_agent(email="agent@example.cn")
    give_password(actor.user_id, "four horses in a barn")
    return actor


def words_of(answer):
    """The answer without the numbers that differ from page to page."""
    text = re.sub(r'(value|nonce|id)="[^"]*"', "", answer.text)
    return answer.status_code, text


def test_a_wrong_password_and_an_unknown_account_are_answered_alike(client, send, agent):
    known = send("/sign-in", email="agent@example.cn", password="wrong wrong wrong")
    unknown = send("/sign-in", email="nobody@example.cn", password="wrong wrong wrong")

    assert known.status_code == 422
    assert 'id="password-error"' in known.text
    assert words_of(known)[1].replace("agent@", "") == words_of(unknown)[1].replace("nobody@", "")


def test_an_unknown_account_costs_the_same_verification(client, send, agent, monkeypatch):
    from marketplace.accounts.services.proofs import _Hashing

    verified = []
    verify = _Hashing.hasher.verify
    monkeypatch.setattr(
        "marketplace.accounts.services.proofs._CHEAP",
        _Hashing.hasher,
    )

    class Counting:
        hash = staticmethod(_Hashing.hasher.hash)

        @staticmethod
        def verify(stored, password):
            verified.append(stored)
            return verify(stored, password)

    monkeypatch.setattr(_Hashing, "hasher", Counting)
    for email in ("agent@example.cn", "nobody@example.cn"):
        send("/sign-in", email=email, password="wrong wrong wrong")

    assert len(verified) == 2


def fail(send, times, email="agent@example.cn"):
    return [send("/sign-in", email=email, password="wrong").status_code for _ in range(times)]


def test_five_failures_lock_the_account_for_fifteen_minutes(client, send, agent):
    assert fail(send, 5) == [422] * 5

    locked = send("/sign-in", email="agent@example.cn", password="four horses in a barn")
    assert locked.status_code == 409
    assert 'data-reason="account.locked"' in locked.text
    with time_machine.travel(NOON + timedelta(minutes=14), tick=True):
        assert fail(send, 1) == [409]
    with time_machine.travel(NOON + timedelta(minutes=15, seconds=30), tick=True):
        entered = send("/sign-in", email="agent@example.cn", password="four horses in a barn")
        assert entered.status_code == 303


def test_an_unknown_account_is_locked_just_the_same(client, send, app):
    assert fail(send, 6, "nobody@example.cn") == [422] * 5 + [409]


def test_slips_of_colleagues_behind_one_address_lock_nobody(client, send, agent):
    for number in range(12):
        fail(send, 1, f"colleague{number}@example.cn")

    answer = send("/sign-in", email="agent@example.cn", password="four horses in a barn")

    assert answer.status_code == 303


def test_a_locked_account_is_open_elsewhere_until_it_has_failed_often_everywhere(agent):
    def fails(address, times):
        with UnitOfWork(SYSTEM, NOON) as uow:
            for _ in range(times):
                signing_in.fail_attempt(
                    uow, email="agent@example.cn", browser=Browser(address), at=NOON
                )

    def is_open(address):
        try:
            with UnitOfWork(SYSTEM, NOON) as uow:
                signing_in.begin_attempt(
                    uow, email="agent@example.cn", browser=Browser(address), at=NOON
                )
        except Refused:
            return False
        return True

    fails("10.0.0.1", 5)
    assert (is_open("10.0.0.1"), is_open("10.0.0.2")) == (False, True)
    for number in range(3, 10):
        fails(f"10.0.0.{number}", 2)
    assert is_open("10.0.0.2")
    fails("10.0.0.11", 1)
    assert not is_open("10.0.0.2")


def test_an_owner_hears_once_that_the_account_is_locked(client, send, agent):
    locked = select(func.count(EventRecord.id)).where(EventRecord.kind == "user.locked")
    for number in range(4):
        fail(send, 1, f"nobody{number}@example.cn")
    fail(send, 4)
    assert db.session.scalar(locked) == 0

    fail(send, 3)
    assert db.session.scalar(locked) == 1


def test_signing_in_is_the_act_of_who_signs_in(client, send, agent):
    send("/sign-in", email="agent@example.cn", password="four horses in a barn")

    signed_in = db.session.scalars(
        select(EventRecord).where(EventRecord.kind == "user.signed_in")
    ).one()
    assert signed_in.actor_user_id == agent.user_id


def test_a_success_forgets_the_account_s_failures(client, send, agent):
    fail(send, 4)
    assert send("/sign-in", email="agent@example.cn", password="four horses in a barn")
    send_out(client)

    row = parties.link_stamps(db.session(), agent.user_id)["unlock"]

    assert row == ""


def send_out(client):
    token = hidden_fields(client.get("/my/organisations/new"))["csrf_token"]
    return client.post("/sign-out", data={"csrf_token": token})


def test_the_mailed_link_unlocks_at_once_and_once(client, send, agent, mailed_link):
    fail(send, 5)
    link = mailed_link("agent@example.cn")

    assert link.startswith("/unlock/")
    assert send(link).location == "/sign-in"
    assert client.get(link).status_code == 410
    entered = send("/sign-in", email="agent@example.cn", password="four horses in a barn")
    assert entered.status_code == 303


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/my/sessions", "/my/sessions"),
        ("/items?stage=S1", "/items?stage=S1"),
        ("//evil.example", None),
        ("https://evil.example/", None),
        ("/\\evil.example", None),
        ("/\t/evil.example", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_signing_in_leads_back_but_never_off_the_site(client, agent, wanted, reached):
    from urllib.parse import quote

    path = f"/sign-in?next={quote(wanted)}"
    values = hidden_fields(client.get(path))
    values |= {"email": "agent@example.cn", "password": "four horses in a barn"}

    answer = client.post(path, data=values)

    assert answer.status_code == 303
    assert "evil" not in answer.location
    assert answer.location == (reached or "/my/account") or (
        not reached and "/desk" in answer.location
    )


def test_the_token_changes_at_sign_in_so_that_none_can_be_planted(client, send, agent):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "planted by somebody"
        cookie["planted"] = "too"

    send("/sign-in", email="agent@example.cn", password="four horses in a barn")

    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted by somebody"
        assert "planted" not in cookie


@pytest.mark.parametrize(
    ("steps", "alive"),
    [
        ([29], True),
        ([31], False),
        ([29, 58, 87], True),
        ([*range(25, 476, 25)], True),
        ([*range(25, 476, 25), 481], False),
    ],
)
def test_a_session_ends_after_30_idle_minutes_and_after_8_hours(client, agent, steps, alive):
    open_session_for(client, agent)

    for minutes in steps:
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=True):
            answer = client.get("/my/account")

    assert (answer.status_code == 200) is alive


def test_moving_the_business_clock_signs_nobody_out(client, agent):
    from marketplace.infra.clock import move_forward
    from marketplace.infra.database import writing_session

    open_session_for(client, agent)
    with writing_session() as session, session.begin():
        move_forward(session, timedelta(days=5))

    assert client.get("/my/account").status_code == 200


def test_signing_out_ends_the_session_also_for_whoever_copied_the_cookie(app, client, agent):
    open_session_for(client, agent)
    copied = app.test_client()
    with client.session_transaction() as mine, copied.session_transaction() as theirs:
        theirs.update(mine)
    assert copied.get("/my/account").status_code == 200

    assert send_out(client).location == "/sign-in"

    assert copied.get("/my/account").status_code == 303
    assert client.get("/my/account").status_code == 303


@pytest.fixture
def examiner(app):
    association = make_organisation(Capacity.ASSOCIATION, name="某某协会")
    actor = make_member(association, Role.ASSOCIATION_EXAMINER, email="examiner@example.cn")
    give_password(actor.user_id, "four horses in a barn")
    return actor


def code_now(shift=0):
    return pyotp.TOTP(TOTP_SECRET).at(real_now() + timedelta(seconds=shift))


def test_whoever_has_a_second_factor_shows_a_code(client, send, examiner):
    first = send(
        "/sign-in?next=/my/sessions", email="examiner@example.cn", password="four horses in a barn"
    )
    assert first.location == "/sign-in/code"
    assert client.get("/my/account").status_code == 303
    assert send("/sign-in/code", one_time_code="000000").status_code == 422

    entered = send("/sign-in/code", one_time_code=f"{code_now()[:3]} {code_now()[3:]}")

    assert entered.location == "/my/sessions"
    assert client.get("/my/account").status_code == 200


def test_a_code_is_accepted_once(app, client, send, examiner):
    code = code_now()
    for browser, expected in ((client, 303), (app.test_client(), 422)):
        send(
            "/sign-in",
            browser=browser,
            email="examiner@example.cn",
            password="four horses in a barn",
        )
        assert send("/sign-in/code", browser=browser, one_time_code=code).status_code == expected


def test_guessing_codes_locks_the_account_even_with_the_password(client, send, examiner):
    def password():
        return send("/sign-in", email="examiner@example.cn", password="four horses in a barn")

    codes = []
    for number in range(5):
        assert password().status_code == 303
        codes.append(send("/sign-in/code", one_time_code=f"00000{number}").status_code)

    assert codes == [422] * 5
    assert password().status_code == 409


def test_staff_without_a_second_factor_enrol_before_anything_else(client, send, app):
    association = make_organisation(Capacity.ASSOCIATION, name="某某协会")
    actor = make_member(association, Role.ASSOCIATION_EXAMINER, email="new@example.cn")
    with system_work() as uow:
        from marketplace.accounts.models import User
        from marketplace.accounts.services.sessions import clear_second_factor

        clear_second_factor(uow, uow.find(User, actor.user_id))
    give_password(actor.user_id, "four horses in a barn")

    first = send(
        "/sign-in?next=/my/sessions", email="new@example.cn", password="four horses in a barn"
    )
    assert first.location == "/sign-in/enrol"
    assert client.get("/my/account").status_code == 303
    page = client.get("/sign-in/enrol").text
    assert "<svg" in page
    assert "style=" not in page[page.index("<svg") :].split("</svg>")[0]
    secret = parties.enrolment_secret(db.session(), actor.user_id)
    assert send("/sign-in/enrol", one_time_code="000000").status_code == 422
    enrolled = send("/sign-in/enrol", one_time_code=pyotp.TOTP(secret).at(real_now()))
    assert enrolled.location == "/my/second-factor/recovery-codes?next=/my/sessions"

    codes = re.findall(
        r"[a-z2-7]{5}(?:-[a-z2-7]{5}){4}",
        client.get(enrolled.location).text.split('class="recovery-codes"')[1].split("</ul>")[0],
    )

    assert len(set(codes)) == 10
    assert send(enrolled.location).location == "/my/sessions"
    assert client.get("/my/second-factor/recovery-codes").status_code == 302
    send_out(client)
    send("/sign-in", email="new@example.cn", password="four horses in a barn")
    assert send("/sign-in/code", one_time_code=codes[0].upper()).status_code == 303
    send_out(client)
    send("/sign-in", email="new@example.cn", password="four horses in a barn")
    assert send("/sign-in/code", one_time_code=codes[0]).status_code == 422


def test_a_forgotten_password_is_replaced_by_a_mailed_link(app, client, send, agent, mailed_link):
    other = open_session_for(app.test_client(), agent)
    assert other.user_id
    assert send("/password", email="agent@example.cn").location == "/password/sent"
    link = mailed_link("agent@example.cn")
    short = send(link, password="short", password_again="short")
    assert short.status_code == 422

    answer = send(link, password="another four horses", password_again="another four horses")

    assert answer.location == "/sign-in"
    assert client.get(link).status_code == 410
    query = "SELECT * FROM idempotency_key"
    kept = [str(row) for row in db.session.connection().exec_driver_sql(query)]
    assert any("/password/<token>" in row for row in kept)
    assert not any(link.rsplit("/", 1)[1] in row or "horses" in row for row in kept)
    entered = send("/sign-in", email="agent@example.cn", password="another four horses")
    assert entered.status_code == 303
    live = bearers.my_sessions(db.session(), agent.user_id, current=0, at=real_now())
    assert len(live) == 1


def test_a_link_for_a_new_password_is_good_for_an_hour(client, send, agent, mailed_link):
    send("/password", email="agent@example.cn")
    link = mailed_link("agent@example.cn")

    with time_machine.travel(NOON + timedelta(minutes=61), tick=True):
        assert client.get(link).status_code == 410


def test_asking_for_an_unknown_account_s_password_looks_the_same(client, send, letters):
    assert send("/password", email="nobody@example.cn").location == "/password/sent"
    assert letters("nobody@example.cn") == ()


def test_the_session_of_a_request_is_read_in_one_query(client, agent, app):
    open_session_for(client, agent)

    with statements() as sent:
        client.get("/my/account")

    assert sum("FROM user_session" in statement for statement in sent) == 1


def test_a_browser_that_blocks_cookies_is_told_to_allow_them(app):
    browser = app.test_client(use_cookies=False)
    form = hidden_fields(browser.get("/sign-in?lang=en"))

    answer = browser.post("/sign-in?lang=en", data={**form, "email": "a@example.cn"})

    assert answer.status_code == 400
    assert "Allow cookies for this site" in answer.text
    assert "too long" not in answer.text
