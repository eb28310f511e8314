"""Acts on one case at the same instant, by real processes, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import func, select

from marketplace.clocks.queries import light_days
from marketplace.infra.lists import Asked
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import Role
from marketplace.vetting.queries import lists
from marketplace.vetting.queries.page import case_page
from marketplace.vetting.rules import CaseState
from tests.cases import World, add_staff, case_of, listing_of, make_case
from tests.conftest import TODAY
from tests.racing import Call, app, at_once
from tests.service.vetting import acts

__all__ = ["app"]
pytestmark = pytest.mark.slow


def decisions(session, world: World) -> int:
    """How many decisions the trail knows."""
    return session.scalar(
        select(func.count(EventRecord.id)).where(
            EventRecord.subject_kind == "vetting_case",
            EventRecord.subject_id == world.case_id,
            EventRecord.kind.in_(["vetting_case.decided", "vetting_case.withdrawn"]),
        )
    )


def test_of_several_deciders_one_decides(app, session):
    world = make_case(CaseState.PROPOSED)
    organisation_id = world.association.organisation_id
    others = [add_staff(organisation_id, Role.ASSOCIATION_APPROVER) for _ in range(2)]

    answers = at_once(
        app,
        [Call(one, acts.decide, (world.case_id,)) for one in (world.association.approver, *others)],
    )

    assert sorted(answers) == ["done", "vetting.closed", "vetting.closed"]
    assert case_of(session, world).state is CaseState.DECIDED
    assert listing_of(session, world).state is ListingState.ADMITTED
    assert decisions(session, world) == 1


def test_a_decision_and_a_withdrawal_at_once_leave_one_of_the_two(app, session):
    world = make_case(CaseState.PROPOSED)

    decided, withdrawn = at_once(
        app,
        [
            Call(world.association.approver, acts.decide, (world.case_id,)),
            Call(world.agent, acts.withdraw, (world.case_id,)),
        ],
    )

    assert {decided, withdrawn} == {"done", "vetting.closed"}
    expected = {
        True: (CaseState.DECIDED, ListingState.ADMITTED),
        False: (CaseState.WITHDRAWN, ListingState.WITHDRAWN),
    }[decided == "done"]
    assert (case_of(session, world).state, listing_of(session, world).state) == expected
    assert decisions(session, world) == 1


def test_a_decision_and_a_sending_back_at_once_leave_one_of_the_two(app, session):
    world = make_case(CaseState.PROPOSED)
    other = add_staff(world.association.organisation_id, Role.ASSOCIATION_APPROVER)

    answers = at_once(
        app,
        [
            Call(world.association.approver, acts.decide, (world.case_id,)),
            Call(other, acts.send_back, (world.case_id,)),
        ],
    )

    assert answers.count("done") == 1
    assert case_of(session, world).state in {CaseState.DECIDED, CaseState.SUBSTANCE}


def test_of_two_examiners_at_once_one_gets_the_case(app, session):
    world = make_case()

    answers = at_once(
        app,
        [
            Call(world.association.examiner, acts.take, (world.case_id,)),
            Call(world.association.colleague, acts.take, (world.case_id,)),
        ],
    )

    assert sorted(answers) == ["done", "vetting.taken_by_other"]


def test_queue_workload_and_page_read_the_same_on_both_databases(app, session):
    world = make_case(CaseState.RETURNED)
    examiner = world.association.examiner
    values = lists.queue_values(session, examiner, TODAY)

    for sort in lists.QUEUE.sorts:
        asked = Asked(text="sh-", chosen={"item": ("JL-Z01",)}, sort=sort)
        listed = lists.QUEUE.read(session, asked, values)
        assert [row.id for row in listed.rows] == [world.case_id]
    assert listed.counts == {"state": {"returned": 1}, "item": {"JL-Z01": 1}}
    for name, value, found in (("whose", "mine", [world.case_id]), ("due", "soon", [])):
        listed = lists.QUEUE.read(session, Asked(chosen={name: (value,)}), values)
        assert [row.id for row in listed.rows] == found
    assert lists.workload(session, examiner, TODAY).returned == 1
    assert lists.owed_by_person(session, examiner, TODAY).total == 0
    applicant = lists.owed_by_applicant(session, world.agent.organisation_id, TODAY)
    assert [one.what for one in applicant.rows] == ["case_state.returned"]
    days = light_days(session, case_of(session, world).due_on)
    assert [one.what for one in lists.WAITING.stream(session, Asked(), days)] == [
        "case_state.returned"
    ]
    assert case_page(session, world.case_id, TODAY).returns
