"""Registrations wait for their link and go; agents hand in the letter that authorises them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Registration
from marketplace.accounts.queries import codes, offers, parties
from marketplace.accounts.services import appointing, registering
from marketplace.infra.files import files_of
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from tests.actors import actor_of
from tests.conftest import NOON
from tests.documents import pdf
from tests.factories import credit_code, make_member, make_organisation, make_plain_agent

CODE = credit_code(4_900)


def register(uow, **changes) -> str:
    entered = {
        "organisation_name": "某某公司",
        "credit_code": CODE,
        "capacity": Capacity.ENTERPRISE,
        "region_code": "220100",
        "person_name": "经办人",
        "mobile": "13700001111",
        "email": "Agent@Example.cn",
        "password_hash": "x",
        "locale": "zh",
    }
    with uow(now=NOON) as work:
        return registering.request_registration(work, **(entered | changes))


def told(session, subject: str) -> list[str]:
    session.rollback()
    query = select(EventRecord.kind).where(EventRecord.subject_kind == subject)
    return list(session.scalars(query.order_by(EventRecord.id)))


def test_a_registration_is_kept_until_its_link_is_followed(uow, session):
    key = register(uow)

    row = offers.registration(session, key)
    assert row.open
    assert (row.email, row.capacity) == ("agent@example.cn", Capacity.ENTERPRISE)
    assert row.expires_at == NOON + timedelta(days=3)
    assert parties.find_user(session, row.email) is None
    assert parties.find_organisation(session, CODE) is None


def test_whoever_follows_the_link_founds_the_organisation_and_leaves_nothing_behind(uow, session):
    key = register(uow)
    with uow(now=NOON) as work:
        entered = registering.confirm_registration(work, registration=key)

    session.rollback()
    row = session.scalars(select(Registration)).one()
    assert (row.state, row.user_id) == ("confirmed", entered.user_id)
    assert row.person_name == row.mobile == row.password_hash == ""
    assert parties.find_organisation(session, CODE).id == entered.organisation_id
    assert actor_of(session, entered.membership_id).provisional
    assert told(session, "registration") == ["registration.requested", "registration.confirmed"]
    assert told(session, "user") == ["user.created"]
    with pytest.raises(Refused, match=r"account\.link_used"), uow(now=NOON) as work:
        registering.confirm_registration(work, registration=key)


def test_the_link_opens_nothing_after_its_time(uow, session):
    key = register(uow)
    late = NOON + timedelta(days=3)

    with pytest.raises(Refused, match=r"account\.link_expired"), uow(now=late) as work:
        registering.confirm_registration(work, registration=key)
    assert parties.find_organisation(session, CODE) is None


def test_what_was_never_confirmed_is_deleted_by_the_tick(uow, session):
    key = register(uow)
    settle_due(now=NOON + timedelta(days=2), raise_errors=True)
    session.rollback()
    assert offers.registration(session, key).open

    session.rollback()
    settle_due(now=NOON + timedelta(days=3, minutes=5), raise_errors=True)

    session.rollback()
    with pytest.raises(NotFound):
        offers.registration(session, key)
    assert told(session, "registration") == ["registration.requested", "registration.expired"]


def test_a_confirmed_registration_does_not_expire(uow, session):
    key = register(uow)
    with uow(now=NOON) as work:
        registering.confirm_registration(work, registration=key)
    session.rollback()
    row = session.scalars(select(Registration)).one()
    row_id = row.id
    session.rollback()
    with uow(now=NOON + timedelta(days=9)) as work:
        registering.expire_registration(work, registration_id=row_id)

    assert "registration.expired" not in told(session, "registration")
    assert not offers.registration(session, key).open


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capacity": Capacity.DEPARTMENT}, "account.capacity_by_operator"),
        ({"credit_code": CODE[:-1]}, "account.code_length"),
        ({"region_code": "999999"}, "account.unknown_region"),
    ],
)
def test_what_nobody_can_register_for_is_refused(uow, session, changes, code):
    with pytest.raises(Refused, match=code):
        register(uow, **changes)
    assert told(session, "registration") == []


def letters(session, organisation_id: int) -> int:
    session.rollback()
    return len(files_of(session, "organisation", organisation_id, appointing.LETTER_KIND))


def hand_in(uow, who) -> None:
    with uow(who) as work:
        appointing.file_authorisation_letter(work, name="授权书.pdf", data=pdf())


def test_a_provisional_agent_hands_in_the_letter(uow, session):
    agent = make_plain_agent(Capacity.ENTERPRISE, provisional=True)
    hand_in(uow, agent)

    assert letters(session, agent.organisation_id) == 1
    assert told(session, "organisation")[-1] == "organisation.authorisation_letter_filed"
    assert actor_of(session, agent.membership_id).provisional


def test_nobody_hands_in_a_letter_that_nobody_needs(uow, session):
    agent = make_plain_agent(Capacity.ENTERPRISE)

    with pytest.raises(Refused, match=r"account\.authorised_already"):
        hand_in(uow, agent)
    assert letters(session, agent.organisation_id) == 0


def test_only_administrators_of_an_organisation_hand_in_its_letter(uow, session):
    agent = make_plain_agent(Capacity.ENTERPRISE, provisional=True)
    colleague = make_member(agent.organisation_id, Role.ENTERPRISE_AGENT)

    with pytest.raises(Refused, match=r"account\.not_your_role"):
        hand_in(uow, colleague)
    assert letters(session, agent.organisation_id) == 0


WRONG_CHECK = "91350203M0001QKT19"


@pytest.fixture
def administrator():
    return make_member(make_organisation(Capacity.OPERATOR), Role.SYSTEM_ADMIN)


def test_a_code_with_a_wrong_check_character_registers_once_the_operator_entered_it(
    uow, session, administrator
):
    with pytest.raises(Refused, match=r"account\.code_check"):
        register(uow, credit_code=WRONG_CHECK)
    with uow(administrator) as work:
        typed = "91350203m0001qkt１９"
        appointing.enter_credit_code(work, credit_code=typed, reason="看过执照")

    key = register(uow, credit_code="91350203 M0001QKT19")

    assert offers.registration(session, key).credit_code == WRONG_CHECK
    assert [(row.credit_code, row.reason) for row in codes.entered_codes(session)] == [
        (WRONG_CHECK, "看过执照")
    ]
    assert told(session, "credit_code") == ["credit_code.entered"]


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (CODE, "account.code_right"),
        ("91350203M0001QKT1", "account.code_length"),
        ("91350203M0001QKTI9", "account.code_characters"),
        (WRONG_CHECK, "account.code_entered"),
    ],
)
def test_only_a_code_whose_check_character_is_wrong_is_entered_once(
    uow, administrator, code, refusal
):
    with uow(administrator) as work:
        appointing.enter_credit_code(work, credit_code=WRONG_CHECK, reason="看过执照")
    with pytest.raises(Refused, match=refusal.replace(".", r"\.")), uow(administrator) as work:
        appointing.enter_credit_code(work, credit_code=code, reason="看过执照")


def test_nobody_but_the_operators_system_administrator_enters_codes(uow):
    agent = make_plain_agent(Capacity.ENTERPRISE)
    with pytest.raises(Refused, match=r"account\.not_your_role"), uow(agent) as work:
        appointing.enter_credit_code(work, credit_code=WRONG_CHECK, reason="看过执照")
