"""A form belongs to the organisation that it was opened for, and to whoever typed it."""

import pytest

from marketplace.accounts.models import Membership, RescuedForm
from marketplace.accounts.services import memberships
from marketplace.accounts.services.sessions import hash_page
from marketplace.infra.database import db
from marketplace.kernel.actors import Role
from tests.factories import give_password, make_plain_agent, open_session_for, system_work
from tests.web.accounts.conftest import hidden_fields
from tests.web.accounts.test_kept_forms import sign_in_again

CONTACT = "/my/institution/contact"
TYPED = {
    "contact_name": "甲方联系人",
    "contact_mobile": "13900001111",
    "office_phone": "0431-81234567",
    "profile": "从事节能报告评审二十年。",
}


@pytest.fixture
def both(client):
    """An agent of one institution who is one of another's, too, and acts for the first."""
    first = make_plain_agent(name="甲评估有限公司", email="both@example.cn")
    second = make_plain_agent(name="乙评估有限公司")
    give_password(first.user_id, "four horses in a barn")
    with system_work() as uow:
        memberships.begin_membership(
            uow,
            user_id=first.user_id,
            organisation_id=second.organisation_id,
            roles=(Role.INSTITUTION_AGENT,),
            provisional=False,
        )
    open_session_for(client, first)
    return first, second


def membership_in(actor, organisation):
    return db.session.scalars(
        db.select(Membership.public_id).where(
            Membership.user_id == actor.user_id,
            Membership.organisation_id == organisation.organisation_id,
        )
    ).one()


def switch(client, membership, **more):
    token = hidden_fields(client.get("/my/account/details"))["csrf_token"]
    return client.post("/switch", data={"csrf_token": token, "membership": membership} | more)


@pytest.mark.parametrize("path", ["/my/account/details", CONTACT])
def test_a_form_sent_after_switching_changes_nothing_and_comes_back_filled(client, both, path):
    first, second = both
    typed = TYPED if path == CONTACT else {"name": "改了的姓名", "mobile": "13900001111"}
    shown = next(iter(typed.values()))
    values = hidden_fields(client.get(path)) | typed
    assert switch(client, membership_in(first, second)).status_code == 303

    answer = client.post(path, data=values)

    assert answer.status_code == 409
    assert 'data-reason="request.other_organisation"' in answer.text
    assert "甲评估有限公司" in answer.text
    assert shown not in client.get(path).text
    back = switch(client, membership_in(first, first), next=path)
    assert back.location == path
    again = client.get(path)
    assert shown in again.text
    assert "notice-info" in again.text
    assert client.post(path, data=hidden_fields(again) | typed).status_code == 303


def test_a_form_of_a_record_of_the_other_organisation_is_not_lost_as_not_found(client, both):
    first, second = both
    token = hidden_fields(client.get("/my/account/details"))
    switch(client, membership_in(first, second))

    answer = client.post("/my/institution/owners/aaaaaaaaaa", data=token | {"name": "某人"})

    assert answer.status_code == 409


def test_a_form_of_somebody_elses_membership_is_refused_and_not_kept(client, both):
    values = hidden_fields(client.get(CONTACT)) | TYPED
    stranger = make_plain_agent(name="丙评估有限公司")

    answer = client.post(CONTACT, data=values | {"acting_as": membership_in(stranger, stranger)})

    assert answer.status_code == 409
    assert "丙评估有限公司" not in answer.text
    assert TYPED["contact_name"] not in client.get(CONTACT).text


def test_where_to_go_after_switching_never_leaves_the_site(client, both):
    first, second = both
    answer = switch(client, membership_in(first, second), next="//evil.example/")
    assert answer.location == "/desk"


def test_what_is_sent_after_signing_out_in_another_tab_is_kept(client, both):
    values = hidden_fields(client.get(CONTACT)) | TYPED
    token = values["csrf_token"]
    client.post("/sign-out", data={"csrf_token": token})

    answer = client.post(CONTACT, data=values)

    assert answer.location == f"/sign-in?next={CONTACT}&kept=1"
    sign_in_again(client, answer, "both@example.cn")
    assert TYPED["contact_name"] in client.get(CONTACT).text


def test_after_signing_out_the_cookie_opens_nothing(client, both):
    token = hidden_fields(client.get(CONTACT))["csrf_token"]
    client.post("/sign-out", data={"csrf_token": token})

    assert client.get(CONTACT).location == f"/sign-in?next={CONTACT}"
    assert "甲评估有限公司" not in client.get("/").text


def test_what_is_kept_for_one_outlives_the_same_page_sent_for_the_other(client, both):
    first, second = both
    values = hidden_fields(client.get(CONTACT)) | TYPED
    switch(client, membership_in(first, second))
    client.post(CONTACT, data=values)
    other = TYPED | {"contact_name": "乙方联系人"}
    assert client.post(CONTACT, data=hidden_fields(client.get(CONTACT)) | other).status_code == 303

    switch(client, membership_in(first, first))

    assert TYPED["contact_name"] in client.get(CONTACT).text


def test_forms_of_pages_that_differ_in_what_is_asked_are_kept_apart(client, both):
    first, second = both
    page = "/my/institution/qualifications/new"
    values = hidden_fields(client.get(page)) | {"kind": "survey"}
    switch(client, membership_in(first, second))

    client.post(f"{page}?for=one", data=values)

    with client.session_transaction():
        kept = db.session.scalars(db.select(RescuedForm.path_hash)).all()
    assert kept == [hash_page(f"{page}?for=one")]


@pytest.mark.parametrize("address", ["/desk\r\nSet-Cookie: x=1", "/desk\x00", "\t/desk"])
def test_an_address_to_go_on_to_is_one_line(client, both, address):
    first, second = both
    assert switch(client, membership_in(first, second), next=address).location == "/desk"
