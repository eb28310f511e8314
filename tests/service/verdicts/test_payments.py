"""What a department pays waits while the work is given back, and goes on with a new acceptance."""

from datetime import timedelta

import pytest

from marketplace.budgets import queries as budgets
from marketplace.budgets.models import BudgetHold
from marketplace.budgets.queries import dues
from marketplace.budgets.services import holding, paying
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.rules import State
from marketplace.engagements.services import doing
from marketplace.kernel.actors import SYSTEM
from tests.competitions import World, make_competition
from tests.engagements import paper, refused, work
from tests.leaving import everybody_reached
from tests.service.engagements.test_awards import (
    act,
    deliver,
    engagement,
    propose,
    to_acceptance,
    winner,
)
from tests.verdicts import message, take

PART = 3_000_000


@pytest.fixture
def accepted(app, session) -> World:
    """Work of an award that the department has accepted and may pay."""
    world = make_competition(CompetitionState.AWARDED)
    deliver(app)
    to_acceptance(session, world)
    deliver(app)
    return world


def judge(session, world, outcome, sequence=1, version=1) -> None:
    number = engagement(session, world).number
    told = message(number, outcome, sequence, version=version)
    work(SYSTEM, lambda uow: take(uow, told), world.now)


def hold(session, world) -> BudgetHold:
    session.rollback()
    session.expire_all()
    key = budgets.hold_of(session, "engagement", engagement(session, world).id).id
    return session.get_one(BudgetHold, key)


def propose_code(session, world) -> str:
    key = hold(session, world).id
    return refused(
        world.department.officer,
        lambda uow: paying.propose_payment(uow, hold=key, amount_fen=PART),
        world.now,
    )


def approve_code(world, payment) -> str:
    return refused(
        world.department.approver,
        lambda uow: paying.approve_payment(uow, payment=payment.id),
        world.now,
    )


def test_nothing_is_proposed_or_approved_until_a_new_version_is_accepted(app, session, accepted):
    payment = propose(session, accepted, PART)

    with everybody_reached() as reached:
        judge(session, accepted, "returned")

    assert "budget_line.withheld" in reached
    held = hold(session, accepted)
    assert (held.payable_on, held.pay_by, held.attention_at) == (None, None, None)
    assert held.withheld_on is not None
    assert propose_code(session, accepted) == "budget.withheld"
    assert approve_code(accepted, payment) == "budget.withheld"
    department = accepted.department.organisation_id
    assert dues.accepted(session, department) == 0
    agent = winner(session, accepted)
    act(session, accepted, agent, doing.deliver_version, papers=[paper()])
    assert approve_code(accepted, payment) == "budget.withheld"
    act(session, accepted, accepted.department.officer, doing.accept_delivery)
    held = hold(session, accepted)
    assert (held.withheld_on, held.payable_on is None) == (None, False)
    assert approve_code(accepted, payment) == ""


def test_a_proposed_payment_may_be_refused_meanwhile(session, accepted):
    payment = propose(session, accepted, PART)
    judge(session, accepted, "returned")

    code = refused(
        accepted.department.approver,
        lambda uow: paying.refuse_payment(uow, payment=payment.id, reason="成果被退回。"),
        accepted.now,
    )

    assert code == ""
    assert hold(session, accepted).proposed_fen == 0


def test_a_corrected_return_lets_it_be_paid(session, accepted):
    judge(session, accepted, "returned")
    judge(session, accepted, "accepted", 2)

    held = hold(session, accepted)
    assert (held.withheld_on, held.payable_on is None) == (None, False)
    assert propose_code(session, accepted) == ""


def test_a_payment_that_came_first_stays_and_does_not_close_returned_work(app, session, accepted):
    payment = propose(session, accepted, PART)
    assert approve_code(accepted, payment) == ""

    judge(session, accepted, "returned")
    deliver(app)

    row = engagement(session, accepted)
    assert (row.state, row.paid_fen) == (State.RETURNED, PART)
    assert propose_code(session, accepted) == "budget.withheld"


def test_what_is_held_goes_over_into_the_next_year_as_it_is(session, accepted):
    judge(session, accepted, "returned")
    key = hold(session, accepted).id
    next_year = accepted.now + timedelta(days=400)

    assert work(SYSTEM, lambda uow: holding.carry_over(uow, hold=key), next_year)

    held = hold(session, accepted)
    assert held.id != key
    assert held.withheld_on is not None
