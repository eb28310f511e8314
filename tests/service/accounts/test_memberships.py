"""What the database and the services keep about people and organisations."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Membership, MembershipRole, Organisation, User
from marketplace.accounts.queries import offers, parties
from marketplace.accounts.services import appointing, credentials, registering, sessions
from marketplace.infra.lists import Asked
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from tests.actors import actor_of
from tests.conftest import NOON
from tests.factories import (
    credit_code,
    make_member,
    make_organisation,
    make_plain_agent,
    system_work,
)


def events_about(session, kind, key):
    session.rollback()
    query = select(EventRecord.kind).where(
        EventRecord.subject_kind == kind, EventRecord.subject_id == key
    )
    return list(session.scalars(query.order_by(EventRecord.sequence)))


def test_a_first_agent_is_provisional_until_the_letter_is_confirmed_once(uow, session):
    agent = make_plain_agent(provisional=True)
    assert agent.provisional

    for _ in range(2):
        with uow() as work:
            appointing.confirm_authorisation(work, organisation_id=agent.organisation_id)

    assert not actor_of(session, agent.membership_id).provisional
    assert parties.organisation(session, agent.organisation_id).authorised
    assert events_about(session, "organisation", agent.organisation_id) == [
        "organisation.registered",
        "organisation.authorisation_confirmed",
    ]


def test_whom_a_provisional_agent_invites_is_provisional_and_confirmed_with_them(uow, session):
    agent = make_plain_agent(provisional=True)
    with uow(agent) as work:
        appointing.invite_colleague(work, email="new@example.cn", roles=[Role.INSTITUTION_AGENT])
    row = offers.open_invitations(session, agent.organisation_id)[0]
    with uow() as work:
        appointing.accept_invitation_as_new(
            work,
            invitation=row.public_id,
            name="新来",
            mobile="13700001111",
            password_hash="x",
            locale="zh",
        )
    member = parties.find_user(session, "new@example.cn")
    assert parties.memberships_of(session, member.id)[0].provisional
    with uow() as work:
        appointing.confirm_authorisation(work, organisation_id=agent.organisation_id)
    session.rollback()

    assert not parties.memberships_of(session, member.id)[0].provisional


def test_nobody_becomes_provisional_again_after_the_confirmation(uow, session):
    agent = make_plain_agent(provisional=True)
    with uow() as work:
        appointing.confirm_authorisation(work, organisation_id=agent.organisation_id)
    # The request of the agent began before the confirmation, so it says "provisional" still.
    with uow(agent) as work:
        appointing.invite_colleague(work, email="new@example.cn", roles=[Role.INSTITUTION_AGENT])
    row = offers.open_invitations(session, agent.organisation_id)[0]
    with uow() as work:
        appointing.accept_invitation_as_new(
            work,
            invitation=row.public_id,
            name="新来",
            mobile="13700001111",
            password_hash="x",
            locale="zh",
        )

    member = parties.find_user(session, "new@example.cn")
    assert not parties.memberships_of(session, member.id)[0].provisional


def test_the_database_knows_one_active_membership_for_each_person_and_organisation(uow, app):
    agent = make_plain_agent()

    with pytest.raises(IntegrityError), uow() as work:
        work.add(
            Membership(
                user_id=agent.user_id,
                organisation_id=agent.organisation_id,
                begins_at=work.now,
                provisional=False,
            )
        )


def test_the_database_keeps_the_three_duties_apart(uow, app):
    operator = make_organisation(Capacity.OPERATOR)
    admin = make_member(operator, Role.SYSTEM_ADMIN)

    with pytest.raises(IntegrityError), uow() as work:
        work.add(
            MembershipRole(
                membership_id=admin.membership_id,
                user_id=admin.user_id,
                role=Role.AUDIT_ADMIN,
                granted_at=work.now,
            )
        )


def test_a_duty_that_was_given_up_frees_its_holder_for_another(uow, session):
    operator = make_organisation(Capacity.OPERATOR)
    admin = make_member(operator, Role.SYSTEM_ADMIN)
    second = make_member(operator, Role.ORGANISATION_ADMIN)
    membership = parties.memberships_of(session, admin.user_id)[0].public_id
    assert second.has(Role.ORGANISATION_ADMIN)

    with uow(admin) as work:
        appointing.change_roles(work, membership=membership, roles=[Role.AUDIT_ADMIN])

    session.rollback()
    assert actor_of(session, admin.membership_id).roles == {Role.AUDIT_ADMIN}
    held = session.scalars(
        select(MembershipRole.role).where(MembershipRole.user_id == admin.user_id)
    )
    assert set(held) == {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN}


def test_no_organisation_is_founded_twice_for_one_code(uow, app):
    make_organisation(Capacity.ASSOCIATION, code=credit_code(99))

    with pytest.raises(Refused, match=r"account\.code_registered"), uow() as work:
        appointing.create_organisation(
            work,
            name="又一个",
            credit_code=credit_code(99),
            region_code="220000",
            capacities=[Capacity.ASSOCIATION],
        )


@pytest.mark.parametrize("region", ["999999", ""])
def test_an_unknown_region_is_refused(uow, app, region):
    with pytest.raises(Refused, match=r"account\.unknown_region"), uow() as work:
        appointing.create_organisation(
            work,
            name="某",
            credit_code=credit_code(98),
            region_code=region,
            capacities=[Capacity.ASSOCIATION],
        )


def test_a_superseded_region_code_means_its_successor(session):
    key = make_organisation(Capacity.ENTERPRISE, region_code="220381")

    assert parties.organisation(session, key).region_code == "220184"


def test_only_the_system_administrator_makes_accounts(uow, app):
    agent = make_plain_agent()

    with pytest.raises(Refused, match=r"account\.not_your_role"), uow(agent) as work:
        appointing.create_staff_account(
            work,
            organisation_id=agent.organisation_id,
            name="某",
            email="x@example.cn",
            mobile="13700001111",
            roles=[Role.INSTITUTION_AGENT],
        )


def test_mobiles_and_secrets_are_encrypted_in_the_database(session):
    agent = make_member(make_organisation(Capacity.ASSOCIATION), Role.ASSOCIATION_EXAMINER)

    raw = (
        session.connection()
        .exec_driver_sql(
            f"SELECT mobile, totp_secret, mobile_hash FROM user_account WHERE id={agent.user_id}"  # noqa: S608
        )
        .one()
    )

    user = session.get(User, agent.user_id)
    assert raw[0].startswith("v2.")
    assert raw[1].startswith("v2.")
    assert user.mobile not in raw[0] + raw[2]


def test_an_ended_membership_makes_no_actor_and_keeps_its_history(uow, session):
    agent = make_plain_agent()
    with uow() as work:
        appointing.create_staff_account(
            work,
            organisation_id=agent.organisation_id,
            name="第二人",
            email="second@example.cn",
            mobile="13700001111",
            roles=[Role.ORGANISATION_ADMIN],
        )
    own = parties.memberships_of(session, agent.user_id)[0].public_id
    with uow(agent) as work:
        appointing.end_membership(work, membership=own, at=work.now)

    session.rollback()
    assert parties.memberships_of(session, agent.user_id) == ()
    assert events_about(session, "membership", agent.membership_id)[-1] == "membership.ended"


def test_invitations_expire_by_the_tick(uow, session):
    agent = make_plain_agent()
    with uow(agent) as work:
        appointing.invite_colleague(work, email="late@example.cn", roles=[Role.INSTITUTION_AGENT])
    row = offers.open_invitations(session, agent.organisation_id)[0]

    settle_due(now=NOON + timedelta(days=7, minutes=5), raise_errors=True)

    session.rollback()
    assert offers.open_invitations(session, agent.organisation_id) == ()
    assert events_about(session, "invitation", row.id)[-1] == "invitation.expired"
    with uow(agent) as work:
        appointing.invite_colleague(work, email="late@example.cn", roles=[Role.INSTITUTION_AGENT])


def test_the_operator_s_list_finds_by_name_code_capacity_and_state(session):
    make_plain_agent(name="春城测绘", code=credit_code(4711), provisional=True)
    make_organisation(Capacity.ASSOCIATION, name="某协会")

    def names(text="", **chosen):
        found = parties.ORGANISATIONS.read(session, Asked(text=text, chosen=chosen))
        assert found.total == len(found.rows)
        return {row.name for row in found.rows}

    assert names(text="城测") == {"春城测绘"}
    assert names(text=credit_code(4711)[5:].lower()) == {"春城测绘"}
    assert names(capacity=("association",)) == {"某协会"}
    assert names(waiting=("1",)) == {"春城测绘"}
    assert names() == {"春城测绘", "某协会"}


def test_letters_carry_the_roles_in_the_reader_s_language(app):
    from marketplace.accounts.wording import letters

    subject, text = letters.compose(
        letters.RESET, locale="en", recipient="Wang", link="http://x/password/1"
    )

    assert subject == "Set a new password"
    assert "http://x/password/1" in text
    assert "Dear Wang" in text


def test_nothing_personal_is_in_the_events(uow, session):
    make_plain_agent(email="secret@example.cn", person_name="秘密名")
    payloads = [str(each) for each in session.scalars(select(EventRecord.payload))]

    assert not any("秘密名" in text or "secret@" in text for text in payloads)


def test_platform_only_services_refuse_people(uow, app):
    agent = make_plain_agent()
    for act in (
        lambda work: sessions.install_second_factor(work, user_id=agent.user_id, secret="x"),
        lambda work: credentials.set_first_password(work, user_id=agent.user_id, password_hash="x"),
    ):
        with pytest.raises(Refused, match=r"account\.not_your_role"), uow(agent) as work:
            act(work)
    assert SYSTEM.is_system
    with system_work() as work:
        assert work.session.scalars(select(Organisation)).first()


def test_an_administrator_registers_the_organisation_for_a_further_capacity(uow, session):
    agent = make_plain_agent(Capacity.INSTITUTION, code=credit_code(55))
    facts = {"name": "x", "credit_code": credit_code(55), "region_code": "220100"}
    with uow(agent) as work:
        registering.add_organisation(work, capacity=Capacity.ENTERPRISE, **facts)

    again = actor_of(session, agent.membership_id)
    assert again.capacities == {Capacity.INSTITUTION, Capacity.ENTERPRISE}
    assert again.has(Role.ENTERPRISE_AGENT)
    assert again.has(Role.INSTITUTION_AGENT)
    with pytest.raises(Refused, match=r"account\.already_member"), uow(agent) as work:
        registering.add_organisation(work, capacity=Capacity.ENTERPRISE, **facts)
