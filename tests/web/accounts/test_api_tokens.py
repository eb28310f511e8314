"""Tokens of the public interface on their page: made, shown once, listed, revoked."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from marketplace.accounts.models import ApiToken
from marketplace.accounts.queries import bearers
from marketplace.infra.clock import real_now
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity, Role
from tests.actors import age_proofs
from tests.conftest import NOON
from tests.factories import (
    code_now,
    make_member,
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
    answer = send(f"{PAGE}/new", **said, **more)
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


def test_a_proof_sent_twice_makes_one_token(client, agent, session):
    age_proofs()
    values = hidden_fields(client.get(f"{PAGE}/new"))
    values |= {"purpose": "一次", "scopes": "projects:read", "days": "30", "proof": code_now()}

    first, second = (client.post(f"{PAGE}/new", data=values) for _ in range(2))

    assert first.location == second.location
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


def test_an_old_proof_is_renewed_beside_the_button(send, client, agent, session):
    fields = {"purpose": "同步", "scopes": ["projects:read"], "days": "30"}
    age_proofs()
    assert 'name="proof"' in client.get(f"{PAGE}/new").text

    wrong = send(f"{PAGE}/new", proof="000000", **fields)
    assert (wrong.status_code, 'id="proof-error"' in wrong.text) == (409, True)
    assert bearers.api_tokens(session, agent.organisation_id) == ()

    right = send(f"{PAGE}/new", proof=code_now(), **fields)
    assert right.status_code == 303
    assert shown(client, right.location)


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
    refused = send(f"{PAGE}/new", **values)

    assert refused.status_code == 409
