"""A verdict against whatever else happens to the work, by real processes, on both databases."""

import pytest

from marketplace.budgets import queries as budgets
from marketplace.budgets.models import BudgetHold, Payment
from marketplace.budgets.rules import PaymentState
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.rules import State
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.kernel.actors import SYSTEM
from marketplace.verdicts.rules import VerdictState
from tests.competitions import make_competition
from tests.engagements import kinds, make_engagement, row_of
from tests.racing import Call, app, at_once
from tests.service.engagements.test_awards import deliver, engagement, propose, to_acceptance
from tests.service.verdicts import acts
from tests.verdicts import on_work

__all__ = ["app"]
pytestmark = pytest.mark.slow
PART = 3_000_000


def test_a_return_and_the_rating_that_closes_leave_one_of_the_two(app, session):
    world = make_engagement(State.ACCEPTED)
    key = world.engagement_id

    rated, judged = at_once(
        app,
        [Call(world.client, acts.rate, (key,)), Call(SYSTEM, acts.judge, (key, 1, 1))],
    )

    row = row_of(session, world)
    assert judged == "done"
    assert (rated, row.state) in {
        ("done", State.CLOSED),
        ("rating.not_accepted", State.RETURNED),
    }
    assert kinds(session, world).count("given_back") == (row.state is State.RETURNED)
    assert [one.state for one in on_work(session, world)] == [VerdictState.RETURNED]


def test_the_same_verdict_from_four_at_once_counts_once(app, session):
    world = make_engagement(State.ACCEPTED)

    answers = at_once(app, [Call(SYSTEM, acts.judge, (world.engagement_id, 1, 1))] * 4)

    assert answers == ["done"] * 4
    assert len(on_work(session, world)) == 1
    told = kinds(session, world)
    assert (told.count("verdict_given"), told.count("given_back")) == (1, 1)


def test_verdicts_that_follow_each_other_end_as_the_last_whichever_comes_first(app, session):
    world = make_engagement(State.ACCEPTED)
    key = world.engagement_id

    answers = at_once(
        app, [Call(SYSTEM, acts.judge, (key, place, place % 2)) for place in (1, 2, 3)]
    )

    assert answers == ["done"] * 3
    assert row_of(session, world).state is State.RETURNED
    found = on_work(session, world)
    assert [str(one.state) for one in found] == ["returned", "corrected", "corrected"]
    assert [one.replaces_id for one in found] == [found[1].id, found[2].id, None]


def test_a_return_and_payments_at_once_pay_only_what_came_first(app, session):
    world = make_competition(CompetitionState.AWARDED)
    deliver(app)
    to_acceptance(session, world)
    payment = propose(session, world, PART)
    row = engagement(session, world)
    held = budgets.hold_of(session, "engagement", row.id).id
    key = row.id
    session.rollback()

    judged, approved, proposed = at_once(
        app,
        [
            Call(SYSTEM, acts.judge, (key, 1, 1)),
            Call(world.department.approver, acts.approve, (payment.id,)),
            Call(world.department.officer, acts.propose, (held, PART)),
        ],
        world.now,
    )

    assert judged == "done"
    assert {approved, proposed} <= {"done", "budget.withheld"}
    session.rollback()
    session.expire_all()
    hold, paid = session.get_one(BudgetHold, held), session.get_one(Payment, payment.id)
    assert hold.withheld_on is not None
    assert (paid.state is PaymentState.APPROVED) is (approved == "done")
    assert hold.paid_fen == (PART if approved == "done" else 0)
    deliver_all(app.extensions["settings"], raise_errors=True)
    assert engagement(session, world).state is State.RETURNED
