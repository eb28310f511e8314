"""The record names another enterprise while both act, by real processes, on both databases."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.kernel.actors import SYSTEM
from marketplace.projects.queries import reading
from tests.dossiers import admitted_listing
from tests.engagements import (
    make_engagement,
    make_enterprise,
    make_provider,
    make_world,
    row_of,
)
from tests.racing import Call, app, at_once
from tests.service.engagements.acts import ITEM, pick, take_on
from tests.service.engagements.test_engagement_races import event_ids
from tests.service.projects.decisions import agree, hand_over
from tests.service.projects.test_work_that_passes import found, hand
from tests.service.quotations.acts import ask

__all__ = ["app"]
pytestmark = pytest.mark.slow


def handing(session, world, other, revision=2) -> Call:
    session.rollback()
    project = reading.project(session, world.project_id)
    new = accounts.organisation(session, other.organisation_id)
    session.rollback()
    return Call(SYSTEM, hand_over, (project.code, new.credit_code, revision))


def test_a_request_is_taken_on_or_falls_free_for_the_new_enterprise_never_both(app, session):
    world, other = make_engagement(), make_enterprise()
    listings = [admitted_listing(make_provider()) for _ in range(2)]
    picks = [Call(other, pick, (world.project_id, one)) for one in listings]
    taking = Call(world.provider, take_on, (world.engagement_id,))
    # Before the record is here the project does not exist for the new enterprise.
    handed = handing(session, world, other)

    answers = at_once(app, [taking, handed])
    then = at_once(app, [taking, *picks])

    assert answers[1] == "done"
    held = reading.claim_of(session, world.project_id, ITEM)
    if answers[0] == "done":
        assert then[1:] == ["project.item_taken"] * 2
        assert held.organisation_id == world.client.organisation_id
    else:
        assert (answers[0], then[0]) == ("project.claim_fell_free",) * 2
        assert sorted(then[1:]) == ["done", "project.item_taken"]
        assert held.organisation_id == other.organisation_id


def test_the_old_enterprise_begins_nothing_after_the_record_names_another(app, session):
    world, other = make_world(), make_enterprise()
    picks = [Call(world.client, pick, (world.project_id, world.listing_id))] * 2
    asks = Call(world.client, ask, (world.project_id, world.listing_id))

    answers = at_once(app, [*picks, handing(session, world, other), asks])

    assert answers.pop(2) == "done"
    assert set(answers) <= {"done", "project.handed_over", "project.item_taken"}
    changed = event_ids(session, "project.changed_hands")
    made = event_ids(session, "engagement.requested")
    made += event_ids(session, "quotation_round.opened")
    assert len(changed) == 1
    assert all(one < changed[0] for one in made)
    assert reading.claim_of(session, world.project_id, ITEM) is None


def test_work_passes_only_to_the_enterprise_that_has_the_project_at_that_instant(app, session):
    world, other = hand(session)
    asked = found(session, world).id
    third = handing(session, world, make_enterprise(), 3)
    session.rollback()
    both = [Call(actor, agree, (asked,)) for actor in (world.client, other)]

    answers = at_once(app, [both[0], third, both[1]])

    assert answers.pop(1) == "done"
    assert set(answers) <= {"done", "project.handed_over"}
    passed = answers == ["done", "done"]
    owner = other if passed else world.client
    assert row_of(session, world).client_id == owner.organisation_id
    assert (
        reading.claim_of(session, world.project_id, ITEM).organisation_id == owner.organisation_id
    )
    if passed:
        ended = event_ids(session, "engagement.handover_ended")
        assert ended[0] < event_ids(session, "project.changed_hands")[-1]
