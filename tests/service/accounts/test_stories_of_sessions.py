"""All that proving who one is leaves behind: signing in, second factors, passwords, tokens."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.accounts.models import Membership, User, UserSession
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import credentials, sessions, signing_in
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity, Role
from marketplace.kernel.scopes import Scope
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import make_member, make_organisation, make_plain_agent
from tests.service.accounts.proving import (
    ELSEWHERE,
    PLACE,
    code_of,
    enrolled,
    opened,
    person,
    session_row,
)
from tests.stories import doing, refusals

SECOND, MINUTE, STEP = timedelta(seconds=1), timedelta(minutes=1), timedelta(seconds=30)


def attempt(email, at, browser=PLACE):
    """An attempt to sign in that has begun."""
    act(ANONYMOUS, doing(signing_in.begin_attempt, email=email, browser=browser, at=at))


def fail(email, at, browser=PLACE):
    """It was wrong."""
    act(ANONYMOUS, doing(signing_in.fail_attempt, email=email, browser=browser, at=at))


@pytest.fixture
def agent(app):
    return make_plain_agent(email="agent@example.cn")


# ------------------------------------------------------------------ signing in


def test_five_failures_lock_and_the_mailed_link_unlocks(agent, story):
    email = "agent@example.cn"
    with story("accounts/locked", agent=agent):
        for place in range(5):
            attempt(email.upper(), NOON + place * MINUTE)
            fail(email, NOON + place * MINUTE)
        lasts = NOON + 4 * MINUTE + timedelta(minutes=15)
        refusals(lambda: attempt(email, lasts - SECOND))
        attempt(email, lasts - SECOND, ELSEWHERE)
        attempt("other@example.cn", lasts - SECOND)
        fail("other@example.cn", NOON)
        stamp = act(SYSTEM, lambda uow: signing_in.lock_stamp(uow, email))
        said = {"user": person(agent).public_id, "browser": PLACE}
        refusals(lambda: act(ANONYMOUS, doing(signing_in.unlock_account, **said, stamp="old")))
        act(ANONYMOUS, doing(signing_in.unlock_account, **said, stamp=stamp))
        refusals(lambda: act(ANONYMOUS, doing(signing_in.unlock_account, **said, stamp=stamp)))


def test_a_lock_ends_by_itself(agent, story):
    email = "agent@example.cn"
    for _failure in range(5):
        fail(email, NOON)
    with story("accounts/lock_ends", agent=agent):
        attempt(email, NOON + timedelta(minutes=15))
        act(SYSTEM, doing(signing_in.forget_failures, email=email))


def test_a_right_password_opens_a_session_by_what_is_still_to_prove(agent, story):
    officer = make_member(make_organisation(Capacity.DEPARTMENT), Role.DEPARTMENT_OFFICER)
    new = make_member(make_organisation(Capacity.DEPARTMENT), Role.DEPARTMENT_OFFICER)
    act(SYSTEM, lambda uow: sessions.clear_second_factor(uow, uow.find(User, new.user_id)))
    with story("accounts/opened", agent=agent, officer=officer, new=new):
        for who in (agent, officer, new):
            attempt(person(who).email, NOON)
            said = {"user_id": who.user_id, "browser": PLACE, "at": NOON}
            act(ANONYMOUS, doing(signing_in.open_session, **said))


def test_a_session_waits_for_its_code_once(story):
    agent = enrolled(make_plain_agent())
    waiting = opened(agent, stage=Stage.CODE)
    with story("accounts/code", agent=agent):

        def prove(code, at=NOON):
            said = {"session_id": waiting, "browser": PLACE, "code": code, "at": at}
            return act(ANONYMOUS, doing(signing_in.pass_second_factor, **said))

        early, late = code_of(agent, NOON - 2 * STEP), code_of(agent, NOON + 2 * STEP)
        assert [prove(code) for code in ("", "12345", "abcdef", early, late)] == [None] * 5
        assert prove(f" {code_of(agent, NOON - STEP)} ")
        refusals(lambda: prove(code_of(agent, NOON)))


def test_a_code_is_good_a_step_before_and_after_and_once(story):
    agent = enrolled(make_plain_agent())
    with story("accounts/steps", agent=agent):
        for shift in (0, 0, -1, 1, 1):
            waiting = opened(agent, stage=Stage.CODE)
            code = code_of(agent, NOON + shift * STEP)
            said = {"session_id": waiting, "browser": PLACE, "code": code, "at": NOON}
            act(ANONYMOUS, doing(signing_in.pass_second_factor, **said))


def test_a_spare_code_is_good_once_however_it_is_written(story):
    agent = enrolled(make_plain_agent())
    shown = opened(agent)
    said = {"session_id": shown, "code": code_of(agent, NOON), "at": NOON}
    act(agent, doing(sessions.renew_recovery_codes, **said))
    first, second, *_others = json.loads(session_row(shown).shown_once)
    with story("accounts/spare_codes", agent=agent):
        for code in (first, first, f" {second.replace('-', '').upper()} "):
            waiting = opened(agent, stage=Stage.CODE)
            said = {"session_id": waiting, "browser": PLACE, "code": code, "at": NOON}
            act(ANONYMOUS, doing(signing_in.pass_second_factor, **said))


# ------------------------------------------------------------------ sessions


def test_sessions_are_used_switched_and_ended(agent, story):
    stranger, house = make_plain_agent(), make_organisation(Capacity.DEPARTMENT)
    own, theirs, waiting = opened(agent), opened(stranger), opened(agent)

    def public(model, key):
        return act(SYSTEM, lambda uow: uow.find(model, key).public_id)

    sitting, other = public(UserSession, own), public(UserSession, theirs)
    membership = public(Membership, stranger.membership_id)
    staff = make_member(house, Role.DEPARTMENT_OFFICER)
    act(SYSTEM, lambda uow: sessions.clear_second_factor(uow, uow.find(User, staff.user_id)))
    second = make_member(make_organisation(), email="agent@example.cn")
    further = public(Membership, second.membership_id)
    desk, seat = opened(staff), public(Membership, staff.membership_id)
    people = {"agent": agent, "stranger": stranger, "staff": staff}
    with story("accounts/sessions", **people) as told:
        switch = sessions.switch_membership
        acts = {
            "another's": doing(sessions.end_my_session, session=other, at=NOON),
            "own": doing(sessions.end_my_session, session=sitting, at=NOON),
            "switch": doing(switch, session_id=own, membership=membership),
            "switch to staff": doing(switch, session_id=desk, membership=seat),
        }
        told.may(acts, *people.values())
        act(agent, doing(switch, session_id=own, membership=further))
        act(SYSTEM, doing(sessions.touch_session, session_id=own, at=NOON + MINUTE))
        act(agent, acts["own"])
        refusals(lambda: act(agent, acts["own"]))
        ending = {"session_id": waiting, "reason": "signed_out", "at": NOON}
        act(SYSTEM, doing(sessions.end_session, **ending))
        act(SYSTEM, doing(sessions.end_session, **ending | {"reason": "again"}))
        ending = {"user_id": agent.user_id, "reason": "security", "at": NOON}
        assert act(SYSTEM, doing(sessions.end_sessions_of, **ending)) == 0


def test_sessions_left_idle_or_old_are_swept_and_traces_deleted(agent, story):
    opened(agent)
    with story("accounts/swept", agent=agent):
        sweep = sessions.sweep_sessions
        idle_at, old_at = NOON + timedelta(minutes=30), NOON + timedelta(hours=8)
        for at in (idle_at - SECOND, idle_at):
            act(SYSTEM, doing(sweep, at=at))
        busy = opened(agent)
        act(SYSTEM, doing(sessions.touch_session, session_id=busy, at=old_at - MINUTE))
        for at in (old_at - SECOND, old_at):
            act(SYSTEM, doing(sweep, at=at))
        gone = idle_at + timedelta(days=7)
        for at in (gone, gone + SECOND):
            act(SYSTEM, doing(sweep, at=at))


def test_a_form_is_kept_for_an_hour_in_place_of_an_older(agent, story):
    with story("accounts/forms", agent=agent):
        said = {"user_id": agent.user_id, "path": "/dossier", "acting_as": "abc"}
        for body in ("一", "二"):
            act(agent, doing(sessions.keep_form, **said, body=body, at=NOON))
        act(agent, doing(sessions.keep_form, **said | {"acting_as": ""}, body="三", at=NOON))
        act(agent, doing(sessions.keep_form, **said | {"path": "/x" * 250}, body="四", at=NOON))
        act(agent, doing(sessions.forget_form, **said))
        for at in (NOON + timedelta(hours=1), NOON + timedelta(hours=1) + SECOND):
            act(SYSTEM, doing(sessions.sweep_forms, at=at))


# ------------------------------------------------------------------ second factors


def test_a_second_factor_is_begun_confirmed_renewed_and_given_up(agent, story):
    session, _other = opened(agent), opened(agent)
    with story("accounts/second_factor", agent=agent) as told:

        def confirm(code):
            return doing(sessions.confirm_second_factor, session_id=session, code=code, at=NOON)

        def renew(code, at=NOON):
            return doing(sessions.renew_recovery_codes, session_id=session, code=code, at=at)

        told.may({"confirm": confirm("123456"), "renew": renew("123456")}, agent)
        drop = doing(sessions.drop_second_factor, code="123456", at=NOON)
        told.may({"drop": drop}, agent, SYSTEM)
        for _again in range(2):
            act(agent, sessions.begin_second_factor)
        code = code_of(agent, NOON)
        assert [act(agent, confirm(one)) for one in ("1", code)] == [False, True]
        told.may({"begin": sessions.begin_second_factor, "confirm": confirm(code)}, agent)
        refusals(lambda: act(agent, doing(sessions.end_my_session, session="none", at=NOON)))
        act(agent, doing(sessions.forget_shown_once, session_id=session))
        later = NOON + 2 * STEP
        assert not act(agent, renew(code, later))
        assert act(agent, renew(code_of(agent, later), later))
        act(agent, doing(sessions.drop_second_factor, code=code, at=later))
        last = later + 2 * STEP
        act(agent, doing(sessions.drop_second_factor, code=code_of(agent, last), at=last))


def test_staff_keep_their_second_factor_and_enrol_before_anything_else(story):
    officer = make_member(make_organisation(Capacity.DEPARTMENT), Role.DEPARTMENT_OFFICER)
    with story("accounts/staff", officer=officer) as told:
        drop = doing(sessions.drop_second_factor, code=code_of(officer, NOON), at=NOON)
        told.may({"drop": drop}, officer)
        clear = sessions.clear_second_factor
        act(SYSTEM, lambda uow: clear(uow, uow.find(User, officer.user_id)))
        act(SYSTEM, lambda uow: sessions.begin_secret(uow, uow.find(User, officer.user_id)))
        act(SYSTEM, lambda uow: sessions.begin_secret(uow, uow.find(User, officer.user_id)))
        said = {"session_id": opened(officer, stage=Stage.ENROL), "browser": PLACE, "at": NOON}
        for code in ("1", code_of(officer, NOON)):
            act(ANONYMOUS, doing(signing_in.enrol_second_factor, **said, code=code))
        late = said | {"code": code_of(officer, NOON + STEP)}
        refusals(lambda: act(ANONYMOUS, doing(signing_in.enrol_second_factor, **late)))


# ------------------------------------------------------------------ passwords and addresses


def test_passwords_are_set_by_a_link_that_is_spent(agent, story):
    keep = opened(agent)
    opened(agent)
    with story("accounts/password", agent=agent) as told:
        for email in (" Agent@example.cn ", "nobody@example.cn"):
            act(ANONYMOUS, doing(credentials.request_password_reset, email=email))
        said = {"user": person(agent).public_id, "password_hash": "new", "at": NOON}
        stamp = credentials.password_stamp(person(agent))
        refusals(lambda: act(ANONYMOUS, doing(credentials.set_password, **said, stamp="old")))
        change = {"password_hash": "own", "keep_session": keep, "at": NOON}
        first = doing(credentials.set_first_password, user_id=agent.user_id, password_hash="x")
        told.may(
            {"first": first, "change": doing(credentials.change_password, **change)}, agent, SYSTEM
        )
        act(agent, doing(credentials.change_password, **change))
        refusals(lambda: act(ANONYMOUS, doing(credentials.set_password, **said, stamp=stamp)))
        fresh = credentials.password_stamp(person(agent))
        act(ANONYMOUS, doing(credentials.set_password, **said, stamp=fresh))


def test_a_first_password_or_link_proves_the_address(story):
    house = make_organisation()
    one, other = make_member(house), make_member(house)
    with story("accounts/proved", one=one, other=other):
        first = {"user_id": one.user_id, "password_hash": "x"}
        act(SYSTEM, doing(credentials.set_first_password, **first))
        link = {"user": person(other).public_id, "stamp": credentials.password_stamp(person(other))}
        set_password = doing(credentials.set_password, **link, password_hash="x", at=NOON)
        act(ANONYMOUS, set_password)


def test_details_and_the_address_change_by_their_owner(agent, story):
    other = make_plain_agent(email="other@example.cn")
    with story("accounts/details", agent=agent, other=other) as told:
        now = person(agent)
        said = {"name": now.name, "mobile": now.mobile, "locale": now.locale}
        theirs = person(other).mobile
        key = now.public_id
        act(agent, doing(credentials.change_details, **said))
        act(agent, doing(credentials.change_details, **said | {"locale": "en", "name": "新名"}))
        act(agent, doing(credentials.change_details, **said | {"mobile": "13700001111"}))
        taken = doing(credentials.change_details, **said | {"mobile": theirs})
        same = doing(credentials.request_email_change, email=" AGENT@example.cn")
        told.may({"another's mobile": taken, "the same address": same}, agent)
        for email in ("other@example.cn", " New@Example.cn "):
            act(agent, doing(credentials.request_email_change, email=email))
            stamp = credentials.email_stamp(person(agent))
            confirm = credentials.confirm_email_change
            told.may({"wrong": doing(confirm, user=key, stamp="old")}, ANONYMOUS)
            told.may({email: doing(confirm, user=key, stamp=stamp)}, ANONYMOUS)
        act(ANONYMOUS, doing(confirm, user=key, stamp=stamp))
        refusals(lambda: act(ANONYMOUS, doing(confirm, user=key, stamp=stamp)))


def test_the_security_administrator_helps_others(agent, story):
    guard = make_member(make_organisation(Capacity.OPERATOR), Role.SECURITY_ADMIN)
    opened(enrolled(agent))
    plain = make_plain_agent()
    people = {"guard": guard, "agent": agent, "plain": plain}
    with story("accounts/secured", **people) as told:

        def secure(what, who=agent):
            return doing(credentials.secure_account, user=keys[who.user_id], act=what, at=NOON)

        keys = {who.user_id: person(who).public_id for who in people.values()}
        acts = {what: secure(what) for what in ("unlock", "end_sessions", "reset_second_factor")}
        told.may(acts | {"oneself": secure("unlock", guard)}, *people.values(), SYSTEM)
        for work in acts.values():
            act(guard, work)
        refusals(lambda: act(guard, acts["reset_second_factor"]))


# ------------------------------------------------------------------ tokens


def test_tokens_are_made_shown_once_used_and_revoked(story):
    agent, stranger = make_plain_agent(Capacity.ENTERPRISE), make_plain_agent()
    plain = make_member(agent.organisation_id, Role.ENTERPRISE_AGENT)
    colleague = make_member(agent.organisation_id, Role.ORGANISATION_ADMIN)
    people = {"agent": agent, "stranger": stranger, "plain": plain, "colleague": colleague}
    with story("accounts/tokens", **people) as told:
        said = {"purpose": "对账", "scopes": [Scope.ITEMS_READ], "days": 30, "at": NOON}
        make = credentials.make_api_token
        told.may({"make": doing(make, **said)}, *people.values(), replace(agent, provisional=True))
        none, foreign = said | {"scopes": []}, said | {"scopes": [Scope.ITEMS_READ, "none"]}
        told.may({"no scope": doing(make, **none), "foreign": doing(make, **foreign)}, agent)
        key = act(agent, doing(make, **said))
        forget = doing(credentials.forget_shown_token, token=key)
        revoke = doing(credentials.revoke_api_token, token=key, at=NOON)
        told.may({"forget": forget, "revoke": revoke}, *people.values())
        shown = NOON + timedelta(minutes=10)
        for at in (shown, shown + SECOND):
            act(SYSTEM, doing(credentials.sweep_shown_tokens, at=at))
        second = act(colleague, doing(make, **said))
        act(colleague, doing(credentials.forget_shown_token, token=second))
        act(SYSTEM, doing(credentials.touch_api_token, token_id=1, at=NOON))
        act(colleague, revoke)
        act(agent, revoke)


def test_an_organisation_has_at_most_twenty_tokens(story):
    agent = make_plain_agent(Capacity.ENTERPRISE)
    said = {"purpose": "对账", "scopes": [Scope.ITEMS_READ], "days": 30}
    make = credentials.make_api_token
    for _number in range(19):
        act(agent, doing(make, **said, at=NOON))
    with story("accounts/twenty", agent=agent) as told:
        act(agent, doing(make, **said, at=NOON))
        ended = NOON + timedelta(days=30)
        tries = {"one more": NOON, "a second before": ended - SECOND, "when they ended": ended}
        told.may({name: doing(make, **said, at=at) for name, at in tries.items()}, agent)
