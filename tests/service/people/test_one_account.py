"""A person has one account: a known mobile and a changed address lead to the one there is."""

import pytest

from marketplace.accounts.models import Invitation, Registration, User
from marketplace.accounts.queries import parties
from marketplace.accounts.services import appointing, credentials, registering
from marketplace.accounts.services.credentials import email_stamp
from marketplace.infra.mail import sunk_mails
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.actors import ANONYMOUS, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.dossiers import act
from tests.factories import credit_code, make_agent

pytestmark = pytest.mark.usefixtures("app")
MOBILE = "13812340001"
ROLES = {Role.INSTITUTION_AGENT}


@pytest.fixture
def boss(app):
    return make_agent(email="boss@example.cn")


@pytest.fixture
def person(app):
    """Somebody with an account under this mobile."""
    agent = make_agent(Capacity.ENTERPRISE, email="known@example.cn")
    act(agent, lambda uow: credentials.change_details(uow, name="张三", mobile=MOBILE, locale="zh"))
    return agent


def invite(session, boss, email):
    act(boss, lambda uow: appointing.invite_colleague(uow, email=email, roles=ROLES))
    session.rollback()
    return session.query(Invitation).order_by(Invitation.id.desc()).first().public_id


def change_address(session, person, email):
    act(person, lambda uow: credentials.request_email_change(uow, email=email))
    session.rollback()
    row = session.get_one(User, person.user_id)
    key, stamp = row.public_id, email_stamp(row)
    session.rollback()
    act(ANONYMOUS, lambda uow: credentials.confirm_email_change(uow, user=key, stamp=stamp))


def refused(who, work):
    with pytest.raises(Refused) as refusal:
        act(who, work)
    return refusal.value.code, refusal.value.field


def test_an_open_invitation_follows_a_changed_address(session, boss, person):
    key = invite(session, boss, "known@example.cn")

    change_address(session, person, "new@example.cn")

    session.rollback()
    assert [(row.email, row.state) for row in session.query(Invitation)] == [
        ("new@example.cn", "open")
    ]
    act(person, lambda uow: appointing.accept_invitation(uow, invitation=key))
    session.rollback()
    owners = [row.organisation_id for row in parties.memberships_of(session, person.user_id)]
    assert owners == [person.organisation_id, boss.organisation_id]


def test_of_two_invitations_that_a_changed_address_brings_together_one_is_left(
    session, boss, person
):
    invite(session, boss, "known@example.cn")
    invite(session, boss, "new@example.cn")

    change_address(session, person, "new@example.cn")

    session.rollback()
    rows = session.query(Invitation).order_by(Invitation.id)
    assert [(row.email, row.state) for row in rows] == [
        ("known@example.cn", "withdrawn"),
        ("new@example.cn", "open"),
    ]


def test_whoever_is_invited_under_an_address_without_an_account_uses_the_account_they_have(
    session, boss, person
):
    key = invite(session, boss, "office@example.cn")
    join = {"name": "张三", "mobile": MOBILE, "password_hash": "x", "locale": "zh"}

    assert refused(
        ANONYMOUS, lambda uow: appointing.accept_invitation_as_new(uow, invitation=key, **join)
    ) == ("account.mobile_known", "mobile")

    act(person, lambda uow: appointing.accept_invitation(uow, invitation=key))
    session.rollback()
    assert len(parties.memberships_of(session, person.user_id)) == 2


def test_an_invitation_to_an_address_with_an_account_is_for_its_owner_only(session, boss, person):
    key = invite(session, boss, "known@example.cn")
    stranger = make_agent()

    code, _ = refused(stranger, lambda uow: appointing.accept_invitation(uow, invitation=key))

    assert code == "account.invited_other"


def test_nobody_takes_over_the_mobile_of_another_account(person):
    other = make_agent()

    assert refused(
        other,
        lambda uow: credentials.change_details(uow, name="李四", mobile=MOBILE, locale="zh"),
    ) == ("account.mobile_of_other", "mobile")


def test_a_registration_with_a_known_mobile_leads_to_the_account(app, session, person):
    act(
        ANONYMOUS,
        lambda uow: registering.request_registration(
            uow,
            organisation_name="某某公司",
            credit_code=credit_code(4_901),
            capacity=Capacity.INSTITUTION,
            region_code="220100",
            person_name="张三",
            mobile=MOBILE,
            email="second@example.cn",
            password_hash="x",
            locale="zh",
        ),
    )
    session.rollback()
    deliver_all(app.extensions["settings"], raise_errors=True)

    for address in ("known@example.cn", "second@example.cn"):
        letter, *_others = sunk_mails(session, to=address)
        assert "/sign-in" in letter.text
        assert "/register/confirm/" not in letter.text
    key = session.query(Registration).one().public_id
    code, _ = refused(
        ANONYMOUS, lambda uow: registering.confirm_registration(uow, registration=key)
    )
    assert code == "account.mobile_registered"
