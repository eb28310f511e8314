"""A verdict that came before the acceptance holds from the acceptance on, in the act itself."""

import pytest

from marketplace.budgets import queries as budgets
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.queries import standings
from marketplace.engagements.rules import State
from marketplace.engagements.services import doing
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.actors import SYSTEM
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from tests.competitions import make_competition
from tests.engagements import (
    accept,
    kinds,
    last_event,
    make_engagement,
    refused,
    row_of,
    work,
)
from tests.service.engagements.test_awards import act, engagement, to_delivery
from tests.service.engagements.test_awards import deliver as tell
from tests.verdicts import judge, message, on_work, take
from tests.web.engagements.conftest import follow, person

__all__ = ["person"]


@pytest.fixture
def judged(app, session):
    """Delivered work that the department has returned already."""
    world = make_engagement(State.DELIVERED)
    judge(session, world, "returned")
    assert row_of(session, world).state is State.DELIVERED
    return world


def test_work_that_was_returned_before_goes_back_in_the_act_of_acceptance(session, judged):
    accept(judged)

    row = row_of(session, judged)
    assert (row.state, row.accepted_at, row.rework_days) == (State.RETURNED, None, 10)
    assert kinds(session, judged)[-2:] == ["accepted", "given_back"]


def test_it_is_not_rated_and_closed_before_anybody_is_told(session, judged):
    accept(judged)

    code = refused(
        judged.client,
        lambda uow: ratings.rate_engagement(
            uow, engagement=judged.engagement_id, scores=dict.fromkeys(CRITERIA, 5)
        ),
    )

    assert code == "rating.not_accepted"
    assert row_of(session, judged).state is State.RETURNED


def test_the_client_has_accepted_and_the_platform_gives_back(session, judged):
    accept(judged)

    back = last_event(session, judged)
    assert (back.actor_user_id, back.actor_organisation_id) == (None, None)
    ties = standings.trail(session, judged.engagement_id)
    people = {tie.organisation_id for tie in ties}
    assert people == {judged.client.organisation_id, judged.provider.organisation_id}


def test_whoever_is_told_of_the_acceptance_afterwards_changes_nothing(app, session, judged):
    accept(judged)
    before = row_of(session, judged).rework_since

    deliver_all(app.extensions["settings"], raise_errors=True)

    row = row_of(session, judged)
    assert (row.state, row.rework_since) == (State.RETURNED, before)
    assert kinds(session, judged).count("given_back") == 1
    assert [str(one.state) for one in on_work(session, judged)] == ["returned"]


def test_nothing_of_a_budget_is_payable(app, session):
    world = make_competition(CompetitionState.AWARDED)
    tell(app)
    to_delivery(session, world)
    number = engagement(session, world).number
    work(SYSTEM, lambda uow: take(uow, message(number, "returned")), world.now)

    act(session, world, world.department.officer, doing.accept_delivery)

    session.rollback()
    held = budgets.hold_of(session, "engagement", engagement(session, world).id)
    assert (held.payable_on, held.withheld_on is None) == (None, False)


def test_the_page_says_that_the_work_went_back(person, session, judged):
    browser = person(judged.client)

    page = follow(browser, browser.send(f"/engagements/{judged.public_id}/accept")).text

    assert "This page says what comes next." in page
    assert "Returned for rework" in page
