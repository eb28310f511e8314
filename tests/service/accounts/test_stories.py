"""All that acts on organisations and their members leave behind, and who may do them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.accounts.models import Invitation, Membership
from marketplace.accounts.queries import offers
from marketplace.accounts.services import appointing, memberships, registering
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from tests.actors import actor_of
from tests.conftest import NOON
from tests.documents import pdf
from tests.dossiers import act
from tests.factories import credit_code, make_member, make_organisation, make_plain_agent
from tests.service.accounts.proving import opened
from tests.stories import doing, refusals

CODE, OTHER = credit_code(4_900), credit_code(4_901)
WRONG_CHECK = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
AGENT, ADMIN = Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN
MOBILE = "13700001111"
SECOND = timedelta(seconds=1)


def operator(*roles):
    """Somebody of the operator, by default its system administrator."""
    return make_member(make_organisation(Capacity.OPERATOR), *(roles or (Role.SYSTEM_ADMIN,)))


def variants(service, said, changes):
    """The same act with each of these changes."""
    return {name: doing(service, **said | change) for name, change in changes.items()}


# ------------------------------------------------------------------ the way in

ENTERED = {
    "organisation_name": "某某公司",
    "credit_code": f" {CODE.lower()} ",
    "capacity": Capacity.ENTERPRISE,
    "region_code": "220100",
    "person_name": "经办人",
    "mobile": MOBILE,
    "email": " Agent@Example.cn ",
    "password_hash": "x",
    "locale": "zh",
}


def register(**changes):
    """Ask for an account."""
    return act(SYSTEM, doing(registering.request_registration, **ENTERED | changes))


def confirm(key):
    """Follow the mailed link."""
    return doing(registering.confirm_registration, registration=key)


def test_a_registration_becomes_an_account_by_its_link(story):
    agent = make_plain_agent(email="known@example.cn")
    with story("accounts/registered", agent=agent) as told:
        changes = {
            "a wrong code": {"credit_code": WRONG_CHECK},
            "a short code": {"credit_code": CODE[:-1]},
            "nowhere": {"region_code": "999999"},
            "an old region": {"region_code": "220381"},
            "a department": {"capacity": Capacity.DEPARTMENT},
        }
        told.may(variants(registering.request_registration, ENTERED, changes), SYSTEM)
        key, taken = register(), register(email="known@example.cn", credit_code=OTHER)
        late = NOON + timedelta(days=3)
        refusals(lambda: act(SYSTEM, confirm(key), at=late))
        act(SYSTEM, confirm(key), at=late - SECOND)
        refusals(
            lambda: act(SYSTEM, confirm(key)),
            lambda: act(SYSTEM, confirm(taken)),
            lambda: act(SYSTEM, confirm(register(email="c@example.cn", credit_code=OTHER))),
        )


def test_who_comes_second_asks_the_first(story):
    with story("accounts/second"):
        first = register()
        second = register(email="b@example.cn", mobile="13700002222")
        act(SYSTEM, confirm(first))
        act(SYSTEM, confirm(second))


def test_what_is_never_confirmed_is_deleted(story):
    with story("accounts/expired") as told:
        key = register()
        row = act(SYSTEM, lambda uow: offers.registration(uow.session, key))
        expire, late = registering.expire_registration, NOON + timedelta(days=3)
        for at in (late - SECOND, late, late):
            act(SYSTEM, doing(expire, registration_id=row.id), at=at)
        told.may({"confirm": confirm(key)}, SYSTEM)


def test_a_person_comes_to_a_further_organisation_and_capacity(story):
    agent, other = make_plain_agent(), make_plain_agent(Capacity.ENTERPRISE, code=OTHER)
    colleague = make_member(other.organisation_id, Role.ENTERPRISE_AGENT)
    with story("accounts/further", agent=agent, other=other, colleague=colleague) as told:
        said = {"name": "某某公司", "region_code": "220100", "capacity": Capacity.INSTITUTION}
        add = registering.add_organisation
        told.may(
            {"add": doing(add, **said, credit_code=CODE)}, colleague, replace(agent, user_id=None)
        )
        act(agent, doing(add, **said, credit_code=CODE))
        act(agent, doing(add, **said, credit_code=OTHER))
        refusals(lambda: act(agent, doing(add, **said, credit_code=OTHER)))
        refusals(lambda: act(colleague, doing(add, **said, credit_code=OTHER)))
        act(other, doing(add, **said, credit_code=OTHER))
        refusals(lambda: act(other, doing(add, **said, credit_code=OTHER)))


# ------------------------------------------------------------------ what the operator makes


def test_the_operator_makes_organisations_and_staff_accounts(story):
    admin, guard, agent = operator(), operator(Role.SECURITY_ADMIN), make_plain_agent()
    people = {"admin": admin, "guard": guard, "agent": agent}
    with story("accounts/made", **people) as told:
        made = {
            "name": "第一局",
            "credit_code": CODE,
            "region_code": "220100",
            "capacities": [Capacity.SUPERVISOR, Capacity.DEPARTMENT, Capacity.DEPARTMENT],
        }
        create = appointing.create_organisation
        told.may({"create": doing(create, **made)}, *people.values(), SYSTEM)
        changes = {"no capacity": {"capacities": []}, "a wrong code": {"credit_code": WRONG_CHECK}}
        told.may(variants(create, made, changes | {"nowhere": {"region_code": "999999"}}), admin)
        house = act(admin, doing(create, **made))
        refusals(lambda: act(admin, doing(create, **made)))
        staff = {
            "organisation_id": house,
            "name": "科员",
            "email": " Staff@Example.cn ",
            "mobile": MOBILE,
            "roles": [Role.SUPERVISOR, Role.DEPARTMENT_OFFICER],
        }
        appoint = appointing.create_staff_account
        told.may({"appoint": doing(appoint, **staff)}, *people.values())
        changes = {
            "no role": {"roles": []},
            "another's role": {"roles": [AGENT]},
            "nowhere": {"organisation_id": 999},
        }
        told.may(variants(appoint, staff, changes), admin)
        act(admin, doing(appoint, **staff))
        refusals(
            lambda: act(admin, doing(appoint, **staff)),
            lambda: act(admin, doing(appoint, **staff | {"email": "other@example.cn"})),
        )
        third = make_organisation(Capacity.SUPERVISOR)
        another = {"organisation_id": third, "roles": [Role.SUPERVISOR]}
        act(admin, doing(appoint, **staff | another))


def test_nobody_has_two_of_the_three_duties(story):
    admin = operator()
    house = act(SYSTEM, lambda uow: uow.find(Membership, admin.membership_id).organisation_id)
    guard = make_member(house, Role.SECURITY_ADMIN)
    with story("accounts/duties", admin=admin, guard=guard) as told:
        key = membership_of(guard)
        duties = {
            "both": [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN],
            "the other": [Role.AUDIT_ADMIN],
            "with its house": [Role.SECURITY_ADMIN, ADMIN],
        }
        change = appointing.change_roles
        acts = {name: doing(change, membership=key, roles=roles) for name, roles in duties.items()}
        told.may(acts, admin, guard)


def test_a_licence_with_a_wrong_check_character_is_entered_once(story):
    admin, agent = operator(), make_plain_agent()
    with story("accounts/code_entered", admin=admin, agent=agent) as told:
        said = {"credit_code": f" {WRONG_CHECK.lower()} ", "reason": " 执照如此 "}
        enter = appointing.enter_credit_code
        changes = {
            "a right code": {"credit_code": CODE},
            "a short code": {"credit_code": CODE[:-1]},
            "no reason": {"reason": " "},
        }
        told.may(variants(enter, said, changes), admin, agent)
        act(admin, doing(enter, **said))
        refusals(lambda: act(admin, doing(enter, **said)))
        register(credit_code=WRONG_CHECK)


def test_a_letter_is_handed_in_and_confirmed_once(story):
    agent = make_plain_agent(provisional=True)
    admin, stranger = operator(), make_plain_agent()
    people = {"agent": agent, "admin": admin, "stranger": stranger}
    invite = appointing.invite_colleague
    with story("accounts/authorised", **people) as told:
        letter = doing(appointing.file_authorisation_letter, name="授权.pdf", data=pdf())
        act(agent, doing(invite, email="new@example.cn", roles=[AGENT]))
        act(agent, letter)
        said = {"organisation_id": agent.organisation_id}
        confirm = doing(appointing.confirm_authorisation, **said)
        told.may({"confirm": confirm, "letter": letter}, *people.values(), SYSTEM)
        act(admin, confirm)
        act(admin, confirm)
        refusals(lambda: act(agent, letter))


# ------------------------------------------------------------------ colleagues


def membership_of(actor):
    """The public id of the membership through which somebody acts."""
    return act(SYSTEM, lambda uow: uow.find(Membership, actor.membership_id).public_id)


def invited(agent, email="new@example.cn", roles=(AGENT,)):
    """An invitation; its public id."""
    act(agent, doing(appointing.invite_colleague, email=email, roles=list(roles)))
    rows = act(SYSTEM, lambda uow: offers.open_invitations(uow.session, agent.organisation_id))
    return next(row.public_id for row in rows if row.email == email.strip().lower())


def test_colleagues_are_invited_and_join(story):
    agent, stranger = make_plain_agent(), make_plain_agent(email="known@example.cn")
    plain, admin = make_member(agent.organisation_id, AGENT, email="member@example.cn"), operator()
    people = {"agent": agent, "stranger": stranger, "plain": plain, "admin": admin}
    with story("accounts/invited", **people) as told:
        said = {"email": " New@Example.cn ", "roles": [AGENT, ADMIN]}
        invite = appointing.invite_colleague
        told.may({"invite": doing(invite, **said)}, *people.values())
        changes = {
            "no role": {"roles": []},
            "another's role": {"roles": [Role.SUPERVISOR]},
            "a member": {"email": "member@example.cn"},
        }
        told.may(variants(invite, said, changes), agent)
        key = invited(agent, **said)
        refusals(lambda: act(agent, doing(invite, **said)))
        join = {"invitation": key, "name": "新来", "mobile": MOBILE, "password_hash": "x"}
        join_as_new = doing(appointing.accept_invitation_as_new, **join, locale="zh")
        late = NOON + timedelta(days=7)
        refusals(lambda: act(SYSTEM, join_as_new, at=late))
        act(SYSTEM, join_as_new, at=late - SECOND)
        refusals(lambda: act(SYSTEM, join_as_new))
        second = invited(agent, "known@example.cn")
        accept = doing(appointing.accept_invitation, invitation=second)
        told.may({"accept": accept}, plain, stranger)
        act(stranger, accept)
        nobody = invited(agent, "nobody@example.cn")
        accept = doing(appointing.accept_invitation, invitation=nobody)
        told.may({"without an account": accept}, stranger, admin)


def test_an_invitation_is_withdrawn_or_expires(story):
    agent, stranger = make_plain_agent(), make_plain_agent()
    plain = make_member(agent.organisation_id, AGENT)
    with story("accounts/not_joined", agent=agent, stranger=stranger, plain=plain) as told:
        key = invited(agent)
        withdraw = doing(appointing.withdraw_invitation, invitation=key)
        told.may({"withdraw": withdraw}, agent, stranger, plain)
        act(agent, withdraw)
        refusals(lambda: act(agent, withdraw))
        again = invited(agent)
        number = act(SYSTEM, lambda uow: uow.find(Invitation, again).id)
        late = NOON + timedelta(days=7, minutes=4)
        for at in (late - SECOND, late, late):
            act(SYSTEM, doing(appointing.expire_invitation, invitation_id=number), at=at)


def test_invitations_follow_a_changed_address(story):
    agent, other = make_plain_agent(), make_plain_agent()
    for who, email in (
        (agent, "was@example.cn"),
        (other, "was@example.cn"),
        (other, "is@example.cn"),
    ):
        invited(who, email)
    with story("accounts/moved", agent=agent, other=other):
        said = {"was": "was@example.cn", "email": "is@example.cn"}
        act(SYSTEM, doing(appointing.move_invitations, **said))


def test_roles_change_and_memberships_end_but_for_the_last_administrator(story):
    agent, stranger, admin = make_plain_agent(), make_plain_agent(), operator()
    plain = make_member(agent.organisation_id, AGENT)
    opened(plain)
    people = {"agent": agent, "stranger": stranger, "plain": plain, "admin": admin}
    with story("accounts/colleagues", **people) as told:
        own, theirs = membership_of(agent), membership_of(plain)
        change, end = appointing.change_roles, appointing.end_membership
        acts = {
            "raise": doing(change, membership=theirs, roles=[AGENT, ADMIN]),
            "no role": doing(change, membership=theirs, roles=[]),
            "another's role": doing(change, membership=theirs, roles=[Role.SUPERVISOR]),
            "lower the last": doing(change, membership=own, roles=[AGENT]),
            "end": doing(end, membership=theirs, at=NOON),
            "end the last": doing(end, membership=own, at=NOON),
        }
        told.may(acts, *people.values())
        act(agent, acts["raise"])
        raised = act(SYSTEM, lambda uow: actor_of(uow.session, plain.membership_id))
        act(raised, doing(change, membership=own, roles=[AGENT]))
        act(raised, doing(change, membership=own, roles=[ADMIN]))
        act(agent, acts["end"])
        told.may(acts, agent)


# ------------------------------------------------------------------ requests and ties


@pytest.fixture
def asked(app):
    """Who is asked, who asks, and the request."""
    owner, claimant = make_plain_agent(code=CODE), make_plain_agent(Capacity.ENTERPRISE)
    said = {"name": "某某", "region_code": "220100", "capacity": Capacity.INSTITUTION}
    act(claimant, doing(registering.add_organisation, **said, credit_code=CODE))
    rows = act(SYSTEM, lambda uow: offers.my_requests(uow.session, claimant.user_id))
    return owner, claimant, rows[0].public_id


def answers(key):
    """Every act on a request."""
    return {
        "accept": doing(memberships.accept_request, request=key, roles=[AGENT]),
        "without a role": doing(memberships.accept_request, request=key, roles=[]),
        "refuse": doing(memberships.refuse_request, request=key, reason="不认识"),
        "without a reason": doing(memberships.refuse_request, request=key, reason=" "),
        "dispute": doing(memberships.dispute_request, request=key, grounds="有授权"),
        "without grounds": doing(memberships.dispute_request, request=key, grounds=" "),
        "uphold": doing(memberships.settle_dispute, request=key, upheld=True, reason="属实"),
        "for no reason": doing(memberships.settle_dispute, request=key, upheld=True, reason=""),
    }


@pytest.mark.parametrize("end", ["accepted", "upheld", "dismissed"])
def test_a_request_is_answered_and_disputed(app, story, asked, end):
    owner, claimant, key = asked
    admin, plain = operator(), make_member(owner.organisation_id, AGENT)
    people = {"owner": owner, "claimant": claimant, "plain": plain, "admin": admin}
    acts = answers(key)
    with story(f"accounts/request_{end}", **people) as told:
        told.may(acts, *people.values())
        if end == "accepted":
            act(owner, acts["accept"])
        else:
            said = {"request": key, "reason": " 不认识 "}
            act(owner, doing(memberships.refuse_request, **said))
            told.may(acts, *people.values())
            act(claimant, doing(memberships.dispute_request, request=key, grounds=" 有授权 "))
            told.may(acts, *people.values())
            settled = {"request": key, "upheld": end == "upheld", "reason": " 已核实 "}
            act(admin, doing(memberships.settle_dispute, **settled))
        told.may(acts, *people.values())


def test_a_tie_stands_once(story):
    agent, other = make_plain_agent(), make_plain_agent()
    with story("accounts/tie", agent=agent, other=other) as told:
        said = {"organisation_id": other.organisation_id, "kind": "vetting_case", "key": 7}

        def declare(uow):
            memberships.declare_tie(uow, **said)
            uow.record(registering.events.DetailsChanged(agent.user_id, ()))

        act(agent, declare)
        act(agent, declare)
        told.may({"nobody": declare}, SYSTEM)
