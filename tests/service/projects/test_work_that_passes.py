"""Work for a project that changed hands: it passes by consent of both, or stays; nobody waits."""

from datetime import timedelta

import pytest

from marketplace.engagements.queries import handovers, standings
from marketplace.engagements.rules import HandoverState, State
from marketplace.engagements.services import doing, handing
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM, Capacity
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import end_of_day
from marketplace.projects.queries import reading
from marketplace.projects.services import mirroring
from tests.engagements import (
    deliver,
    make_engagement,
    make_enterprise,
    refused,
    row_of,
    terminate,
    work,
)
from tests.factories import credit_code, make_agent
from tests.market import settle
from tests.personas import Persona, actor
from tests.service.projects.decisions import hand_over
from tests.service.projects.test_changing_hands import give, holder, letters

S = HandoverState


@pytest.fixture
def handed(session, app):
    """Work in progress whose project has another enterprise."""
    return hand(session)


def hand(session, state=State.IN_PROGRESS):
    world, other = make_engagement(state), make_enterprise()
    give(session, world.project_id, other)
    settle()
    return world, other


def found(session, world):
    """The last thing asked about the work."""
    session.rollback()
    session.expire_all()
    query = handovers.HANDOVER.query().where(
        handovers.WorkHandover.engagement_id == world.engagement_id
    )
    return handovers.HANDOVER.all(session, query.order_by(handovers.WorkHandover.id))[-1]


def says(session, who, world, service=handing.agree_to_handover, at=None, **said):
    """What somebody says about it; the code of the refusal, if it is refused."""
    key = found(session, world).id
    return refused(who, lambda uow: service(uow, handover=key, **said), at)


def over(session, world):
    """The first instant after the day by which both answer."""
    return end_of_day(found(session, world).due_on)


def tick(at):
    settle_due(at)


def test_both_are_asked_for_ten_working_days_and_the_institution_is_told(session, handed):
    world, other = handed
    row = found(session, world)

    assert (row.state, row.from_id, row.to_id) == (
        S.ASKED,
        world.client.organisation_id,
        other.organisation_id,
    )
    assert row.due_on.isoformat() == "2026-12-07"
    for each in (world.client, other, world.provider):
        assert "engagement.handover_asked" in letters(session, each)
    for each in (world.client, other):
        assert handovers.handovers_owed_by(session, each, row.due_on).total == 1
    assert handovers.handovers_owed_by(session, make_enterprise(), row.due_on).total == 0


@pytest.mark.parametrize("first", [0, 1])
def test_it_passes_with_its_claim_when_both_agree_in_either_order(session, handed, first):
    world, other = handed
    two = (world.client, other)
    assert says(session, two[first], world) == ""
    assert says(session, two[first], world) == "handover.agreed_already"
    assert row_of(session, world).client_id == world.client.organisation_id
    assert says(session, two[1 - first], world) == ""

    assert row_of(session, world).client_id == other.organisation_id
    assert holder(session, world) == other.organisation_id
    assert found(session, world).state is S.PASSED
    deliver(world)
    accept = {"engagement": world.engagement_id}
    late = refused(world.client, lambda uow: doing.accept_delivery(uow, **accept))
    assert late == "engagement.only_client"
    assert standings.may_see(world.client, session, world.engagement_id)
    work(other, lambda uow: doing.accept_delivery(uow, **accept))


@pytest.mark.parametrize("who", ["old", "new"])
def test_each_of_the_two_alone_leaves_it_where_it_is(session, handed, who):
    world, other = handed
    says(session, other if who == "old" else world.client, world)
    keeps = world.client if who == "old" else other
    assert says(session, keeps, world, handing.keep_where_it_is, reason="照旧。") == ""

    assert found(session, world).state is S.STAYS
    assert row_of(session, world).client_id == world.client.organisation_id
    assert says(session, other, world) == "handover.settled"
    deliver(world)
    work(
        world.client,
        lambda uow: doing.accept_delivery(uow, engagement=world.engagement_id),
    )


@pytest.mark.parametrize(("passes", "state"), [(True, S.PASSED), (False, S.STAYS)])
def test_what_they_do_not_settle_in_time_the_supervisor_settles(session, handed, passes, state):
    world, other = handed
    office = actor(Persona.SUPERVISOR)
    said = {"passes": passes, "reason": "双方未答复。"}
    early = says(session, office, world, handing.settle_handover, **said)
    assert early == "handover.not_referred"

    tick(over(session, world) - timedelta(seconds=1))
    assert found(session, world).state is S.ASKED
    tick(over(session, world))
    assert found(session, world).state is S.REFERRED
    settle()
    assert "engagement.handover_referred" in letters(session, office)
    row = found(session, world)
    assert handovers.handovers_owed_by(session, office, row.due_on).total == 1
    session.rollback()

    stranger = says(session, world.client, world, handing.settle_handover, **said)
    assert stranger == "account.not_your_role"
    assert says(session, office, world, handing.settle_handover, **said) == ""
    assert found(session, world).state is state
    owner = other if passes else world.client
    assert row_of(session, world).client_id == owner.organisation_id
    assert holder(session, world) == owner.organisation_id


def test_the_two_may_still_agree_while_the_supervisor_has_it(session, handed):
    world, other = handed
    tick(over(session, world))
    later = over(session, world) + timedelta(days=1)
    assert says(session, world.client, world, at=later) == ""
    assert says(session, other, world, at=later) == ""
    assert found(session, world).state is S.PASSED


def test_a_third_enterprise_makes_the_question_anew_and_old_consent_is_void(session, handed):
    world, other = handed
    says(session, other, world)
    third = make_enterprise()
    give(session, world.project_id, third, 3)
    # The record is here, and nobody was asked anew yet.
    assert says(session, world.client, world) == "project.handed_over"
    settle()

    row = found(session, world)
    assert (row.state, row.to_id) == (S.ASKED, third.organisation_id)
    assert row.to_agreed_at is None
    assert says(session, world.client, world) == ""
    assert says(session, third, world) == ""
    assert row_of(session, world).client_id == third.organisation_id


def test_nothing_is_asked_any_more_when_the_project_comes_back(session, handed):
    world, _other = handed
    give(session, world.project_id, world.client, 3)
    settle()

    assert found(session, world).state is S.DROPPED


def test_an_enterprise_that_registers_later_is_asked_then(session, handed):
    world, _other = handed
    code = reading.project(session, world.project_id).code
    newcomer = credit_code(990_007)
    session.rollback()
    work(SYSTEM, lambda uow: hand_over(uow, code, newcomer, 3))
    settle()
    assert found(session, world).to_id is None
    assert says(session, world.client, world) == ""

    heir = make_agent(Capacity.ENTERPRISE, code=newcomer)
    work(heir, lambda uow: mirroring.want_project(uow, code=code))
    settle()
    assert found(session, world).to_id == heir.organisation_id
    assert "engagement.handover_asked" in letters(session, heir)
    assert says(session, heir, world) == ""
    assert row_of(session, world).client_id == heir.organisation_id


def test_work_that_ends_meanwhile_is_not_asked_about_any_more(session, handed):
    world, other = handed
    terminate(world)

    assert says(session, other, world) == "handover.work_over"
    tick(over(session, world))
    assert found(session, world).state is S.DROPPED


@pytest.mark.parametrize("state", [State.REQUESTED, State.ACCEPTED])
def test_what_was_not_begun_or_is_accepted_does_not_pass(session, app, state):
    world, _other = hand(session, state)
    session.rollback()

    assert handovers.shown_with(session, world.engagement_id) is None


def test_to_others_the_question_does_not_exist(session, handed):
    world, _other = handed
    with pytest.raises(NotFound):
        says(session, make_enterprise(), world)
    with pytest.raises(NotFound):
        work(SYSTEM, lambda uow: handing.agree_to_handover(uow, handover="nothing"))


def test_the_day_of_the_question_follows_the_calendar_while_it_is_to_come(session, handed):
    world, _other = handed
    asked = found(session, world)
    other_day = asked.due_on + timedelta(days=3)
    row = session.get_one(handovers.WorkHandover, asked.id)
    row.due_on = other_day
    session.commit()

    def moves(at=None):
        return work(SYSTEM, lambda uow: handing.move_day(uow, handover=asked.id), at)

    assert moves(end_of_day(other_day)) is False
    assert [moves(), moves()] == [True, False]
    assert found(session, world).due_on == asked.due_on
