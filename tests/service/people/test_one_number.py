"""A mobile number is one account's: in the database, at once, and until the operator frees it."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.accounts.queries import parties
from marketplace.accounts.services import appointing, credentials, memberships, registering
from marketplace.infra.mail import sunk_mails
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import EventNote, EventRecord
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from tests.dossiers import act
from tests.factories import make_agent, make_member, make_organisation
from tests.people import second_account

pytestmark = pytest.mark.usefixtures("app")
MOBILE = "13812340001"
REASON = "号码现机主持身份证件到窗口核验"


@pytest.fixture
def operator(app):
    return make_organisation(Capacity.OPERATOR)


@pytest.fixture
def guard(operator):
    return make_member(operator, Role.SECURITY_ADMIN)


@pytest.fixture
def person(app):
    """Somebody with an account under this mobile."""
    agent = make_agent(Capacity.ENTERPRISE, email="known@example.cn")
    details = {"name": "张三", "mobile": MOBILE, "locale": "zh"}
    act(agent, lambda uow: credentials.change_details(uow, **details))
    return agent


def making(email="new@example.cn", mobile=MOBILE):
    said = {"name": "李四", "email": email, "mobile": mobile, "locale": "zh"}
    return lambda uow: registering.create_user(uow, **said).id


def changing(mobile=MOBILE):
    return lambda uow: credentials.change_details(uow, name="李四", mobile=mobile, locale="zh")


def freeing(session, person, reason=REASON):
    key = session.get_one(User, person.user_id).public_id
    session.rollback()
    return lambda uow: credentials.free_mobile(uow, user=key, reason=reason)


def refused(who, work):
    with pytest.raises(Refused) as refusal:
        act(who, work)
    return refusal.value.code, refusal.value.field


def test_the_database_lets_one_account_hold_a_number(session, person):
    other = make_agent()
    session.rollback()

    session.get_one(User, other.user_id).hold_mobile(MOBILE)
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


def test_who_gives_no_number_is_in_nobody_s_way(session):
    for number in range(3):
        act(SYSTEM, making(f"none{number}@example.cn", ""))

    assert session.scalar(select(User.mobile_held).where(User.email == "none2@example.cn")) is False


@pytest.mark.parametrize(
    ("takes", "code"),
    [(making(), "account.mobile_known"), (changing(), "account.mobile_of_other")],
)
def test_of_two_who_take_a_number_at_once_one_is_refused(monkeypatch, person, takes, code):
    who = make_agent() if code == "account.mobile_of_other" else SYSTEM
    known, asked = registering.account_with, []

    def the_first_time_nobody_has_it(*args, **facts):
        asked.append(args)
        return None if len(asked) == 1 else known(*args, **facts)

    monkeypatch.setattr(registering, "account_with", the_first_time_nobody_has_it)

    assert refused(who, takes) == (code, "mobile")


def test_an_address_that_is_taken_at_once_is_named_and_not_the_number(person):
    assert refused(SYSTEM, making("known@example.cn", "13812340002")) == (
        "account.email_taken",
        "email",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
        (Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN),
    ],
)
def test_a_person_has_one_of_the_three_duties_whatever_the_account(
    session, operator, first, second
):
    holder = make_member(operator, first)
    other = second_account(holder, operator, Role.ORGANISATION_ADMIN)
    admin = make_member(operator, Role.SYSTEM_ADMIN)
    house = make_organisation(Capacity.OPERATOR)
    session.rollback()
    key = parties.memberships_of(session, other.user_id)[0].public_id
    session.rollback()

    def joining(uow):
        said = {"user_id": other.user_id, "organisation_id": house, "provisional": False}
        memberships.begin_membership(uow, roles={second}, **said)

    def changing_roles(uow):
        appointing.change_roles(uow, membership=key, roles=[second, Role.ORGANISATION_ADMIN])

    assert refused(SYSTEM, joining) == ("account.three_duties", "")
    assert refused(admin, changing_roles) == ("account.three_duties", "")


def test_a_freed_number_belongs_to_whoever_enters_it_next(session, guard, person):
    act(guard, freeing(session, person))

    newcomer = act(SYSTEM, making())
    session.rollback()
    assert parties.find_by_mobile(session, MOBILE).id == newcomer
    assert parties.account(session, person.user_id).mobile == ""
    assert parties.actor_of(session, person.membership_id).accounts <= {person.user_id}


def test_freeing_is_told_with_its_reason_and_to_the_owner(app, session, guard, person):
    act(guard, freeing(session, person))

    deliver_all(app.extensions["settings"], raise_errors=True)
    session.rollback()
    event = session.scalars(
        select(EventRecord).where(EventRecord.kind == "user.mobile_freed")
    ).one()
    assert (event.subject_id, event.actor_user_id) == (person.user_id, guard.user_id)
    assert MOBILE not in str(event.payload)
    assert session.get_one(EventNote, event.id).body == REASON
    letter = sunk_mails(session, to="known@example.cn")[0]
    assert "/sign-in" in letter.text


def test_only_the_security_administrator_frees_a_number_and_not_their_own(
    session, operator, guard, person
):
    free = freeing(session, person)
    for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN):
        assert refused(make_member(operator, role), free)[0] == "account.not_your_role"
    assert refused(person, free)[0] == "account.not_your_role"
    assert refused(ANONYMOUS, free)[0] == "request.sign_in"
    assert refused(guard, freeing(session, guard))[0] == "account.own_security"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "request.words_needed"),
        (" \u200b ", "request.words_needed"),
        ("x" * 501, "request.words_too_long"),
        (f"机主 {MOBILE}", "request.personal_number"),
    ],
)
def test_a_number_is_freed_for_a_reason(session, guard, person, reason, code):
    assert refused(guard, freeing(session, person, reason)) == (code, "reason")


def test_where_there_is_no_number_none_is_freed(session, guard, person):
    act(guard, freeing(session, person))

    assert refused(guard, freeing(session, person))[0] == "account.mobile_missing"
    with pytest.raises(NotFound):
        act(guard, lambda uow: credentials.free_mobile(uow, user="nobody", reason=REASON))
