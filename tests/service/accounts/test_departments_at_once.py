"""Departments while others act, by real processes, on SQLite and on PostgreSQL."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import departments as queries
from marketplace.kernel.actors import Capacity
from tests.commission_requests import make_request
from tests.departments import end_now, rename
from tests.factories import make_agent, make_organisation
from tests.personas import Persona, actor
from tests.projects import CALLING, approval_record, make_project
from tests.racing import Call, app, at_once
from tests.service.commission_requests import acts
from tests.service.engagements.test_engagement_races import event_ids

__all__ = ["app"]
pytestmark = pytest.mark.slow


def test_of_two_administrators_at_once_the_second_is_told(app, session):
    admin, key = actor(Persona.SYSTEM_ADMIN), make_organisation(Capacity.DEPARTMENT)

    answers = at_once(app, [Call(admin, rename, (key, 1)), Call(admin, rename, (key, 2))])

    assert sorted(answers) == ["account.department_moved", "done"]
    assert len(event_ids(session, "organisation.department_changed")) == 1
    assert len(queries.changes(session, key)) == 1


def test_a_department_ends_or_is_asked_never_both(app, session):
    admin = actor(Persona.SYSTEM_ADMIN)
    found = make_request()
    found.refuse()
    key = found.department.organisation_id
    name = accounts.organisation(session, key).name
    session.rollback()
    enterprise = make_agent(Capacity.ENTERPRISE)
    calling = tuple(approval_record(one, department=name) for one in CALLING)
    project = make_project(enterprise.organisation_id, approvals=calling)

    ended, asked = at_once(
        app, [Call(admin, end_now, (key,)), Call(enterprise, acts.ask, (project,))]
    )

    assert asked == "done"
    session.rollback()
    assert (ended == "done") != bool(queries.open_work(session, key))
    assert ended in {"done", "account.department_busy"}
