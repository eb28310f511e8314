"""Tokens of the public interface on their page: made, shown once, listed, revoked."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from marketplace.accounts.models import ApiToken
from marketplace.accounts.queries import bearers, parties
from marketplace.accounts.services import signing_in
from marketplace.infra.clock import real_now
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity, Role
from tests.conftest import NOON
from tests.factories import (
    code_now,
    make_member,
    make_organisation,
    make_plain_agent,
    open_session_for,
)
from tests.personas import Persona, sign_in
from tests.programs import make_token
from tests.web.accounts.conftest import hidden_fields

PAGE = "/my/api-tokens"


@pytest.fixture
def agent(client):
    return sign_in(client, Persona.ENTERPRISE_AGENT)


def made(send, **more) -> str:
    """The address of a token made by the form."""
    said = {"purpose": "进度同步", "scopes": ["projects:read"], "days": "90"}
    answer = send(f"{PAGE}/new", one_time_code=code_now(), **said, **more)
    assert answer.status_code == 303, answer.text
    return answer.location


def shown(client, address: str) -> str:
    """The text of the token on its page; empty when it is not shown any more."""
    page = client.get(address).text
    if 'id="token"' not in page:
        return ""
    return page.split('id="token">', 1)[1].split("<", 1)[0]


def test_a_token_is_shown_until_it_is_copied_and_works(send, client, agent):
    address = made(send)
    token = shown(client, address)

    assert token.startswith("jlm_")
    answer = client.get("/api/v1/projects", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert send(address).location == PAGE
    assert shown(client, address) == ""
    listed = client.get(PAGE).text
    assert token not in listed
    assert token[:10] in listed


def test_the_database_keeps_a_hash_and_for_minutes_a_sealed_text(send, client, agent, session):
    address = made(send)
    token = shown(client, address)

    raw = session.connection().exec_driver_sql("select * from api_token").one()
    assert token not in str(raw)
    with time_machine.travel(NOON + timedelta(minutes=11)):
        settle_due(raise_errors=True)
    assert shown(client, address) == ""


def test_only_whoever_made_a_token_reads_it(send, client, agent):
    address = made(send)
    colleague = make_member(agent.organisation_id, Role.ORGANISATION_ADMIN)
    open_session_for(client, colleague)

    assert client.get(address).status_code == 200
    assert shown(client, address) == ""


def test_the_form_sent_twice_makes_one_token(client, session):
    plain = make_plain_agent(capacity=Capacity.ENTERPRISE)
    open_session_for(client, plain)
    values = hidden_fields(client.get(f"{PAGE}/new"))
    values |= {"purpose": "一次", "scopes": "projects:read", "days": "30"}

    first, second = (client.post(f"{PAGE}/new", data=values) for _ in range(2))

    assert first.location == second.location
    assert len(bearers.api_tokens(session, plain.organisation_id)) == 1


def test_a_code_sent_twice_makes_one_token(client, agent, session):
    values = hidden_fields(client.get(f"{PAGE}/new"))
    values |= {"purpose": "一次", "scopes": "projects:read", "days": "30"}
    values["one_time_code"] = code_now()

    made = [client.post(f"{PAGE}/new", data=values).status_code for _ in range(2)]

    assert made == [303, 422]
    assert len(bearers.api_tokens(session, agent.organisation_id)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": ""},
        {"purpose": "x" * 61},
        {"scopes": []},
        {"scopes": ["projects:destroy"]},
        {"days": "9999"},
        {"days": ""},
    ],
)
def test_a_form_that_makes_no_sense_makes_nothing(send, agent, session, wrong):
    fields = {"purpose": "同步", "scopes": ["projects:read"], "days": "30"} | wrong

    assert send(f"{PAGE}/new", **fields).status_code == 422
    assert bearers.api_tokens(session, agent.organisation_id) == ()


def test_an_institution_is_not_offered_projects(client):
    sign_in(client, Persona.INSTITUTION_AGENT)

    page = client.get(f"{PAGE}/new").text

    assert "engagements:read" in page
    assert "projects:" not in page


def test_whoever_has_a_second_factor_proves_it(send, client, app, session):
    organisation = make_organisation(Capacity.DEPARTMENT)
    officer = make_member(organisation, Role.ORGANISATION_ADMIN, Role.DEPARTMENT_OFFICER)
    open_session_for(client, officer)
    fields = {"purpose": "同步", "scopes": ["projects:read"], "days": "30"}

    wrong = send(f"{PAGE}/new", one_time_code="000000", **fields)
    assert wrong.status_code in {200, 422}
    assert bearers.api_tokens(session, organisation) == ()

    code = parties.current_code(session, officer.user_id, real_now())
    right = send(f"{PAGE}/new", one_time_code=code, **fields)
    assert right.status_code == 303
    assert shown(client, right.location)


def test_a_right_code_makes_no_token_when_too_much_has_failed_meanwhile(
    send, client, session, monkeypatch
):
    organisation = make_organisation(Capacity.DEPARTMENT)
    officer = make_member(organisation, Role.ORGANISATION_ADMIN, Role.DEPARTMENT_OFFICER)
    open_session_for(client, officer)
    fields = {"purpose": "同步", "scopes": ["projects:read"], "days": "30"}
    # The attempt had begun before the others failed.
    monkeypatch.setattr(signing_in, "begin_attempt", lambda *_args, **_facts: False)
    for _failure in range(5):
        send(f"{PAGE}/new", one_time_code="000000", **fields)
    code = parties.current_code(session, officer.user_id, real_now())

    refused = send(f"{PAGE}/new", one_time_code=code, **fields)

    assert 'data-reason="account.locked"' in refused.text
    session.rollback()
    assert bearers.api_tokens(session, organisation) == ()


def test_a_revoked_token_opens_nothing_and_the_record_stays(send, client, agent, session):
    address = made(send)
    token = shown(client, address)

    assert send(f"{address}/revoke").location == PAGE

    answer = client.get("/api/v1/projects", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert bearers.api_tokens(session, agent.organisation_id)[0].state(real_now()) == "revoked"
    kinds = session.scalars(
        select(EventRecord.kind).where(EventRecord.subject_kind == "api_token")
    ).all()
    assert kinds == ["api_token.created", "api_token.revoked"]


def test_the_list_says_when_a_token_was_last_used(client, agent, session):
    token = make_token(agent)
    client.get("/api/v1/projects", headers={"Authorization": f"Bearer {token}"})

    session.rollback()
    assert session.scalars(select(ApiToken.last_used_at)).one() is not None


def test_an_organisation_keeps_a_bounded_number_of_tokens(send, agent, monkeypatch):
    monkeypatch.setattr("marketplace.accounts.rules.MOST_TOKENS", 2)
    make_token(agent)
    make_token(agent)

    values = {"purpose": "第三个", "scopes": ["projects:read"], "days": "30"}
    refused = send(f"{PAGE}/new", one_time_code=code_now(), **values)

    assert refused.status_code == 409
