"""The second factor: begun, proven by a code, replaced by spare codes, given up."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import RecoveryCode
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import credentials, sessions, signing_in
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import make_member, make_organisation, make_plain_agent
from tests.service.accounts.proving import (
    LATER,
    PLACE,
    code_of,
    ended,
    enrolled,
    happened,
    opened,
    person,
    session_row,
)

pytestmark = pytest.mark.usefixtures("app")
STEP = timedelta(seconds=30)


@pytest.fixture
def agent(app):
    return make_plain_agent()


def refused(actor, work):
    with pytest.raises(Refused) as refusal:
        act(actor, work)
    return refusal.value.code


def enrol(session, code, at=NOON):
    return lambda uow: signing_in.enrol_second_factor(
        uow, session_id=session, code=code, browser=PLACE, at=at
    )


def begun(agent):
    act(agent, sessions.begin_second_factor)
    return agent


def passed(agent, code, at=NOON):
    waiting = opened(agent, stage=Stage.CODE)
    return act(
        ANONYMOUS,
        lambda uow: signing_in.pass_second_factor(
            uow, session_id=waiting, code=code, browser=PLACE, at=at
        ),
    )


def spare_codes(session):
    return json.loads(session_row(session).shown_once)


def test_each_beginning_makes_a_fresh_secret_until_one_is_in_use(agent):
    first = person(begun(agent)).totp_secret
    second = person(begun(agent)).totp_secret

    assert first != second
    assert happened(agent)[-2:] == ["second_factor_begun"] * 2
    in_use = refused(enrolled(agent), sessions.begin_second_factor)
    assert in_use == "account.second_factor_exists"
    assert refused(ANONYMOUS, sessions.begin_second_factor) == "request.sign_in"


def test_the_first_right_code_enrols_ends_other_sessions_and_shows_ten_spare_codes(agent):
    begun(agent)
    this, other = opened(agent), opened(agent)
    done = act(agent, enrol(this, code_of(agent, NOON)))

    assert person(agent).totp_confirmed_at is not None
    assert ended(this, other, done.session_id) == ["proven", "factor", ""]
    codes = spare_codes(done.session_id)
    assert len(set(codes)) == 10
    assert {(len(code), code[5]) for code in codes} == {(29, "-")}
    assert session_row(this).shown_once is None
    assert "second_factor_enrolled" in happened(agent)
    again = enrol(done.session_id, code_of(agent, LATER), LATER)
    assert refused(agent, again) == "account.second_factor_exists"


def test_a_wrong_code_enrols_nobody(agent):
    session = opened(begun(agent))

    assert act(agent, enrol(session, "000000")) is None
    assert person(agent).totp_confirmed_at is None
    assert ended(session) == [""]


@pytest.mark.parametrize("how", ["waits for its code", "has ended"])
def test_only_a_live_session_enrols(agent, how):
    begun(agent)
    session = opened(agent, stage=Stage.CODE if how == "waits for its code" else Stage.OPEN)
    if how == "has ended":
        key = session_row(session).public_id
        act(agent, lambda uow: sessions.end_my_session(uow, session=key, at=NOON))

    assert refused(agent, enrol(session, code_of(agent, NOON))) == "request.sign_in"


def test_without_a_secret_there_is_nothing_to_confirm(agent):
    assert refused(agent, enrol(opened(agent), "123456")) == "account.second_factor_exists"


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_good_one_step_before_and_after_its_own(agent, steps, good):
    enrolled(agent)
    code = code_of(agent, NOON + steps * STEP)

    assert (passed(agent, f"{code[:3]} {code[3:]}") is not None) == good


def test_a_code_is_good_once_and_so_is_every_older_one(agent):
    enrolled(agent)
    code, older = code_of(agent, NOON), code_of(agent, NOON - STEP)

    assert passed(agent, code) is not None
    assert passed(agent, code) is None
    assert passed(agent, older) is None
    assert passed(agent, code_of(agent, NOON + STEP)) is not None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６"])
def test_what_is_no_code_opens_nothing(agent, code):
    assert passed(enrolled(agent), code) is None


def test_a_spare_code_is_good_once_however_it_is_typed(agent):
    done = act(agent, enrol(opened(begun(agent)), code_of(agent, NOON)))
    code = spare_codes(done.session_id)[3]

    assert passed(agent, code.upper().replace("-", " ")) is not None
    assert passed(agent, code) is None
    assert happened(agent)[-2:] == ["recovery_code_used", "signed_in"]


def test_new_spare_codes_take_the_place_of_all_old_ones(agent, session):
    done = act(agent, enrol(opened(begun(agent)), code_of(agent, NOON)))
    old = spare_codes(done.session_id)

    def renew(code):
        return lambda uow: sessions.renew_recovery_codes(
            uow, session_id=done.session_id, code=code, at=LATER
        )

    assert act(agent, renew("000000")) is False
    assert spare_codes(done.session_id) == old
    assert act(agent, renew(code_of(agent, LATER))) is True
    new = spare_codes(done.session_id)
    assert not set(new) & set(old)
    assert len(session.scalars(select(RecoveryCode)).all()) == 10
    assert happened(agent)[-1] == "recovery_codes_renewed"
    assert passed(agent, old[0]) is None
    assert passed(agent, new[0]) is not None


def test_there_are_no_spare_codes_without_a_second_factor(agent):
    session = opened(agent)
    code = refused(
        agent,
        lambda uow: sessions.renew_recovery_codes(uow, session_id=session, code="1", at=NOON),
    )
    assert code == "account.second_factor_missing"


def drop(code):
    return lambda uow: sessions.drop_second_factor(uow, code=code, at=NOON)


def test_an_agent_gives_the_second_factor_up_for_a_right_code(agent, session):
    assert refused(agent, drop("000000")) == "account.second_factor_missing"
    enrolled(agent)

    assert act(agent, drop("000000")) is False
    assert person(agent).totp_confirmed_at is not None
    assert act(agent, drop(code_of(agent, NOON))) is True
    row = person(agent)
    assert (row.totp_secret, row.totp_confirmed_at) == (None, None)
    assert happened(agent)[-1] == "second_factor_removed"


def test_staff_cannot_go_without_not_even_beside_a_company_of_their_own(app):
    staff = make_member(make_organisation(Capacity.ASSOCIATION), Role.ASSOCIATION_EXAMINER)

    assert refused(staff, drop(code_of(staff, NOON))) == "account.second_factor_required"


def test_a_session_waits_for_what_its_person_still_has_to_prove(app):
    office = make_organisation(Capacity.ASSOCIATION)
    staff = make_member(office, Role.ASSOCIATION_EXAMINER)
    fresh = make_member(office, Role.ASSOCIATION_APPROVER)
    guard = make_member(make_organisation(Capacity.OPERATOR), Role.SECURITY_ADMIN)
    key = person(fresh).public_id
    act(
        guard,
        lambda uow: credentials.secure_account(uow, user=key, act="reset_second_factor", at=NOON),
    )

    def stage(who):
        return act(
            SYSTEM,
            lambda uow: signing_in.open_session(uow, user_id=who.user_id, browser=PLACE, at=NOON),
        ).stage

    assert (stage(make_plain_agent()), stage(staff), stage(fresh)) == (
        Stage.OPEN, Stage.CODE, Stage.ENROL,
    )  # fmt: skip
    assert person(fresh).totp_secret is not None
