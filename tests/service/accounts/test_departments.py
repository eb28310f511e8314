"""Departments are made, renamed, moved and ended by the operator; what they were stays known."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Membership, MembershipRole, OrganisationCapacity
from marketplace.accounts.queries import departments as queries
from marketplace.accounts.queries.parties import DEPARTMENTS
from marketplace.accounts.services import departments
from marketplace.commission_requests.queries import department_named, request_row
from marketplace.competitions.rules import CompetitionState
from marketplace.infra.lists import Asked
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import NotFound
from tests import cases
from tests.commission_requests import make_request
from tests.competitions import make_competition
from tests.conftest import TODAY
from tests.departments import change, end
from tests.dossiers import act
from tests.engagements import make_enterprise
from tests.factories import credit_code, make_member, make_organisation
from tests.personas import Persona, actor

PLACE = "220100"


def refused(work, who=SYSTEM):
    return cases.refused(who, work)


def bare(**changes):
    """A department without work and without money."""
    return make_organisation(Capacity.DEPARTMENT, **changes)


def events(session, kind):
    session.rollback()
    return session.scalars(select(EventRecord).where(EventRecord.kind == kind)).all()


def kinds_of_work(session, key):
    session.rollback()
    return sorted({one.kind for one in queries.open_work(session, key)})


def test_a_department_is_made_under_a_name_of_its_own(session):
    bare(name="示例市水务局（新）", region_code=PLACE)

    def add(name, region=PLACE, number=880_001):
        return lambda uow: departments.add_department(
            uow, name=name, credit_code=credit_code(number), region_code=region
        )

    assert refused(add("示例市 水务局(新)")) == "account.department_name_taken"
    assert refused(add(" ")) == "request.words_needed"
    assert refused(add("示例市林草局", "999999")) == "account.unknown_region"
    key = act(SYSTEM, add("示例市水务局（新）", "220200"))
    session.rollback()
    assert accounts.organisation(session, key).capacities == {Capacity.DEPARTMENT}
    assert refused(add("示例市林草局")) == "account.code_registered"


def test_a_new_name_holds_since_its_day_and_the_one_before_stays_known(session):
    key = bare(name="示例市国土局", region_code=PLACE)
    act(SYSTEM, change(key, days=-30, name="示例市自然资源局"))
    act(SYSTEM, change(key, 1, days=-3, region_code="220200"))

    session.rollback()
    row = accounts.organisation(session, key)
    assert (row.name, row.region_code) == ("示例市自然资源局", "220200")
    known = [(one.valid_from, one.name, one.region_code) for one in queries.changes(session, key)]
    assert known == [
        (TODAY - timedelta(days=30), "示例市国土局", PLACE),
        (TODAY - timedelta(days=3), "示例市自然资源局", PLACE),
    ]
    first, second = events(session, "organisation.department_changed")
    assert (first.payload["changed"], second.payload["changed"]) == (["name"], ["region_code"])


def test_what_the_platform_says_under_the_old_name_still_reaches_it(session):
    key = bare(name="示例市国土局", region_code=PLACE)
    act(SYSTEM, change(key, name="示例市自然资源局"))

    session.rollback()
    assert department_named(session, "示例市 国土局", "220102").id == key
    assert department_named(session, "示例市自然资源局", "220102").id == key
    successor = bare(name="示例市国土局", region_code=PLACE)
    session.rollback()
    assert department_named(session, "示例市国土局", "220102").id == successor


def test_changes_that_cannot_be_are_refused(session):
    key = bare(name="示例市国土局", region_code=PLACE)
    bare(name="示例市水务局", region_code=PLACE)
    act(SYSTEM, change(key, days=-5, name="示例市自然资源局"))

    assert refused(change(key, 1)) == "account.department_unchanged"
    assert refused(change(key, 0, name="甲局")) == "account.department_moved"
    assert refused(end(key, 0)) == "account.department_moved"
    assert refused(change(key, 1, days=1, name="甲局")) == "account.department_not_yet"
    assert refused(change(key, 1, days=-6, name="甲局")) == "account.department_changed_later"
    assert refused(change(key, 1, name="示例市水务 局")) == "account.department_name_taken"
    assert refused(change(key, 1, name="甲局", reason="")) == "request.words_needed"
    enterprise = make_enterprise().organisation_id
    for work in (change(enterprise, name="甲局"), end(enterprise)):
        with pytest.raises(NotFound):
            act(SYSTEM, work)


def test_a_department_with_open_work_is_not_ended(session):
    asked = make_request()
    key = asked.department.organisation_id

    assert kinds_of_work(session, key) == ["request"]
    assert refused(end(key)) == "account.department_busy"
    asked.take_up()
    asked.competition(CompetitionState.PUBLISHED)
    assert kinds_of_work(session, key) == ["budget", "claim", "competition", "request"]
    assert refused(end(key)) == "account.department_busy"
    assert accounts.organisation(session, key).capacities == {Capacity.DEPARTMENT}


def test_a_draft_holds_its_department_too(session):
    world = make_competition(CompetitionState.DRAFT)
    (one,) = queries.open_work(session, world.department.organisation_id)
    assert (one.kind, one.endpoint) == ("competition", "")


def test_who_ends_acts_no_more_and_later_requests_go_to_the_operator(session):
    asked = make_request()
    asked.refuse()
    department = asked.department
    key, name = department.organisation_id, None

    act(SYSTEM, end(key))

    session.rollback()
    name = accounts.organisation(session, key).name
    assert accounts.organisation(session, key).capacities == frozenset()
    ended = DEPARTMENTS.read(session, Asked(chosen={"ended": ("1",)}))
    assert [row.id for row in ended.rows] == [key]
    assert key not in [row.id for row in DEPARTMENTS.read(session, Asked()).rows]
    open_ = select(Membership.id).where(
        Membership.organisation_id == key, Membership.ended_at.is_(None)
    )
    assert session.scalars(open_).all() == []
    assert len(events(session, "organisation.department_ended")) == 1
    assert department_named(session, name, "220102") is None
    assert request_row(session, asked.id, TODAY).addressee_name == name
    with pytest.raises(NotFound):
        act(SYSTEM, change(key, 1, name="甲局"))


def test_what_is_something_else_too_only_loses_the_roles_of_a_department(session):
    key = bare()
    session.add(OrganisationCapacity(organisation_id=key, capacity=Capacity.SUPERVISOR))
    session.commit()
    both = make_member(key, Role.DEPARTMENT_OFFICER, Role.SUPERVISOR)

    act(SYSTEM, end(key))

    held = select(MembershipRole.role).where(
        MembershipRole.membership_id == both.membership_id, MembershipRole.ended_at.is_(None)
    )
    session.rollback()
    assert session.scalars(held).all() == [Role.SUPERVISOR]
    assert accounts.organisation(session, key).capacities == {Capacity.SUPERVISOR}


@pytest.mark.parametrize("persona", [Persona.SECURITY_ADMIN, Persona.DEPARTMENT_APPROVER])
def test_only_the_operators_system_administrator_edits_departments(session, persona):
    who, key = actor(persona), bare()
    for work in (change(key, name="甲局"), end(key)):
        assert refused(work, who) == "account.not_your_role"
