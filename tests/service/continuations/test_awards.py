"""A department's award for a project that is not active: it falls to nobody, and all is free."""

import pytest

from marketplace.budgets import queries as budgets
from marketplace.competitions.rules import CompetitionState, Failure
from marketplace.continuations import queries
from marketplace.engagements.rules import State
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from marketplace.projects import queries as projects
from tests.competitions import make_competition
from tests.engagements import refused, work
from tests.market import settle
from tests.projects import UNREGISTERED
from tests.service.continuations import acts
from tests.service.engagements.test_awards import deliver, engagement, winner


@pytest.fixture
def asked(app, session):
    """An award that holds, whose project the platform then keeps as cancelled."""
    world = make_competition(CompetitionState.AWARDED)
    deliver(app)
    code = projects.project(session, world.project_id).code
    session.rollback()
    work(SYSTEM, lambda uow: acts.becomes(uow, code, UNREGISTERED, 2, "cancelled"))
    settle()
    return world


def question(session, world):
    session.rollback()
    return queries.shown_with(session, engagement(session, world).id)


def assert_free(session, world):
    """The competition failed, nobody declined, and item and money are free."""
    settle()
    row = world.row()
    assert (row.state, row.failure) == (CompetitionState.FAILED, Failure.PROJECT_ENDED)
    assert "declined" not in {bid.cause for bid in world.bids()}
    work_row = engagement(session, world)
    assert work_row.state is State.CANCELLED
    assert projects.claim_of(session, world.project_id, work_row.item_code) is None
    held = budgets.hold_of(session, "competition", world.competition_id)
    assert held is None or not held.active


def test_the_officer_ends_it_although_the_department_is_bound_by_its_award(session, asked):
    found, officer = question(session, asked), asked.department.officer
    assert queries.owed_by(session, officer, found.due_on).total == 1
    session.rollback()
    winner_says = refused(winner(session, asked), lambda uow: acts.end(uow, found.id))
    assert winner_says == "engagement.only_client"
    work(officer, lambda uow: acts.end(uow, found.id))
    assert_free(session, asked)


def test_without_an_answer_it_is_cancelled_and_goes_to_nobody_else(session, asked):
    settle_due(end_of_day(question(session, asked).due_on))
    assert_free(session, asked)


def test_kept_it_stays_with_its_winner(session, asked):
    found = question(session, asked)
    work(asked.department.officer, lambda uow: acts.keep(uow, found.id))
    assert engagement(session, asked).state is State.TAKEN_ON
    assert asked.row().state is CompetitionState.AWARDED
