"""Asking to act for an organisation that is registered already: answered, disputed, decided."""

import pytest
from sqlalchemy import select

from marketplace.accounts.models import MembershipRequest
from marketplace.accounts.queries import offers, parties
from marketplace.accounts.services import memberships, registering
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from tests.factories import credit_code, make_member, make_organisation, make_plain_agent

CODE = credit_code(4_800)
GIVEN = (Role.INSTITUTION_AGENT,)


@pytest.fixture
def owner(app) -> Actor:
    """The administrator of the organisation that is asked for."""
    return make_plain_agent(code=CODE, name="某测绘院")


@pytest.fixture
def claimant(app) -> Actor:
    """A person of another organisation who wants to act for it, too."""
    return make_plain_agent(Capacity.ENTERPRISE)


@pytest.fixture
def operator(app) -> Actor:
    """The operator's system administrator."""
    return make_member(make_organisation(Capacity.OPERATOR), Role.SYSTEM_ADMIN)


@pytest.fixture
def request_id(uow, session, owner, claimant) -> str:
    """The request of the claimant, waiting."""
    ask(uow, claimant)
    session.rollback()
    return offers.my_requests(session, claimant.user_id)[0].public_id


def ask(uow, who: Actor) -> registering.Entered:
    with uow(who) as work:
        return registering.add_organisation(
            work,
            name="某测绘院",
            credit_code=CODE,
            capacity=Capacity.INSTITUTION,
            region_code="220100",
        )


def told(session) -> list[str]:
    """What happened to requests, in order."""
    session.rollback()
    query = select(EventRecord.kind).where(EventRecord.subject_kind == "membership_request")
    return [kind.split(".")[1] for kind in session.scalars(query.order_by(EventRecord.id))]


def row(session, request_id: str) -> offers.RequestRow:
    session.rollback()
    return offers.request_row(session, request_id)


def acts_for(session, who: Actor) -> set[int]:
    session.rollback()
    return {one.organisation_id for one in parties.memberships_of(session, who.user_id)}


def test_a_registered_code_is_asked_for_and_shown_to_its_administrators(
    session, owner, claimant, request_id
):
    (waiting,) = offers.waiting_requests(session, owner.organisation_id)

    assert waiting.public_id == request_id
    assert waiting.user_id == claimant.user_id
    assert waiting.credit_code == CODE
    assert waiting.capacity is Capacity.INSTITUTION
    assert owner.organisation_id not in acts_for(session, claimant)
    assert told(session) == ["made"]


def test_nobody_asks_twice_while_a_request_is_open(uow, session, claimant, request_id):
    with pytest.raises(Refused, match=r"account\.request_open"):
        ask(uow, claimant)
    assert told(session) == ["made"]


def test_whoever_is_accepted_acts_with_the_roles_given(uow, session, owner, claimant, request_id):
    with uow(owner) as work:
        memberships.accept_request(work, request=request_id, roles=GIVEN)

    found = row(session, request_id)
    assert (found.state, found.answered_by_id) == ("accepted", owner.user_id)
    joined = next(
        one
        for one in parties.memberships_of(session, claimant.user_id)
        if one.organisation_id == owner.organisation_id
    )
    assert joined.roles == set(GIVEN)
    assert not joined.provisional
    assert told(session) == ["made", "accepted"]


def test_what_was_answered_is_not_answered_again(uow, session, owner, request_id):
    with uow(owner) as work:
        memberships.accept_request(work, request=request_id, roles=GIVEN)

    with pytest.raises(Refused, match=r"account\.request_settled"), uow(owner) as work:
        memberships.refuse_request(work, request=request_id, reason="不认识")
    assert row(session, request_id).state == "accepted"


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ((), "account.no_roles"),
        ((Role.DEPARTMENT_OFFICER,), "account.role_not_of_organisation"),
    ],
)
def test_roles_that_the_organisation_has_not_are_not_given(
    uow, session, owner, claimant, request_id, roles, code
):
    with pytest.raises(Refused, match=code), uow(owner) as work:
        memberships.accept_request(work, request=request_id, roles=roles)
    assert row(session, request_id).state == "waiting"
    assert owner.organisation_id not in acts_for(session, claimant)


def test_only_administrators_of_that_organisation_answer(uow, session, owner, claimant, request_id):
    agent = make_member(owner.organisation_id, Role.INSTITUTION_AGENT)

    with pytest.raises(NotFound), uow(claimant) as work:
        memberships.accept_request(work, request=request_id, roles=GIVEN)
    with pytest.raises(Refused, match=r"account\.not_your_role"), uow(agent) as work:
        memberships.refuse_request(work, request=request_id, reason="不认识")
    assert told(session) == ["made"]


def test_a_refusal_keeps_its_reason_and_is_disputed_by_whoever_asked(
    uow, session, owner, claimant, request_id
):
    with uow(owner) as work:
        memberships.refuse_request(work, request=request_id, reason="不认识此人")
    with pytest.raises(NotFound), uow(owner) as work:
        memberships.dispute_request(work, request=request_id, grounds="代他申诉")
    with uow(claimant) as work:
        memberships.dispute_request(work, request=request_id, grounds="原经办人已离职")

    found = row(session, request_id)
    assert (found.state, found.answer, found.dispute) == (
        "disputed",
        "不认识此人",
        "原经办人已离职",
    )
    assert [one.public_id for one in offers.disputes(session)] == [request_id]
    assert told(session) == ["made", "refused", "disputed"]


def test_a_request_that_nobody_answers_is_disputed_as_well(uow, session, claimant, request_id):
    with uow(claimant) as work:
        memberships.dispute_request(work, request=request_id, grounds="无人答复")
    assert row(session, request_id).state == "disputed"


def test_an_upheld_dispute_makes_the_claimant_an_administrator(
    uow, session, owner, claimant, operator, request_id
):
    with uow(claimant) as work:
        memberships.dispute_request(work, request=request_id, grounds="无人答复")
    with uow(operator) as work:
        memberships.settle_dispute(work, request=request_id, upheld=True, reason="证明齐全")

    found = row(session, request_id)
    assert (found.state, found.answer) == ("upheld", "证明齐全")
    joined = next(
        one
        for one in parties.memberships_of(session, claimant.user_id)
        if one.organisation_id == owner.organisation_id
    )
    assert joined.roles == {Role.ORGANISATION_ADMIN, Role.INSTITUTION_AGENT}
    assert told(session) == ["made", "disputed", "dispute_upheld"]


def test_a_dismissed_dispute_makes_nobody_a_member_and_is_final(
    uow, session, owner, claimant, operator, request_id
):
    with uow(claimant) as work:
        memberships.dispute_request(work, request=request_id, grounds="无人答复")
    with uow(operator) as work:
        memberships.settle_dispute(work, request=request_id, upheld=False, reason="证据不足")

    assert row(session, request_id).state == "dismissed"
    assert owner.organisation_id not in acts_for(session, claimant)
    with pytest.raises(Refused, match=r"account\.request_settled"), uow(claimant) as work:
        memberships.dispute_request(work, request=request_id, grounds="再次申诉")
    assert told(session) == ["made", "disputed", "dispute_dismissed"]


def test_disputes_are_decided_by_the_operator_and_never_about_oneself(
    uow, session, owner, claimant, operator, request_id
):
    with uow(claimant) as work:
        memberships.dispute_request(work, request=request_id, grounds="无人答复")
    with pytest.raises(Refused, match=r"account\.not_your_role"), uow(owner) as work:
        memberships.settle_dispute(work, request=request_id, upheld=True, reason="同意")

    ask(uow, operator)
    session.rollback()
    own = offers.my_requests(session, operator.user_id)[0].public_id
    with uow(operator) as work:
        memberships.dispute_request(work, request=own, grounds="无人答复")
    with pytest.raises(Refused, match=r"account\.own_request"), uow(operator) as work:
        memberships.settle_dispute(work, request=own, upheld=True, reason="同意")
    assert session.scalars(select(MembershipRequest.state)).all() == ["disputed", "disputed"]
