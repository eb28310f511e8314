"""Approval items hold from day to day; projects need what those in force call for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue import queries
from marketplace.catalogue.queries import listed
from marketplace.catalogue.services import put_item_version_in_force
from marketplace.commission_requests.queries import approval_in_charge
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound
from marketplace.projects.models import Project
from marketplace.projects.queries import needing
from marketplace.projects.rules import Need
from tests import cases
from tests.approval_items import CODE, SAID, add, change, end, link
from tests.conftest import TODAY
from tests.dossiers import act
from tests.personas import Persona, actor
from tests.projects import approval_record, make_project

pytestmark = pytest.mark.calendar
ITEM, CALLS = "JL-Z05", "C06"
TOMORROW = TODAY + timedelta(days=1)


def refused(work, who=SYSTEM):
    return cases.refused(who, work)


def need(session, project, item=ITEM, on=TODAY):
    session.rollback()
    return needing.need_on(session, project, item, on).need


def counted(session, project, on):
    query = select(needing.NEEDS_NOW).select_from(Project).where(Project.id == project)
    session.rollback()
    return session.scalar(query, {"today": on})


def events(session, kind):
    session.rollback()
    return session.scalars(select(EventRecord).where(EventRecord.kind == kind)).all()


def test_what_was_added_and_linked_makes_projects_need_the_item(session):
    project = make_project(approvals=(approval_record(CODE),))
    assert need(session, project) is Need.NOT_ASKED
    act(SYSTEM, add())
    act(SYSTEM, link(ITEM, "JL-S05"))

    assert need(session, project) is Need.NEEDED
    assert counted(session, project, TODAY) == 1
    assert len(events(session, "approval_item.version_set")) == 1
    assert len(events(session, "item.version_in_force")) == 2
    act(SYSTEM, link("JL-S05"))
    assert need(session, project) is Need.NOT_ASKED


def test_a_change_holds_from_its_day_and_what_held_before_stays(session):
    act(SYSTEM, add())
    act(SYSTEM, change(days=1, name="取水许可（地下水）", departments=["水利", "林业"]))

    session.rollback()
    row = listed.approval_item(session, CODE)
    assert row.on(TODAY).name == SAID["name"]
    assert row.on(TOMORROW).name == "取水许可（地下水）"
    assert (row.on(TODAY).valid_to, row.last.departments) == (TOMORROW, ("水利", "林业"))
    first, second = events(session, "approval_item.version_set")
    assert first.payload["changed"] == []
    assert second.payload["changed"] == ["departments", "name"]
    assert second.payload["valid_from"] == TOMORROW.isoformat()


def test_from_the_day_of_its_end_nothing_calls_for_it_and_nothing_is_lost(session):
    project = make_project(approvals=(approval_record(CALLS), approval_record("C07")))
    item = queries.item(session, ITEM)
    assert approval_in_charge(session, project, item, TODAY).code == CALLS

    act(SYSTEM, end(CALLS, days=1))

    assert [need(session, project, on=day) for day in (TODAY, TOMORROW)] == [
        Need.NEEDED,
        Need.UNKNOWN,
    ]
    assert counted(session, project, TODAY) == counted(session, project, TOMORROW) + 1
    session.rollback()
    item = queries.item(session, ITEM)
    assert [one.code for one in item.approvals] == [CALLS]
    assert approval_in_charge(session, project, item, TODAY).code == CALLS
    assert approval_in_charge(session, project, item, TOMORROW) is None
    assert needing.asking_for_approval(session, CALLS) == 1
    assert len(events(session, "approval_item.ended")) == 1


def test_an_ended_one_is_linked_no_more_and_stays_where_it_was(session):
    act(SYSTEM, end(CALLS))

    assert refused(link(ITEM, "JL-Z06", code=CALLS)) == "catalogue.approval_ended"
    act(SYSTEM, lambda uow: put_item_version_in_force(uow, code=ITEM, limit_value=9))
    session.rollback()
    assert [one.code for one in queries.item(session, ITEM).approvals] == [CALLS]
    act(SYSTEM, change(CALLS, 2, law="水法7"))
    act(SYSTEM, link(ITEM, "JL-Z06", code=CALLS))
    project = make_project(approvals=(approval_record(CALLS),))
    assert need(session, project, "JL-Z06") is Need.NEEDED


ADDING = [
    ({"code": "取水"}, "catalogue.approval_code"),
    ({"code": " ａ01 "}, "catalogue.approval_code_taken"),
    ({"name": " "}, "catalogue.approval_name"),
    ({"name_en": ""}, "catalogue.approval_name"),
    ({"stage": "S9"}, "catalogue.approval_stage"),
    ({"departments": []}, "catalogue.approval_departments"),
    ({"departments": ["水务"]}, "catalogue.approval_departments"),
    ({"applies_to": "none"}, "catalogue.approval_applies_to"),
    ({"applies_to": "all_projects"}, "catalogue.approval_condition"),
    ({"valid_from": TODAY - timedelta(days=1)}, "catalogue.version_in_the_past"),
    ({"reason": ""}, "request.words_needed"),
]


@pytest.mark.parametrize(("changes", "code"), ADDING)
def test_what_no_approval_item_says_is_refused(session, changes, code):
    assert refused(add(**changes)) == code


def test_changes_follow_each_other(session):
    act(SYSTEM, add())
    act(SYSTEM, change(days=5, law="水法47"))

    assert refused(change(seen=1, law="水法46")) == "catalogue.moved"
    assert refused(change(seen=2, days=4, law="水法46")) == "catalogue.version_before_last"
    assert refused(end(seen=2, days=4)) == "catalogue.version_before_last"
    assert refused(change(seen=2, days=6)) == "catalogue.unchanged"
    assert refused(change(seen=2, days=6, applies_to="all_projects")) == (
        "catalogue.approval_condition"
    )
    act(SYSTEM, end(seen=2, days=5))
    assert refused(end(seen=3, days=5)) == "catalogue.approval_ended_already"
    assert refused(link("JL-Z99")) == "catalogue.item_value"
    assert refused(link()) == "catalogue.unchanged"
    for work in (change("Z99"), end("Z99"), link(code="Z99")):
        with pytest.raises(NotFound):
            act(SYSTEM, work)


@pytest.mark.parametrize("persona", [Persona.SECURITY_ADMIN, Persona.DEPARTMENT_APPROVER])
def test_only_the_operators_system_administrator_edits_approval_items(session, persona):
    who = actor(persona)
    act(SYSTEM, add())
    for work in (add(code="X02"), change(law="甲"), end(), link(ITEM)):
        assert refused(work, who) == "catalogue.operator_only"
