"""Tokens for programs: who makes them, what they may, how they end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import ApiToken
from marketplace.accounts.services import credentials
from marketplace.accounts.services.sessions import hash_token
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.scopes import Scope
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import make_member, make_organisation, make_plain_agent

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def agent(app):
    return make_plain_agent(Capacity.ENTERPRISE)


def make(scopes=(Scope.ITEMS_READ,), *, days=30, at=NOON):
    return lambda uow: credentials.make_api_token(
        uow, purpose="对账", scopes=scopes, days=days, at=at
    )


def refused(actor, work):
    with pytest.raises(Refused) as refusal:
        act(actor, work)
    return refusal.value


def row_of(session, key):
    session.rollback()
    return session.scalars(select(ApiToken).where(ApiToken.public_id == key)).one()


def told(session, key):
    row = row_of(session, key)
    query = select(EventRecord.kind).where(
        EventRecord.subject_kind == "api_token", EventRecord.subject_id == row.id
    )
    return list(session.scalars(query.order_by(EventRecord.sequence)))


def test_a_token_is_kept_as_its_hash_and_readable_until_it_was_copied(agent, session):
    key = act(agent, make([Scope.PROJECTS_READ, Scope.ITEMS_READ], days=90))

    row = row_of(session, key)
    text = row.shown_once
    assert text.startswith("jlm_")
    assert len(text) > 40
    assert (row.prefix, row.token_hash) == (text[:10], hash_token(text))
    assert row.scopes == ("items:read", "projects:read")
    assert (row.created_at, row.expires_at) == (NOON, NOON + timedelta(days=90))
    assert (row.organisation_id, row.membership_id) == (agent.organisation_id, agent.membership_id)
    assert told(session, key) == ["api_token.created"]
    act(agent, lambda uow: credentials.forget_shown_token(uow, token=key))
    assert row_of(session, key).shown_once is None


@pytest.mark.parametrize(
    ("capacity", "scope", "taken"),
    [
        (Capacity.INSTITUTION, Scope.INSTITUTIONS_READ, True),
        (Capacity.INSTITUTION, Scope.ENGAGEMENTS_READ, True),
        (Capacity.INSTITUTION, Scope.PROJECTS_READ, False),
        (Capacity.ENTERPRISE, Scope.PROJECTS_WRITE, True),
        (Capacity.ENTERPRISE, Scope.ENGAGEMENTS_READ, True),
    ],
)
def test_a_token_may_no_more_than_its_organisation(app, capacity, scope, taken):
    agent = make_plain_agent(capacity)
    if taken:
        assert act(agent, make([Scope.ITEMS_READ, scope]))
    else:
        refusal = refused(agent, make([Scope.ITEMS_READ, scope]))
        assert (refusal.code, refusal.field) == ("api_token.scopes", "scopes")


def test_a_token_that_may_nothing_is_not_made(agent):
    assert refused(agent, make([])).code == "api_token.scopes"


def test_programs_are_let_in_by_confirmed_administrators_only(agent):
    plain = replace(agent, roles=frozenset({Role.ENTERPRISE_AGENT}))

    assert refused(plain, make()).code == "account.not_your_role"
    assert refused(ANONYMOUS, make()).code == "request.sign_in"
    assert refused(make_plain_agent(provisional=True), make()).code == "account.provisional"


def test_an_old_proof_makes_no_token(agent, session):
    refusal = refused(replace(agent, proven=False), make())

    assert (refusal.code, refusal.field) == ("request.proof_due", "proof")
    assert session.scalars(select(ApiToken)).all() == []


def test_an_organisation_has_twenty_live_tokens_at_most(agent):
    other = act(make_plain_agent(), make())
    keys = [act(agent, make()) for _ in range(20)]
    assert other

    refusal = refused(agent, make())
    assert (refusal.code, refusal.details) == ("api_token.too_many", {"most": 20})
    act(agent, lambda uow: credentials.revoke_api_token(uow, token=keys[0], at=NOON))
    assert act(agent, make())
    assert refused(agent, make(at=NOON + timedelta(days=30, seconds=-1))).code
    assert act(agent, make(at=NOON + timedelta(days=30)))


def test_a_token_is_revoked_once_and_by_its_organisation_only(agent, session):
    key = act(agent, make())

    def revoke(at):
        return lambda uow: credentials.revoke_api_token(uow, token=key, at=at)

    with pytest.raises(NotFound):
        act(make_plain_agent(), revoke(NOON))
    plain = replace(agent, roles=frozenset({Role.ENTERPRISE_AGENT}))
    assert refused(plain, revoke(NOON)).code == "account.not_your_role"
    act(agent, revoke(NOON))
    act(agent, revoke(NOON + timedelta(days=1)))

    row = row_of(session, key)
    assert (row.revoked_at, row.revoked_by_id, row.shown_once) == (NOON, agent.user_id, None)
    assert told(session, key) == ["api_token.created", "api_token.revoked"]


def test_a_colleague_revokes_a_token_but_does_not_say_it_was_copied(session):
    office = make_organisation(Capacity.ENTERPRISE)
    maker, colleague = make_member(office), make_member(office)
    key = act(maker, make())

    with pytest.raises(NotFound):
        act(colleague, lambda uow: credentials.forget_shown_token(uow, token=key))
    assert row_of(session, key).shown_once
    act(colleague, lambda uow: credentials.revoke_api_token(uow, token=key, at=NOON))
    assert row_of(session, key).revoked_by_id == colleague.user_id


def test_a_token_that_nobody_copied_is_forgotten_after_ten_minutes(agent, session):
    key = act(agent, make())

    def sweep(minutes, seconds=0):
        at = NOON + timedelta(minutes=minutes, seconds=seconds)
        act(SYSTEM, lambda uow: credentials.sweep_shown_tokens(uow, at=at))
        return row_of(session, key).shown_once is None

    assert not sweep(10)
    assert sweep(10, 1)


def test_the_last_use_is_that_of_the_token_itself(agent, session):
    one, other = act(agent, make()), act(agent, make())
    key = row_of(session, one).id
    act(SYSTEM, lambda uow: credentials.touch_api_token(uow, token_id=key, at=NOON))

    assert row_of(session, one).last_used_at == NOON
    assert row_of(session, other).last_used_at is None
