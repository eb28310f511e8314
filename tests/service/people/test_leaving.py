"""Who leaves hands over what they had; and nothing that happens is without a recipient."""

import ast
import importlib
import inspect

import pytest

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
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState
from marketplace.vetting.services import casework, examining
from tests.cases import make_case
from tests.dossiers import act
from tests.engagements import later, make_engagement, pause
from tests.factories import make_member, make_organisation

pytestmark = pytest.mark.usefixtures("app")


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


def test_every_audience_of_every_event_asks_for_people_where_somebody_is_always_found():
    """Each news table finds its people by `people_with`, which never finds nobody."""
    kinds = [row.event.KIND for row in all_news() if row.to]
    modules = {audience.__module__ for row in all_news() for audience in row.to}
    assert len(kinds) > 60
    for name in modules:
        called = {
            node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            for node in ast.walk(ast.parse(inspect.getsource(importlib.import_module(name))))
            if isinstance(node, ast.Call)
        }
        assert "people_with" in called, name
        assert "members_with" not in called, name


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
