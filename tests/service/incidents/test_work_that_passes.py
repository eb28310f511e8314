"""Work with incidents passes to another enterprise, which answers what still waits."""

import pytest
from sqlalchemy import true

from marketplace.clocks.queries import light_days
from marketplace.complaints.queries.records import present_record
from marketplace.engagements.queries import handovers
from marketplace.engagements.rules import State
from marketplace.engagements.services import handing
from marketplace.incidents import queries
from marketplace.incidents.rules import IncidentState
from marketplace.infra.database import db
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import local_date, start_of_day
from tests.dossiers import act
from tests.engagements import make_engagement, make_enterprise, refused, work
from tests.market import settle
from tests.service.incidents import acts
from tests.service.incidents.test_incidents import found, noted, over
from tests.service.projects.test_changing_hands import give, letters
from tests.web.vetting.conftest import person

__all__ = ["person"]


@pytest.fixture
def world(app):
    """Work in progress."""
    return make_engagement(State.IN_PROGRESS)


def passes(world, at=None):
    """The project has another enterprise, and both agree: returns the agent of the new client."""
    heir = make_enterprise()
    give(db.session(), world.project_id, heir)
    work(SYSTEM, lambda uow: handing.follow_project(uow, world.project_id), at)
    key = handovers.shown_with(db.session(), world.engagement_id).id
    db.session.rollback()
    for each in (heir, world.client):
        work(each, lambda uow: handing.agree_to_handover(uow, handover=key), at)
    return heir


def waiting(session, today):
    """How many stand on the board."""
    return queries.WAITING.count(session, true(), light_days(session, today))


def test_what_a_former_client_left_unanswered_is_its_own_and_nobody_owes_it(session, person, world):
    key = noted(world)
    last = over(session, key)
    settle_due(last)
    assert waiting(session, local_date(last)) == 1
    heir = passes(world, last)

    row, today = found(session, key), local_date(last)
    assert (row.state, row.asked_of_id) == (IncidentState.UNANSWERED, world.client.organisation_id)
    assert queries.owed_by(session, heir, today).total == 0
    assert queries.owed_by(session, world.client, today).total == 0
    assert waiting(session, today) == 0
    assert refused(heir, lambda uow: acts.answer(uow, key), last) == "incident.asked_before"
    (kept,) = present_record(session, world.engagement_id).incidents
    assert kept.asked_of == row.asked_of_name
    shown = person(heir).get(row.address).text
    assert f"{row.asked_of_name}逾期未答复" in shown
    assert f"{row.address}/answer" not in shown


def test_what_waits_when_the_work_passes_the_new_client_answers_in_days_of_its_own(session, world):
    key, own = noted(world), noted(world, world.client)
    row = found(session, key)
    at = start_of_day(row.answer_by)
    heir = passes(world, at)

    now = found(session, key)
    assert (now.state, now.asked_of_id) == (IncidentState.NOTED, heir.organisation_id)
    assert now.answer_by == queries.answer_by(session, local_date(at)) > row.answer_by
    assert found(session, own).asked_of_id == world.provider.organisation_id
    assert queries.owed_by(session, heir, local_date(at)).total == 1
    settle()
    assert "engagement.incident_passed" in letters(session, heir)
    assert "engagement.incident_passed" not in letters(session, world.client)
    work(heir, lambda uow: acts.answer(uow, key), at)
    assert not found(session, key).late


def test_a_day_that_is_over_when_the_work_passes_was_that_of_the_former_client(session, world):
    key = noted(world)
    passes(world, over(session, key))

    row = found(session, key)
    assert (row.state, row.asked_of_id) == (IncidentState.UNANSWERED, world.client.organisation_id)


def test_what_waits_passes_with_the_work(story):
    world = make_engagement(State.IN_PROGRESS)
    key = noted(world)
    heir = make_enterprise()
    give(db.session(), world.project_id, heir)
    act(SYSTEM, lambda uow: handing.follow_project(uow, world.project_id))
    handover = handovers.shown_with(db.session(), world.engagement_id).id
    db.session.rollback()
    people = {"client": world.client, "provider": world.provider, "heir": heir}
    with story("incidents/passed", **people) as told:
        for each in (world.client, heir):
            act(each, lambda uow: handing.agree_to_handover(uow, handover=handover))
        told.may({"answer": lambda uow: acts.answer(uow, key)}, world.provider, heir)
