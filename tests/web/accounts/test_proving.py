"""Proving once more who one is: beside a button, on a page of its own, and what stops without."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from marketplace.accounts.models import SignInFailure, User, UserSession
from marketplace.accounts.queries import bearers
from marketplace.accounts.services.credentials import make_api_token
from marketplace.competitions.rules import CompetitionState
from marketplace.infra.clock import real_now
from marketplace.infra.database import db
from marketplace.kernel.scopes import Scope
from tests.actors import age_proofs
from tests.competitions import make_competition
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import (
    code_now,
    give_password,
    make_agent,
    make_plain_agent,
    open_session_for,
)
from tests.market import offer
from tests.web.accounts.conftest import hidden_fields
from tests.web.vetting.conftest import Person, person

__all__ = ["person"]
FIELD = 'name="proof"'
PASSWORD = "four horses in a barn"


def failures() -> int:
    """How many attempts are counted against accounts and addresses."""
    db.session.rollback()
    return sum(db.session.scalars(select(SignInFailure.failures)))


@pytest.fixture
def opening(person):
    """A colleague before the page that opens the bids; its address."""
    world = make_competition(CompetitionState.OPENING_REQUESTED, at=NOON - timedelta(days=30))
    colleague: Person = person(world.department.colleague)
    return colleague, f"/competitions/manage/{world.public_id}/confirm-opening", world


def test_whoever_signed_in_just_now_sees_no_further_field_and_opens(opening):
    colleague, address, world = opening

    assert FIELD not in colleague.get(address).text
    assert colleague.send(address).status_code == 303
    assert world.row().state is CompetitionState.OPENED


def test_an_old_proof_is_renewed_beside_the_button_and_then_holds(opening):
    colleague, address, world = opening
    age_proofs()

    page = colleague.get(address).text
    assert page.index(FIELD) < page.index('class="submit-row"')
    without = colleague.send(address)
    assert (without.status_code, 'id="proof-error"' in without.text) == (409, True)
    wrong = colleague.send(address, proof="000000")
    assert (wrong.status_code, 'id="proof-error"' in wrong.text) == (409, True)
    assert world.row().state is CompetitionState.OPENING_REQUESTED
    assert failures() == 3  # of the account, of the account here, of the address

    assert colleague.send(address, proof=code_now()).status_code == 303

    assert world.row().state is CompetitionState.OPENED
    assert colleague.get("/my/proof?next=/my/sessions").location == "/my/sessions"


def test_the_same_form_sent_twice_uses_its_code_once_and_counts_no_failure(opening):
    colleague, address, _world = opening
    age_proofs()
    values = hidden_fields(colleague.get(address)) | {"proof": code_now()}

    answers = [colleague.browser.post(address, data=values) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert failures() == 0


def test_a_code_that_was_used_proves_nothing_in_another_session(app, opening):
    colleague, address, world = opening
    age_proofs()
    shown = code_now()
    assert colleague.send("/my/proof?next=/desk", proof=shown).location == "/desk"
    other = Person(app, world.department.colleague)
    age_proofs()

    assert 'id="proof-error"' in other.send(address, proof=shown).text
    assert world.row().state is CompetitionState.OPENING_REQUESTED


def test_too_many_wrong_codes_lock_as_they_do_at_the_sign_in(opening):
    colleague, address, world = opening
    age_proofs()

    said = [colleague.send(address, proof="000000").text for _ in range(6)]

    assert "失败次数过多" in said[-1]
    assert "失败次数过多" in colleague.send(address, proof=code_now()).text
    assert world.row().state is CompetitionState.OPENING_REQUESTED


def test_no_proof_is_kept_with_what_was_sent(opening):
    colleague, address, _world = opening
    age_proofs()
    first = hidden_fields(colleague.get(address))
    refused = colleague.browser.post(address, data=first | {"proof": "000000"})
    assert refused.status_code == 409
    assert "000000" not in refused.text

    assert colleague.browser.post(address, data=first | {"proof": code_now()}).status_code == 303
    # The key answers the same form again, whatever proof comes with it.
    again = colleague.browser.post(address, data=first | {"proof": "111111"})
    assert again.status_code == 303


def test_a_page_without_a_place_for_it_leads_to_one_and_back(app, client):
    me = open_session_for(client, make_plain_agent(email="me@example.cn"))
    give_password(me.user_id, PASSWORD)
    open_session_for(app.test_client(), me)
    rows = bearers.my_sessions(db.session(), me.user_id, current=0, at=real_now())
    values = hidden_fields(client.get("/my/sessions"))
    there = {"Referer": "http://localhost/my/sessions"}
    age_proofs()

    asked = client.post(f"/my/sessions/{rows[1].public_id}/end", data=values, headers=there)
    assert asked.location == "/my/proof?next=/my/sessions"
    page = client.get(asked.location)
    assert 'type="password"' in page.text
    sent = hidden_fields(page)
    empty = client.post(asked.location, data=sent)
    assert (empty.status_code, 'id="proof-error"' in empty.text) == (422, True)
    assert client.post(asked.location, data=sent | {"proof": "wrong"}).status_code == 409
    assert client.post(asked.location, data=sent | {"proof": PASSWORD}).location == "/my/sessions"

    ended = client.post(f"/my/sessions/{rows[1].public_id}/end", data=values)
    assert ended.location == "/my/sessions"
    db.session.rollback()
    reasons = db.session.scalars(select(UserSession.end_reason).order_by(UserSession.id)).all()
    assert sorted(reasons) == ["", "by_owner"]


def test_a_new_mobile_takes_a_fresh_proof_and_what_was_typed_is_back(client, session):
    open_session_for(client, make_agent())
    said = {"name": "新名", "mobile": "13955556666", "locale": "zh"}
    values = hidden_fields(client.get("/my/account/details"))
    age_proofs()

    asked = client.post("/my/account/details", data=values | said)
    assert asked.location == "/my/proof?next=/my/account/details"
    proven = hidden_fields(client.get(asked.location)) | {"proof": code_now()}
    back = client.post(asked.location, data=proven).location

    page = client.get(back)
    assert "13955556666" in page.text
    # Read for too long: what was typed is back after the second proof, too.
    age_proofs()
    again = client.post(back, data=hidden_fields(page) | said)
    proven = hidden_fields(client.get(again.location))
    with time_machine.travel(NOON + timedelta(minutes=1), tick=True):
        client.post(again.location, data=proven | {"proof": code_now()})
        page = client.get(back)
        assert "13955556666" in page.text
        saved = client.post(back, data=hidden_fields(page) | said)
    assert saved.location == "/my/account"


def test_an_old_proof_does_not_learn_whose_number_is_known(client, session):
    known = session.get(User, make_agent().user_id).mobile
    open_session_for(client, make_agent())
    said = {"name": "新名", "mobile": known, "locale": "zh"}
    values = hidden_fields(client.get("/my/account/details"))
    age_proofs()

    assert client.post("/my/account/details", data=values | said).location.startswith("/my/proof")


def test_a_code_in_full_width_digits_proves_as_it_signs_in(opening):
    colleague, _address, _world = opening
    age_proofs()
    wide = code_now().translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})

    assert colleague.send("/my/proof?next=/desk", proof=wide).location == "/desk"


def test_a_second_factor_begun_long_ago_is_not_enrolled_from_an_open_session(client, session):
    me = open_session_for(client, make_plain_agent(email="me@example.cn"))
    give_password(me.user_id, PASSWORD)
    client.post("/my/second-factor/begin", data=hidden_fields(client.get("/my/second-factor")))
    address = "/my/second-factor/confirm"
    values = hidden_fields(client.get(address))
    code = pyotp.TOTP(session.get(User, me.user_id).totp_secret).at(real_now())
    age_proofs()

    assert client.get(address).location == f"/my/proof?next={address}"
    sent = client.post(address, data=values | {"one_time_code": code})
    assert sent.location == f"/my/proof?next={address}"
    session.expire_all()
    assert session.get(User, me.user_id).totp_confirmed_at is None
    proof = hidden_fields(client.get(sent.location)) | {"proof": PASSWORD}
    assert client.post(sent.location, data=proof).location == address
    assert client.post(address, data=values | {"one_time_code": code}).status_code == 303
    session.expire_all()
    assert session.get(User, me.user_id).totp_confirmed_at is not None


def test_without_a_second_factor_one_reads_is_told_and_led_to_it_and_back(app, client):
    world = make_competition()
    agent = offer("无动态验证咨询有限公司").agent
    plain = make_plain_agent()
    assert plain.second_factor is False
    act_page = f"/competitions/{world.public_id}/bid"
    open_session_for(client, agent)
    assert "account.second_factor_to_act" not in client.get(act_page).text

    browser = app.test_client()
    open_session_for(browser, plain)
    page = browser.get(act_page).text

    assert 'data-reason="account.second_factor_to_act"' in page
    lead = f"/my/second-factor?next={act_page}"
    assert f'href="{lead}"' in page
    assert "/my/second-factor?next=/desk" in browser.get("/desk").text
    begun = browser.post(
        f"/my/second-factor/begin?next={act_page}", data=hidden_fields(browser.get(lead))
    )
    assert begun.location == f"/my/second-factor/confirm?next={act_page}"
    secret = browser.get(begun.location).text.split('class="code">')[1].split("<")[0]
    shown = pyotp.TOTP(secret.replace(" ", "")).at(real_now())
    values = hidden_fields(browser.get(begun.location)) | {"one_time_code": shown}
    codes = browser.post(begun.location, data=values).location
    assert codes == f"/my/second-factor/recovery-codes?next={act_page}"
    written = browser.post(codes, data=hidden_fields(browser.get(codes)))
    assert written.location == act_page
    assert "account.second_factor_to_act" not in browser.get(act_page).text


def test_a_token_of_a_program_proves_nothing(session):
    agent = make_agent()
    made = act(
        agent,
        lambda uow: make_api_token(
            uow,
            purpose="试用",
            scopes=[Scope.ENGAGEMENTS_READ],
            days=30,
            at=real_now(),
        ),
    )
    (text,) = [
        bearers.api_token(session, row.public_id, membership_id=agent.membership_id).text
        for row in bearers.api_tokens(session, agent.organisation_id)
    ]

    actor = bearers.bearer(session, text, real_now()).actor

    assert made
    assert (actor.second_factor, actor.proven) == (True, False)
