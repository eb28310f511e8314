"""A decision that arrives while others commission, by real processes, on SQLite and PostgreSQL."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.kernel.actors import SYSTEM
from marketplace.projects.queries import reading
from tests.dossiers import admitted_listing
from tests.engagements import make_provider, make_world
from tests.racing import Call, app, at_once
from tests.service.engagements.acts import pick
from tests.service.engagements.test_engagement_races import event_ids
from tests.service.projects.decisions import grant
from tests.service.quotations.acts import ask

__all__ = ["app"]
pytestmark = pytest.mark.slow
CALLS_FOR_IT = "C06"


def decision(session, world) -> Call:
    project = reading.project(session, world.project_id)
    owner = accounts.organisation(session, world.client.organisation_id)
    session.rollback()
    return Call(SYSTEM, grant, (project.code, owner.credit_code, CALLS_FOR_IT))


def test_nothing_is_picked_after_what_called_for_it_was_granted(app, session):
    world = make_world()
    listings = [world.listing_id, *(admitted_listing(make_provider()) for _ in range(5))]
    picks = [Call(world.client, pick, (world.project_id, one)) for one in listings]
    granted = decision(session, world)

    answers = at_once(app, [*picks[:3], granted, *picks[3:]])

    assert answers.pop(3) == "done"
    assert set(answers) <= {"done", "project.item_granted", "project.item_taken"}
    assert answers.count("done") <= 1
    changed, made = (
        event_ids(session, "project.changed"),
        event_ids(session, "engagement.requested"),
    )
    assert len(changed) == 1
    assert len(made) == answers.count("done")
    assert all(one < changed[0] for one in made)


def test_nobody_is_asked_for_a_quotation_after_the_decision(app, session):
    world = make_world()
    asked = Call(world.client, ask, (world.project_id, world.listing_id))

    answers = at_once(app, [asked, decision(session, world), asked])

    assert answers.pop(1) == "done"
    assert set(answers) <= {"done", "project.item_granted", "quoting.already_open"}
    changed, made = (
        event_ids(session, "project.changed"),
        event_ids(session, "quotation_round.opened"),
    )
    assert len(changed) == 1
    assert all(one < changed[0] for one in made)
