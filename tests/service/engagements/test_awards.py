"""Engagements of departments: from the award to the last fen, and back when the winner goes."""

from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.budgets import queries as budgets
from marketplace.budgets.services import paying
from marketplace.competitions.rules import CompetitionState
from marketplace.contracts import services as contracts
from marketplace.engagements import handlers
from marketplace.engagements import queries as engagements
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import ClientKind, Origin, Side, State
from marketplace.engagements.services import beginning, doing, ending
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import end_of_day
from marketplace.projects import queries as projects
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from tests.competitions import World, make_competition
from tests.engagements import (
    PAPER_OWED,
    confirm,
    paper,
    put_forward,
    refused,
    sign,
    terms_for,
    work,
)
from tests.factories import make_member

AWARD = 7_500_000


@pytest.fixture
def awarded(app) -> World:
    """A competition whose award holds and has become an engagement."""
    world = make_competition(CompetitionState.AWARDED)
    deliver(app)
    return world


def deliver(app) -> None:
    db.session.rollback()
    deliver_all(app.extensions["settings"], raise_errors=True)


def engagement(session, world: World) -> Engagement:
    session.rollback()
    session.expire_all()
    query = session.query(Engagement).filter_by(competition_id=world.competition_id)
    return query.order_by(Engagement.id.desc()).first()


def winner(session, world: World):
    listing_id = engagement(session, world).listing_id
    return next(one.agent for one in world.offers if one.listing_id == listing_id)


def act(session, world: World, actor, service, *, days: int = 0, **facts):
    key = engagement(session, world).id
    now = world.now + timedelta(days=days)
    return work(actor, lambda uow: service(uow, engagement=key, **facts), now)


def contract(session, world: World, amount_fen: int = AWARD) -> None:
    key = engagement(session, world).id
    sign(world.department.officer, winner(session, world), key, amount_fen, world.now)


def propose(session, world: World, amount_fen: int) -> paying.PaymentRef:
    """The officer asks to pay out of what the budget keeps for the engagement."""
    held = budgets.hold_of(session, "engagement", engagement(session, world).id)
    return work(
        world.department.officer,
        lambda uow: paying.propose_payment(uow, hold=held.id, amount_fen=amount_fen),
        world.now,
    )


def to_acceptance(session, world: World, amount_fen: int = AWARD) -> None:
    to_delivery(session, world, amount_fen)
    act(session, world, world.department.officer, doing.accept_delivery)


def to_delivery(session, world: World, amount_fen: int = AWARD) -> None:
    officer, agent = world.department.officer, winner(session, world)
    contract(session, world, amount_fen)
    act(session, world, officer, doing.start_work, handed_over=[PAPER_OWED])
    act(session, world, agent, doing.deliver_version, papers=[paper()])


def test_an_award_becomes_one_engagement_that_the_department_pays(app, session, awarded):
    row = engagement(session, awarded)

    assert (row.state, row.origin, row.award_fen) == (State.TAKEN_ON, Origin.AWARD, AWARD)
    assert (row.payer, row.client_id) == (
        ClientKind.DEPARTMENT,
        awarded.department.organisation_id,
    )
    claim = projects.claim_of(session, awarded.project_id, row.item_code)
    assert (claim.record_kind, claim.record_id) == ("engagement", row.id)


def test_an_award_that_is_told_twice_begins_nothing_new(app, session, awarded):
    first = engagement(session, awarded).id
    told = session.query(EventRecord).filter_by(kind="competition.awarded").one()
    session.expunge(told)

    work(SYSTEM, lambda uow: handlers.begin_award(uow, told), awarded.now)

    assert engagement(session, awarded).id == first


def test_a_contract_may_not_exceed_the_award_and_binds_the_budget(app, session, awarded):
    key = engagement(session, awarded).id
    terms = terms_for(key, AWARD + 1)

    def propose_terms(uow):
        contracts.put_forward(uow, engagement=key, terms=terms)

    above = refused(awarded.department.officer, propose_terms, awarded.now)
    assert above == "contract.above_award"
    contract(session, awarded, AWARD - 500_000)

    hold = budgets.hold_of(session, "engagement", key)
    assert (hold.committed_fen, hold.reserved_fen) == (AWARD - 500_000, 0)
    assert awarded.row().state is CompetitionState.CONCLUDED


def test_the_department_pays_after_acceptance_by_two_people_and_then_it_closes(
    app, session, awarded, reached
):
    to_acceptance(session, awarded)
    officer, approver = awarded.department.officer, awarded.department.approver
    act(session, awarded, officer, ratings.rate_engagement, scores=dict.fromkeys(CRITERIA, 5))
    assert engagement(session, awarded).state is State.ACCEPTED

    for amount in (3_000_000, AWARD - 3_000_000):
        payment = propose(session, awarded, amount)
        work(
            approver,
            lambda uow, key=payment.id: paying.approve_payment(uow, payment=key),
            awarded.now,
        )
        deliver(app)

    row = engagement(session, awarded)
    assert (row.state, row.paid_fen) == (State.CLOSED, AWARD)
    told = [entry.kind for entry in accounts.history(session, "engagement", row.id)]
    assert told.count("engagement.payment_asked") == told.count("engagement.paid") == 2
    assert "engagement.paid" in reached


def test_nothing_is_paid_before_the_acceptance(app, session, awarded):
    contract(session, awarded)

    with pytest.raises(Refused, match=r"budget\.not_payable"):
        propose(session, awarded, 100)


def test_unpaid_work_stays_open_after_the_days_for_rating_and_is_a_red_light(app, session, awarded):
    to_acceptance(session, awarded)
    row = engagement(session, awarded)
    ends = end_of_day(row.turn_due_on)

    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=row.id), ends)

    row = engagement(session, awarded)
    assert row.state is State.ACCEPTED
    told = accounts.history(session, "engagement", row.id)[0]
    assert (told.kind, told.payload["what"]) == ("engagement.overdue", "payment")


def test_when_the_winner_goes_the_next_in_order_is_awarded(app, session, awarded):
    row, agent = engagement(session, awarded), winner(session, awarded)

    act(session, awarded, agent, beginning.cancel_engagement, reason="产能不足。")

    assert engagement(session, awarded).state is State.CANCELLED
    assert awarded.row().state is CompetitionState.AWARD_PUBLISHED
    claim = projects.claim_of(session, awarded.project_id, row.item_code)
    assert (claim.record_kind, claim.record_id) == ("competition", awarded.competition_id)


def test_a_department_that_lets_its_award_lie_does_not_take_it_from_the_winner(
    app, session, awarded
):
    row, agent = engagement(session, awarded), winner(session, awarded)
    ends = end_of_day(row.turn_due_on)

    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=row.id), ends)

    late = ends + timedelta(days=10)
    session.rollback()
    shown = engagements.engagement(session, row.id, late.date())
    assert (shown.state, shown.light, shown.owes) == (State.TAKEN_ON, "red", Side.CLIENT)
    told = accounts.history(session, "engagement", row.id)[0]
    assert (told.kind, told.payload["what"]) == ("engagement.overdue", "contract")
    session.rollback()
    put_forward(agent, row.id, AWARD, late)
    confirm(awarded.department.officer, row.id, late)
    assert engagement(session, awarded).state is State.CONTRACTED


def test_the_department_does_not_step_back_from_its_award(app, session, awarded):
    key = engagement(session, awarded).id

    def cancel(uow):
        beginning.cancel_engagement(uow, engagement=key, reason="不再需要。")

    assert refused(awarded.department.officer, cancel, awarded.now) == "engagement.award_stands"


def test_a_termination_gives_the_item_and_the_money_back(app, session, awarded):
    contract(session, awarded)
    row = engagement(session, awarded)

    act(
        session,
        awarded,
        awarded.department.officer,
        ending.terminate_engagement,
        reason="机构未按约定履行。",
    )

    assert budgets.hold_of(session, "engagement", row.id).active is False
    assert projects.claim_of(session, awarded.project_id, row.item_code) is None
    line = budgets.line(session, awarded.department.line_id)
    assert line.free_fen == line.appropriation_fen


def test_an_approver_reads_the_engagement_but_does_not_act(app, session, awarded):
    approver = make_member(awarded.department.organisation_id, Role.DEPARTMENT_APPROVER)
    key = engagement(session, awarded).id

    def start(uow):
        doing.start_work(uow, engagement=key, handed_over=[PAPER_OWED])

    assert refused(approver, start, awarded.now) == "engagement.only_client"
