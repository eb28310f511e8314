"""Colleagues: invited, given roles, ended; requests, disputes, authorisation letters."""

import io

import pytest

from marketplace.accounts.queries import offers, parties
from marketplace.infra.database import db
from marketplace.kernel.actors import Capacity, Role
from tests.actors import actor_of
from tests.documents import pdf
from tests.factories import give_password, make_organisation, make_plain_agent, open_session_for
from tests.personas import Persona, actor, sign_in
from tests.web.accounts.conftest import REGISTRATION, hidden_fields

PASSWORD = {"password": "four horses in a barn", "password_again": "four horses in a barn"}


@pytest.fixture
def admin(client):
    return open_session_for(client, make_plain_agent(email="admin@example.cn", name="某某公司"))


def invite(send, email="new@example.cn", roles=("institution_agent",), **kwargs):
    return send("/my/colleagues/invite", email=email, roles=list(roles), **kwargs)


def test_a_colleague_is_invited_makes_an_account_and_acts(app, client, send, admin, mailed_link):
    assert invite(send).location == "/my/colleagues"
    link = mailed_link("new@example.cn")
    newcomer = app.test_client()

    joined = send(link, browser=newcomer, name="新来", mobile="13700001111", **PASSWORD)

    assert joined.location == "/sign-in"
    entered = send(
        "/sign-in", browser=newcomer, email="new@example.cn", password=PASSWORD["password"]
    )
    assert entered.status_code == 303
    assert "某某公司" in newcomer.get("/my/account").text
    assert newcomer.get("/my/colleagues/invite").status_code == 404
    assert newcomer.get(link).status_code == 410


def test_somebody_with_an_account_accepts_and_switches(app, client, send, admin, mailed_link):
    other = make_plain_agent(email="other@example.cn", name="另一公司")
    give_password(other.user_id, PASSWORD["password"])
    invite(send, "other@example.cn")
    link = mailed_link("other@example.cn")
    browser = app.test_client()
    assert browser.get(link).location.startswith("/sign-in?next=/invitations/")
    open_session_for(browser, other)

    assert send(link, browser=browser).location == "/my/account"

    membership = parties.memberships_of(db.session(), other.user_id)[1]
    token = hidden_fields(browser.get("/my/account/details"))["csrf_token"]
    switched = browser.post(
        "/switch", data={"csrf_token": token, "membership": membership.public_id}
    )
    assert switched.status_code == 303
    assert "某某公司" in browser.get("/my/colleagues").text


def test_an_invitation_is_for_its_own_address_only(app, client, send, admin, mailed_link):
    make_plain_agent(email="other@example.cn")
    stranger = app.test_client()
    open_session_for(stranger, make_plain_agent(email="stranger@example.cn"))
    invite(send, "other@example.cn")

    answer = send(mailed_link("other@example.cn"), browser=stranger)

    assert answer.status_code == 409
    assert 'data-reason="account.invited_other"' in answer.text


def test_nobody_switches_to_a_membership_of_somebody_else(client, admin):
    other = make_plain_agent()
    foreign = parties.memberships_of(db.session(), other.user_id)[0]
    token = hidden_fields(client.get("/my/account/details"))["csrf_token"]

    answer = client.post("/switch", data={"csrf_token": token, "membership": foreign.public_id})

    assert answer.status_code == 404


def test_the_same_address_is_not_invited_twice(send, admin):
    invite(send)

    answer = invite(send)

    assert answer.status_code == 409
    assert 'id="email-error"' in answer.text


def test_an_invitation_is_withdrawn(client, send, admin, mailed_link):
    invite(send)
    link = mailed_link("new@example.cn")
    row = offers.open_invitations(db.session(), admin.organisation_id)[0]

    assert send(f"/my/colleagues/invitations/{row.public_id}/withdraw").status_code == 303
    assert client.get(link).status_code == 410


def test_the_last_administrator_cannot_leave_or_step_down(send, admin):
    own = parties.members_with(db.session(), admin.organisation_id)[0].public_id

    left = send(f"/my/colleagues/{own}/end")
    stepped_down = send(f"/my/colleagues/{own}/roles", roles=["institution_agent"])

    assert (left.status_code, stepped_down.status_code) == (409, 409)


def test_ending_a_membership_ends_its_sessions(app, client, send, admin, mailed_link):
    invite(send, roles=("institution_agent",))
    newcomer = app.test_client()
    link = mailed_link("new@example.cn")
    send(link, browser=newcomer, name="新来", mobile="13700001111", **PASSWORD)
    send("/sign-in", browser=newcomer, email="new@example.cn", password=PASSWORD["password"])
    rows = parties.members_with(db.session(), admin.organisation_id)
    theirs = next(row for row in rows if row.email == "new@example.cn")

    assert send(f"/my/colleagues/{theirs.public_id}/end").status_code == 303
    assert newcomer.get("/my/account").status_code == 303


@pytest.mark.parametrize("act", ["roles", "end"])
def test_members_of_another_organisation_do_not_exist(client, admin, act):
    stranger = actor(Persona.ENTERPRISE_AGENT)
    row = parties.members_with(db.session(), stranger.organisation_id)[0]

    assert client.get(f"/my/colleagues/{row.public_id}/{act}").status_code == 404


@pytest.fixture
def claimant(app, client, send, mailed_link):
    """Somebody who registered the code of 某某公司 a second time, signed in."""
    first = make_plain_agent(
        email="admin@example.cn", name="某某公司", code=REGISTRATION["credit_code"]
    )
    browser = app.test_client()
    send("/register", browser=browser, **REGISTRATION)
    send(mailed_link(REGISTRATION["email"]), browser=browser)
    send(
        "/sign-in",
        browser=browser,
        email=REGISTRATION["email"],
        password=REGISTRATION["password"],
    )
    open_session_for(client, first)
    return browser


def request_id():
    user = parties.find_user(db.session(), REGISTRATION["email"])
    return offers.my_requests(db.session(), user.id)[0].public_id


def test_an_accepted_claimant_acts_with_the_roles_given(client, send, claimant, letters):
    path = f"/my/colleagues/requests/{request_id()}"
    assert send(path, answer="accept").status_code == 422

    answered = send(path, answer="accept", roles=["institution_agent"])

    assert answered.location == "/my/colleagues"
    assert letters(REGISTRATION["email"])[0].subject
    assert "某某公司" in claimant.get("/my/account").text
    assert "<textarea" not in client.get(path).text


def test_a_refusal_needs_its_reason_and_may_be_disputed(app, client, send, claimant):
    path = f"/my/colleagues/requests/{request_id()}"
    assert send(path, answer="refuse").status_code == 422
    assert send(path, answer="refuse", reason="不认识此人").status_code == 303
    assert "不认识此人" in claimant.get("/my/requests").text
    dispute = f"/my/requests/{request_id()}/dispute"
    assert client.get(dispute).status_code == 404
    assert send(dispute, browser=claimant, grounds="原经办人已离职").status_code == 303
    operator = app.test_client()
    sign_in(operator, Persona.SYSTEM_ADMIN)
    assert "某某公司" in operator.get("/operator/disputes").text

    settled = send(
        f"/operator/disputes/{request_id()}",
        browser=operator,
        decision="upheld",
        reason="已核实授权书",
    )

    assert settled.status_code == 303
    user = parties.find_user(db.session(), REGISTRATION["email"])
    membership = parties.memberships_of(db.session(), user.id)[0]
    assert Role.ORGANISATION_ADMIN in membership.roles
    assert not membership.provisional


def test_an_enterprise_hands_in_its_letter_and_the_operator_confirms(app, client, send, letters):
    agent = open_session_for(
        client,
        make_plain_agent(
            Capacity.ENTERPRISE, email="firm@example.cn", name="某投资", provisional=True
        ),
    )
    values = hidden_fields(client.get("/my/authorisation"))
    answer = client.post(
        "/my/authorisation",
        data=values | {"letter": (io.BytesIO(pdf()), "授权书.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text
    operator = app.test_client()
    sign_in(operator, Persona.SYSTEM_ADMIN)
    row = parties.organisation(db.session(), agent.organisation_id)
    page = operator.get(f"/operator/organisations/{row.public_id}").text
    assert "授权书" in page

    send(f"/operator/organisations/{row.public_id}/authorise", browser=operator)

    assert parties.organisation(db.session(), agent.organisation_id).authorised
    assert not actor_of(db.session(), agent.membership_id).provisional
    assert letters("firm@example.cn")


def test_the_operator_makes_an_association_and_its_staff(app, client, send, mailed_link):
    sign_in(client, Persona.SYSTEM_ADMIN)
    made = send(
        "/operator/organisations/new",
        name="某某协会",
        credit_code=REGISTRATION["credit_code"],
        capacities=["association"],
        region_code="220000",
    )
    assert made.location.startswith("/operator/organisations/")
    added = send(
        f"{made.location}/members/new",
        name="审核员",
        email="examiner@example.cn",
        mobile="13700001111",
        roles=["association_examiner"],
    )
    assert added.location == made.location
    link = mailed_link("examiner@example.cn")
    assert link.startswith("/password/first/")
    newcomer = app.test_client()

    assert send(link, browser=newcomer, **PASSWORD).location == "/sign-in"
    entered = send(
        "/sign-in", browser=newcomer, email="examiner@example.cn", password=PASSWORD["password"]
    )
    assert entered.location == "/sign-in/enrol"


def test_nobody_holds_two_of_the_three_administrator_roles(client, send):
    operator = sign_in(client, Persona.SYSTEM_ADMIN)
    security = actor(Persona.SECURITY_ADMIN)
    rows = parties.members_with(db.session(), operator.organisation_id)
    theirs = next(row for row in rows if row.user_id == security.user_id)
    own = parties.organisation(db.session(), operator.organisation_id)
    add = f"/operator/organisations/{own.public_id}/members/new"
    person = {"name": "某", "email": "x@example.cn", "mobile": "13700001111"}

    both = send(add, **person, roles=["system_admin", "audit_admin"])
    second = make_organisation(Capacity.OPERATOR)
    other = parties.organisation(db.session(), second)
    elsewhere = send(
        f"/operator/organisations/{other.public_id}/members/new",
        name="某",
        email=theirs.email,
        mobile="13700001111",
        roles=["audit_admin"],
    )

    assert (both.status_code, elsewhere.status_code) == (409, 409)
    assert 'data-reason="account.three_duties"' in elsewhere.text


def test_the_security_administrator_helps_others_but_not_themselves(client, send):
    security = sign_in(client, Persona.SECURITY_ADMIN)
    examiner = actor(Persona.ASSOCIATION_EXAMINER)
    found = send("/operator/people", email=Persona.ASSOCIATION_EXAMINER.email)
    assert found.location.startswith("/operator/people/")
    assert send("/operator/people", email="nobody@example.cn").status_code == 409

    reset = send(found.location, act="reset_second_factor")

    assert reset.status_code == 303
    assert not parties.account(db.session(), examiner.user_id).has_second_factor
    own = parties.account(db.session(), security.user_id).public_id
    assert send(f"/operator/people/{own}", act="unlock").status_code == 409


@pytest.mark.parametrize("written", ["{}", "+86 {}", " {} "])
@pytest.mark.parametrize("wide", [False, True])
def test_the_security_administrator_frees_a_number_for_its_new_owner(client, send, written, wide):
    sign_in(client, Persona.SECURITY_ADMIN)
    agent = make_plain_agent(email="old@example.cn")
    mobile = parties.account(db.session(), agent.user_id).mobile
    digits = "".join(chr(ord(one) + 0xFEE0) for one in mobile) if wide else mobile
    assert send("/operator/people").status_code == 422
    assert send("/operator/people", mobile="13700005555").status_code == 409

    found = send("/operator/people", mobile=written.format(digits))
    page = client.get(found.location).text
    assert f"*{mobile[-4:]}" in page
    assert mobile not in page
    without = send(found.location, act="free_mobile")
    done = send(found.location, act="free_mobile", reason="现机主已到窗口核验")

    assert (without.status_code, done.status_code) == (422, 303)
    assert parties.account(db.session(), agent.user_id).mobile == ""


@pytest.mark.parametrize(
    "path", ["/operator/organisations", "/operator/disputes", "/operator/people"]
)
def test_the_operator_s_pages_do_not_exist_for_others(client, path):
    sign_in(client, Persona.ASSOCIATION_APPROVER)

    assert client.get(path).status_code == 404
