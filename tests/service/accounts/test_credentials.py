"""Passwords, e-mail addresses and the help of the security administrator."""

import pytest

from marketplace.accounts.services import credentials, signing_in
from marketplace.accounts.services.credentials import email_stamp, password_stamp
from marketplace.accounts.services.signing_in import lock_stamp
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import make_member, make_organisation, make_plain_agent
from tests.service.accounts.proving import (
    ELSEWHERE,
    LATER,
    PLACE,
    ended,
    enrolled,
    happened,
    opened,
    person,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def agent(app):
    return make_plain_agent()


@pytest.fixture
def guard(app):
    return make_member(make_organisation(Capacity.OPERATOR), Role.SECURITY_ADMIN)


def refused(actor, work):
    with pytest.raises(Refused) as refusal:
        act(actor, work)
    return refusal.value.code


def by_link(agent, stamp, password_hash="new"):
    key = person(agent).public_id
    return lambda uow: credentials.set_password(
        uow, user=key, stamp=stamp, password_hash=password_hash, at=NOON
    )


def locked_out(agent):
    email = person(agent).email
    for _ in range(5):
        act(
            SYSTEM,
            lambda uow: signing_in.fail_attempt(uow, email=email, browser=PLACE, at=NOON),
        )
    return email


def is_locked(email):
    try:
        act(
            SYSTEM,
            lambda uow: signing_in.begin_attempt(uow, email=email, browser=PLACE, at=NOON),
        )
    except Refused as refusal:
        return refusal.code == "account.locked"
    return False


@pytest.mark.parametrize(("written", "told"), [("known", True), ("KNOWN", True), ("no", False)])
def test_a_letter_goes_to_those_who_have_an_account_however_they_write_it(written, told):
    agent = make_plain_agent(email="known@example.cn")
    email = f" {written}@example.cn"
    act(ANONYMOUS, lambda uow: credentials.request_password_reset(uow, email=email))

    assert ("password_reset_requested" in happened(agent)) == told


def test_a_mailed_link_sets_the_password_once_ends_every_session_and_lifts_the_lock(agent):
    stamp = password_stamp(person(agent))
    live = opened(agent), opened(agent)
    email = locked_out(agent)
    act(ANONYMOUS, by_link(agent, stamp))

    assert person(agent).password_hash == "new"
    assert ended(*live) == ["password", "password"]
    assert happened(agent)[-2:] == ["sessions_ended", "password_changed"]
    assert refused(ANONYMOUS, by_link(agent, stamp, "newer")) == "account.link_used"
    assert person(agent).password_hash == "new"
    act(
        SYSTEM,
        lambda uow: signing_in.begin_attempt(uow, email=email, browser=ELSEWHERE, at=NOON),
    )


def test_a_link_that_sets_the_first_password_proves_the_address(app):
    staff = make_member(make_organisation(Capacity.ASSOCIATION), Role.ASSOCIATION_EXAMINER)
    assert person(staff).email_verified_at is None

    act(ANONYMOUS, by_link(staff, password_stamp(person(staff))), at=NOON)
    assert person(staff).email_verified_at == NOON
    act(ANONYMOUS, by_link(staff, password_stamp(person(staff)), "other"), at=LATER)
    assert person(staff).email_verified_at == NOON


def test_a_changed_password_ends_all_other_sessions(agent):
    this, other = opened(agent), opened(agent)
    act(
        agent,
        lambda uow: credentials.change_password(
            uow, password_hash="new", keep_session=this, at=NOON
        ),
    )

    assert (person(agent).password_hash, ended(this, other)) == ("new", ["", "password"])
    assert happened(agent)[-2:] == ["sessions_ended", "password_changed"]


def test_nobody_s_password_is_changed_by_nobody():
    code = refused(
        ANONYMOUS,
        lambda uow: credentials.change_password(uow, password_hash="x", keep_session=0, at=NOON),
    )
    assert code == "request.sign_in"


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"name": "新名"}, ["name"]),
        ({"mobile": "13711112222", "locale": "en"}, ["mobile", "locale"]),
        ({}, None),
    ],
)
def test_details_are_kept_and_only_what_changed_is_told(agent, changed, fields):
    before = person(agent)
    facts = {"name": before.name, "mobile": before.mobile, "locale": before.locale} | changed
    was_hash, told = before.mobile_hash, happened(agent)
    act(agent, lambda uow: credentials.change_details(uow, **facts))

    after = person(agent)
    assert {name: getattr(after, name) for name in facts} == facts
    assert (after.mobile_hash != was_hash) == ("mobile" in changed)
    assert happened(agent) == [*told, *(["details_changed"] if fields else [])]


def new_address(agent, email):
    act(agent, lambda uow: credentials.request_email_change(uow, email=email))
    return email_stamp(person(agent))


def confirmed(agent, stamp):
    key = person(agent).public_id
    return lambda uow: credentials.confirm_email_change(uow, user=key, stamp=stamp)


def test_an_address_is_changed_only_by_the_link_that_was_sent_to_it(agent):
    old = person(agent).email
    first = new_address(agent, "First@Example.cn")
    second = new_address(agent, "second@example.cn")
    assert person(agent).email == old

    assert refused(ANONYMOUS, confirmed(agent, first)) == "account.link_used"
    act(ANONYMOUS, confirmed(agent, second), at=LATER)

    row = person(agent)
    assert (row.email, row.pending_email) == ("second@example.cn", "")
    assert row.email_verified_at == LATER
    assert refused(ANONYMOUS, confirmed(agent, email_stamp(row))) == "account.link_used"
    assert happened(agent)[-3:] == ["email_change_requested"] * 2 + ["email_changed"]


def test_an_address_that_is_taken_meanwhile_or_is_the_present_one_is_refused(agent):
    stamp = new_address(agent, "wanted@example.cn")
    make_plain_agent(email="wanted@example.cn")
    own = person(agent).email.upper()

    assert refused(ANONYMOUS, confirmed(agent, stamp)) == "account.email_taken"
    same = refused(agent, lambda uow: credentials.request_email_change(uow, email=own))
    assert same == "account.email_unchanged"


# ------------------------------------------------------------------ the security administrator


def secured(agent, act_name):
    key = person(agent).public_id
    return lambda uow: credentials.secure_account(uow, user=key, act=act_name, at=NOON)


@pytest.mark.parametrize(
    ("name", "reason", "told"),
    [
        ("unlock", "", ["unlocked"]),
        ("end_sessions", "security", ["sessions_ended"]),
        ("reset_second_factor", "security", ["sessions_ended", "second_factor_removed"]),
    ],
)
def test_the_security_administrator_does_exactly_what_was_chosen(agent, guard, name, reason, told):
    enrolled(agent)
    session, email = opened(agent), locked_out(agent)
    before = happened(agent)
    act(guard, secured(agent, name))

    assert ended(session) == [reason]
    assert (person(agent).totp_secret is None) == (name == "reset_second_factor")
    assert happened(agent) == before + told
    assert is_locked(email) == (name != "unlock")


def test_nobody_secures_their_own_account_or_resets_what_is_not_there(agent, guard):
    assert refused(guard, secured(guard, "unlock")) == "account.own_security"
    assert refused(agent, secured(guard, "unlock")) == "account.not_your_role"
    missing = refused(guard, secured(agent, "reset_second_factor"))
    assert missing == "account.second_factor_missing"


def test_the_mailed_link_unlocks_the_account_and_the_address_it_is_opened_from_once(agent):
    email, key = locked_out(agent), person(agent).public_id
    assert is_locked(email)
    stamp = act(SYSTEM, lambda uow: lock_stamp(uow, email))

    def unlock(uow):
        signing_in.unlock_account(uow, user=key, stamp=stamp, browser=PLACE)

    act(ANONYMOUS, unlock)
    assert happened(agent)[-1] == "unlocked"
    assert not is_locked(email)
    assert refused(ANONYMOUS, unlock) == "account.link_used"
