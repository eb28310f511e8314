"""Who leaves hands over what they had; and nothing that happens is without a recipient."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Membership
from marketplace.accounts.queries import parties
from marketplace.accounts.queries.leaving import HOLDS, held_by, successors
from marketplace.accounts.services import appointing
from marketplace.accounts.services.memberships import HAND_OVER
from marketplace.engagements.rules import State
from marketplace.infra.clock import real_now
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import all_news, news_of
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from marketplace.notifications.models import Notification
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState
from marketplace.vetting.services import casework, examining
from tests.cases import make_case, propose
from tests.dossiers import act
from tests.engagements import later, make_engagement, pause
from tests.factories import make_member, make_organisation
from tests.leaving import ANOTHER_ACTS
from tests.market import settle
from tests.people import second_account
from tests.stories import KEPT
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")
TESTS = Path(__file__).parents[2]


def key_of(session, person):
    session.rollback()
    found = session.get_one(Membership, person.membership_id).public_id
    session.rollback()
    return found


def leaves(session, person, successor=None):
    """The member goes; the operator ends the membership."""
    key = key_of(session, person)
    after = key_of(session, successor) if successor else ""
    act(
        an_operator(),
        lambda uow: appointing.end_membership(uow, membership=key, at=real_now(), successor=after),
    )


def an_operator():
    return make_member(make_organisation(Capacity.OPERATOR), Role.SYSTEM_ADMIN)


def told(session, kind):
    """Who is told of the last event of a kind."""
    session.rollback()
    record = session.query(EventRecord).filter_by(kind=kind).order_by(EventRecord.id.desc()).first()
    row = news_of(kind)
    assert row is not None
    return [set(message.user_ids) for audience in row.to for message in audience(session, record)]


def test_what_happens_to_the_work_of_an_institution_reaches_its_administrator(session):
    world = make_engagement(State.IN_PROGRESS)
    admin = make_member(world.provider.organisation_id, Role.ORGANISATION_ADMIN)
    leaves(session, world.provider)

    pause(world, world.client)

    assert {admin.user_id} in told(session, "engagement.paused")


def test_what_is_overdue_reaches_an_administrator_when_the_only_approver_has_left(session):
    world = make_case(CaseState.SUBSTANCE)
    admin = make_member(world.association.organisation_id, Role.ORGANISATION_ADMIN)
    leaves(session, world.association.approver)

    act(SYSTEM, lambda uow: casework.settle_case(uow, case=world.case_id), at=later(60))

    assert admin.user_id in set().union(*told(session, "vetting_case.overdue"))


def test_without_any_administrator_the_operator_is_told(session):
    operator = an_operator()
    department = make_organisation(Capacity.DEPARTMENT)
    session.rollback()

    assert parties.people_with(session, department, (Role.DEPARTMENT_APPROVER,)) == (
        operator.user_id,
    )


def test_every_event_that_is_told_is_tried_where_somebody_has_left():
    """The stories and a few tests beside them try each kind of event (tests/leaving.py)."""
    kinds = {row.event.KIND for row in all_news() if row.to}
    told = re.compile(r"^  told (\S+) of ", re.MULTILINE)
    stories = {kind for file in KEPT.rglob("*.txt") for kind in told.findall(file.read_text())}
    beside = dict(rows("people/told_without_story"))

    assert kinds - stories == set(beside)
    for file in beside.values():
        assert " in reached\n" in (TESTS / file).read_text(), file
    assert kinds >= ANOTHER_ACTS


@pytest.mark.parametrize("other", [Role.DEPARTMENT_APPROVER, Role.ORGANISATION_ADMIN, None])
def test_what_one_person_proposed_reaches_somebody_else(session, other):
    """Another approver, else the administrator, else the operator."""
    heard = an_operator()
    department = make_organisation(Capacity.DEPARTMENT)
    proposer = make_member(department, Role.DEPARTMENT_APPROVER, Role.ORGANISATION_ADMIN)
    if other is not None:
        heard = make_member(department, other)
    session.rollback()

    approvers = (Role.DEPARTMENT_APPROVER,)

    assert parties.people_with(session, department, approvers, but=proposer.user_id) == (
        heard.user_id,
    )


def test_a_second_account_of_whoever_proposed_is_nobody_else(session):
    operator = an_operator()
    department = make_organisation(Capacity.DEPARTMENT)
    proposer = make_member(department, Role.DEPARTMENT_APPROVER)
    second_account(proposer, department, Role.DEPARTMENT_APPROVER)

    approvers = (Role.DEPARTMENT_APPROVER,)

    assert parties.people_with(session, department, approvers, but=proposer.user_id) == (
        operator.user_id,
    )


def test_the_operator_hears_of_it_when_its_own_system_administrator_has_left(session):
    operator = an_operator()
    auditor = make_member(operator.organisation_id, Role.AUDIT_ADMIN)
    department = make_organisation(Capacity.DEPARTMENT)
    key = key_of(session, operator)
    act(operator, lambda uow: appointing.end_membership(uow, membership=key, at=real_now()))
    session.rollback()

    approvers = (Role.DEPARTMENT_APPROVER,)

    assert parties.people_with(session, department, approvers) == (auditor.user_id,)


def test_what_a_member_had_not_read_reaches_those_who_are_there_when_they_leave(session):
    world = make_case(CaseState.PROPOSED)
    admin = make_member(world.association.organisation_id, Role.ORGANISATION_ADMIN)
    approver = world.association.approver
    settle()
    assert readers(session) == {approver.user_id: True}

    leaves(session, approver)
    settle()

    assert readers(session) == {approver.user_id: False, admin.user_id: True}


def test_what_a_colleague_was_told_too_is_told_to_nobody_again(session):
    world = make_case(CaseState.SUBSTANCE)
    association = world.association
    colleague = make_member(association.organisation_id, Role.ASSOCIATION_APPROVER)
    propose(world)
    settle()
    waiting = {association.approver.user_id: True, colleague.user_id: True}
    assert readers(session) == waiting
    make_member(association.organisation_id, Role.ASSOCIATION_APPROVER)

    leaves(session, colleague)
    settle()

    assert readers(session) == waiting | {colleague.user_id: False}


def test_what_a_member_had_not_read_reaches_others_when_they_lose_the_role(session):
    world = make_case(CaseState.PROPOSED)
    admin = make_member(world.association.organisation_id, Role.ORGANISATION_ADMIN)
    approver = world.association.approver
    settle()

    key = key_of(session, approver)
    act(
        an_operator(),
        lambda uow: appointing.change_roles(uow, membership=key, roles=[Role.ASSOCIATION_EXAMINER]),
    )
    settle()

    assert readers(session)[admin.user_id]


def readers(session):
    """Who was told of the proposal, and whether it still waits to be read."""
    session.rollback()
    query = select(Notification).where(Notification.kind == "vetting_case.proposed")
    return {row.user_id: row.read_at is None for row in session.scalars(query)}


def test_a_case_in_hand_goes_back_to_the_queue(session):
    world = make_case(CaseState.COMPLETENESS)
    examiner = world.association.examiner
    session.rollback()
    (held,) = held_by(session, examiner.user_id, world.association.organisation_id)
    assert held.number.startswith("SH-")

    leaves(session, examiner)

    session.rollback()
    assert session.get_one(Case, world.case_id).examiner_id is None
    act(
        world.association.colleague,
        lambda uow: examining.take_case(uow, case=world.case_id),
    )


def test_a_case_in_hand_goes_to_the_successor(session):
    world = make_case(CaseState.SUBSTANCE)
    colleague = world.association.colleague

    leaves(session, world.association.examiner, colleague)

    session.rollback()
    assert session.get_one(Case, world.case_id).examiner_id == colleague.user_id


def test_a_successor_examines_for_the_association(session):
    world = make_case(CaseState.SUBSTANCE)

    with pytest.raises(Refused) as refusal:
        leaves(session, world.association.examiner, world.association.approver)

    assert (refusal.value.code, refusal.value.field) == ("vetting.examiner_unknown", "successor")
    session.rollback()
    examiner = world.association.examiner
    assert session.get_one(Case, world.case_id).examiner_id == examiner.user_id
    assert session.get_one(Membership, examiner.membership_id).ended_at is None


def test_only_who_can_take_everything_over_is_offered_as_successor(session):
    world = make_case(CaseState.SUBSTANCE)
    examiner, colleague = world.association.examiner, world.association.colleague
    organisation_id = world.association.organisation_id
    session.rollback()

    def offered(leaving):
        session.rollback()
        return {one.user_id for one in successors(session, leaving.user_id, organisation_id)}

    assert offered(examiner) == {colleague.user_id}
    assert world.association.approver.user_id in offered(colleague)
    act(colleague, lambda uow: examining.declare_recusal(uow, case=world.case_id, reason="亲属"))
    assert offered(examiner) == set()


def test_whatever_a_member_can_hold_can_be_handed_over():
    assert set(HOLDS) == set(HAND_OVER)


def test_who_examines_no_more_gives_the_cases_back(session):
    world = make_case(CaseState.SUBSTANCE)
    key = key_of(session, world.association.examiner)

    act(
        an_operator(),
        lambda uow: appointing.change_roles(uow, membership=key, roles=[Role.ASSOCIATION_APPROVER]),
    )

    session.rollback()
    assert session.get_one(Case, world.case_id).examiner_id is None
