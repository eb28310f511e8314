"""Requests to departments at the same instant, by real processes, on SQLite and on PostgreSQL."""

import pytest

from marketplace.commission_requests.rules import RequestState
from marketplace.competitions.rules import CompetitionState
from marketplace.kernel.actors import Capacity
from tests.commission_requests import make_operator, make_request
from tests.factories import make_agent
from tests.projects import make_project
from tests.racing import Call, app, at_once
from tests.service.commission_requests import acts
from tests.service.engagements.test_engagement_races import event_ids

__all__ = ["app"]
pytestmark = pytest.mark.slow
_S = RequestState


def test_of_requests_at_once_one_is_made(app, session):
    make_operator()
    enterprise = make_agent(Capacity.ENTERPRISE)
    project = make_project(enterprise.organisation_id)

    answers = at_once(app, [Call(enterprise, acts.ask, (project,))] * 4)

    assert sorted(answers) == [*["commission_request.asked_already"] * 3, "done"]
    assert len(event_ids(session, "commission_request.asked")) == 1


def test_answers_withdrawal_and_notice_at_once_leave_one_story(app, session):
    found = make_request()
    world = found.competition(CompetitionState.PROPOSED)
    officer, approver = found.department.officer, found.department.approver
    calls = {
        "withdrawn": Call(found.enterprise, acts.withdraw, (found.id,)),
        "refused": Call(officer, acts.refuse, (found.id,)),
        "taken_up": Call(officer, acts.take_up, (found.id,)),
        "published": Call(approver, acts.publish, (world.competition_id,)),
    }

    answers = dict(zip(calls, at_once(app, list(calls.values())), strict=True))

    done = {name for name, answer in answers.items() if answer == "done"}
    state = found.page().row.state
    # The notice does not depend on the request; what it finds alive goes with it.
    assert "published" in done
    if state is _S.PUBLISHED:
        assert done <= {"taken_up", "published"}
    else:
        assert state in {_S.WITHDRAWN, _S.REFUSED}
        assert state.value in done
    assert len(event_ids(session, f"commission_request.{state}")) == 1
    assert {answer for answer in answers.values() if answer != "done"} <= {
        "commission_request.ended",
        "commission_request.published_already",
        "commission_request.taken_up_already",
        "project.item_taken",
    }
