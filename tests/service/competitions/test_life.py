"""The life of a competition: publication, opening, evaluation, award, and how else it may end."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.budgets import queries as budgets
from marketplace.competitions.queries import reading
from marketplace.competitions.rules import AwardState, CompetitionState, Failure, Method
from marketplace.competitions.services import awarding, bidding, evaluating, notices
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM, Capacity
from marketplace.kernel.errors import Refused
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.rules import Claimant
from tests.competitions import (
    CEILING,
    PRICES,
    WEIGHTS,
    World,
    advance,
    draft,
    enter,
    make_competition,
    make_department,
)
from tests.dossiers import a_scan, act
from tests.factories import make_agent
from tests.market import PLAIN_ITEM, pause
from tests.projects import make_project

pytestmark = pytest.mark.usefixtures("app")
_S = CompetitionState


def refused(work) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Refused) as refusal:
        work()
    return refusal.value.code


def reserved(world: World) -> int:
    hold = budgets.hold_of(db.session(), "competition", world.competition_id)
    found = hold.reserved_fen if hold is not None and hold.active else 0
    db.session.rollback()
    return found


def claimed(world: World) -> bool:
    found = projects.claim_of(db.session(), world.project_id, PLAIN_ITEM)
    db.session.rollback()
    return found is not None


def kinds(world: World) -> list[str]:
    query = select(EventRecord.kind).where(
        EventRecord.subject_kind == "competition", EventRecord.subject_id == world.competition_id
    )
    return list(db.session().scalars(query.order_by(EventRecord.sequence)))


def conclude(world: World, fen: int, engagement_id: int = 77) -> None:
    act(
        SYSTEM,
        lambda uow: awarding.conclude(
            uow,
            competition_id=world.competition_id,
            engagement_id=engagement_id,
            contract_fen=fen,
        ),
        at=world.now,
    )


def decline(world: World, engagement_id: int = 77) -> None:
    act(
        SYSTEM,
        lambda uow: awarding.winner_declined(
            uow, competition_id=world.competition_id, engagement_id=engagement_id
        ),
        at=world.now,
    )


def hold(world: World, objection_id: int) -> None:
    act(
        SYSTEM,
        lambda uow: awarding.hold_award(
            uow, competition_id=world.competition_id, objection_id=objection_id
        ),
        at=world.now,
    )


def lift(world: World, objection_id: int, *, upheld: bool) -> None:
    act(
        SYSTEM,
        lambda uow: awarding.lift_hold(
            uow, competition_id=world.competition_id, objection_id=objection_id, upheld=upheld
        ),
        at=world.now,
    )


# ------------------------------------------------------------------ the whole way


def test_the_whole_way_to_an_award_and_its_contract():
    world = make_competition(_S.AWARDED)

    award = reading.award_of(db.session(), world.competition_id)
    assert (award.amount_fen, award.state) == (min(PRICES), AwardState.AWARDED)
    assert award.listing_id == world.offers[2].listing_id
    assert refused(lambda: conclude(world, min(PRICES) + 1)) == "competition.contract_above_award"
    conclude(world, 7_000_000)

    assert world.row().state is _S.CONCLUDED
    committed = budgets.hold_of(db.session(), "engagement", 77)
    assert (committed.committed_fen, committed.reserved_fen) == (7_000_000, 0)
    assert kinds(world)[-4:] == [
        "competition.evaluated",
        "competition.award_published",
        "competition.awarded",
        "competition.concluded",
    ]
    assert refused(lambda: conclude(world, 1)) == "competition.not_awarded"


# ------------------------------------------------------------------ publication


def test_publishing_reserves_the_money_and_claims_the_item_at_once():
    world = make_competition()
    assert (reserved(world), claimed(world)) == (CEILING, True)


def test_without_enough_money_nothing_is_published():
    world = draft(make_department(amount_fen=CEILING - 1))
    world.do(world.department.officer, notices.propose_competition)

    code = refused(lambda: world.do(world.department.approver, notices.publish_competition))

    assert code == "budget.not_enough"
    assert (world.row().state, claimed(world)) == (_S.PROPOSED, False)


def test_an_item_somebody_holds_is_not_published_and_nothing_stays_reserved():
    owner = make_agent(Capacity.ENTERPRISE).organisation_id
    world = draft(project_id=make_project(owner))
    act(
        SYSTEM,
        lambda uow: project_services.claim_item(
            uow,
            project_id=world.project_id,
            item_code=PLAIN_ITEM,
            claimed_by=Claimant.ENTERPRISE,
            record_kind="engagement",
            record_id=5,
            organisation_id=owner,
        ),
    )
    world.do(world.department.officer, notices.propose_competition)

    code = refused(lambda: world.do(world.department.approver, notices.publish_competition))

    assert code == "project.item_taken"
    assert (world.row().state, reserved(world)) == (_S.PROPOSED, 0)


def test_a_notice_that_waited_too_long_is_not_published():
    world = draft()
    world.do(world.department.officer, notices.propose_competition)
    world.now += timedelta(days=11)
    code = refused(lambda: world.do(world.department.approver, notices.publish_competition))
    assert code == "competition.signup_too_short"


def test_whoever_wrote_any_of_it_does_not_publish():
    world = draft()
    world.do(world.department.officer, notices.propose_competition)
    code = refused(lambda: world.do(world.department.officer, notices.publish_competition))
    assert code == "account.not_your_role"
    world.do(world.department.approver, notices.send_back_competition, reason="请写清范围。")
    assert world.row().state is _S.DRAFT


@pytest.mark.parametrize("state", [_S.PUBLISHED, _S.AWARD_PUBLISHED])
def test_cancelling_releases_money_and_item(state):
    world = make_competition(state)
    world.do(world.department.approver, notices.cancel_competition, reason="项目调整。")

    assert world.row().state is _S.CANCELLED
    assert (reserved(world), claimed(world)) == (0, False)
    assert reading.award_of(db.session(), world.competition_id) is None


# ------------------------------------------------------------------ closing


def test_sign_up_closes_by_the_tick_and_not_before():
    world = make_competition()
    enter(world)
    world.settle(timedelta(days=13))
    assert world.row().state is _S.PUBLISHED
    world.settle(timedelta(days=2))
    assert world.row().state is _S.CLOSED


@pytest.mark.parametrize("count", [0, 1, 2])
def test_with_too_few_entrants_it_fails_with_the_seals_unbroken(count):
    world = make_competition()
    enter(world, PRICES[:count])
    world.settle(timedelta(days=15))

    row = world.row()
    assert (row.state, row.failure, row.opened_at) == (_S.FAILED, Failure.TOO_FEW_ENTRANTS, None)
    assert world.bids() == ()
    assert (reserved(world), claimed(world)) == (0, False)


def test_a_withdrawn_bid_does_not_count():
    world = make_competition()
    enter(world)
    world.do(world.offers[0].agent, bidding.withdraw_bid)
    world.settle(timedelta(days=15))
    assert world.row().state is _S.FAILED


def test_work_is_put_out_again_once_and_merit_needs_two():
    world = make_competition(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    world.settle(timedelta(days=15))
    officer = world.department.officer
    closes_at = world.now + timedelta(days=14)
    ref = world.do(officer, notices.rerun_competition, closes_at=closes_at)
    again = World(world.department, world.project_id, ref.id, ref.public_id, world.now)

    assert (again.row().merit, again.row().rerun_of_id) == (True, world.competition_id)
    advance(again, _S.PROPOSED)
    advance(again, _S.PUBLISHED)
    enter(again, PRICES[:2], proposal=a_scan())
    again.settle(timedelta(days=15))
    assert again.row().state is _S.CLOSED
    assert (
        refused(lambda: world.do(officer, notices.rerun_competition, closes_at=closes_at))
        == "competition.no_rerun_left"
    )


def test_a_rerun_that_fails_is_not_run_again():
    world = make_competition()
    world.settle(timedelta(days=15))
    officer = world.department.officer
    closes_at = world.now + timedelta(days=14)
    ref = world.do(officer, notices.rerun_competition, closes_at=closes_at)
    again = World(world.department, world.project_id, ref.id, ref.public_id, world.now)
    advance(again, _S.PROPOSED)
    advance(again, _S.PUBLISHED)
    again.settle(timedelta(days=15))

    assert again.row().state is _S.FAILED
    later = again.now + timedelta(days=14)
    code = refused(lambda: again.do(officer, notices.rerun_competition, closes_at=later))
    assert code == "competition.no_rerun_left"


# ------------------------------------------------------------------ opening and evaluation


def test_two_people_open_the_bids():
    world = make_competition(_S.OPENING_REQUESTED)
    people = world.department
    code = refused(lambda: world.do(people.officer, bidding.confirm_opening))
    assert code == "competition.needs_second_officer"
    world.do(people.officer, bidding.withdraw_opening)
    assert world.row().state is _S.CLOSED
    world.do(people.colleague, bidding.request_opening)
    world.do(people.officer, bidding.confirm_opening)
    assert [one.price_fen for one in world.bids()] == sorted(PRICES)


def test_suspended_entrants_are_out_and_too_few_end_it():
    world = make_competition(_S.OPENED)
    pause(world.offers[0])
    world.do(world.department.officer, evaluating.evaluate_bids, reason="一家已暂停。")

    assert world.row().failure is Failure.TOO_FEW_INDEPENDENT
    assert {one.cause for one in world.bids()} == {"", "not_admitted"}
    assert (reserved(world), claimed(world)) == (0, False)


def test_an_unexplained_very_low_price_is_out_after_its_day():
    world = make_competition(_S.OPENED, prices=(9_000_000, 8_500_000, 2_000_000))
    officer = world.department.officer
    early = refused(lambda: world.do(officer, evaluating.evaluate_bids, reason="排序。"))
    assert early == "competition.justification_open"

    world.now += timedelta(days=3)
    world.do(officer, evaluating.evaluate_bids, reason="排序。")

    first, second, third = world.bids()
    assert [first.price_fen, second.price_fen] == [8_500_000, 9_000_000]
    assert (third.cause, third.rank) == ("price_unexplained", None)


def test_the_highest_score_wins_with_all_arithmetic_kept():
    world = make_competition(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    enter(world, PRICES, proposal=a_scan())
    for state in (_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED):
        advance(world, state)
    _price, plan, record = reading.criteria(db.session(), world.competition_id)
    by_price = {one.price_fen: one.public_id for one in world.bids()}
    given = {9_000_000: (95, 90), 8_000_000: (70, 70), 7_500_000: (60, 60)}
    marks = {
        (by_price[price], criterion.id): mark
        for price, pair in given.items()
        for criterion, mark in zip((plan, record), pair, strict=True)
    }
    world.do(
        world.department.officer,
        evaluating.record_scores,
        marks={key: Decimal(mark) for key, mark in marks.items()},
    )
    world.do(world.department.officer, evaluating.evaluate_bids, reason="综合评分。")

    assert [(one.price_fen, str(one.score)) for one in world.bids()] == [
        (9_000_000, "89.33"),
        (8_000_000, "79.50"),
        (7_500_000, "76.00"),
    ]


# ------------------------------------------------------------------ award


def test_an_award_is_published_by_another_person_and_holds_after_its_days():
    world = make_competition(_S.EVALUATED)
    officer_is_no_approver = refused(
        lambda: world.do(world.department.officer, awarding.publish_award, reason="同意。")
    )
    assert officer_is_no_approver == "account.not_your_role"
    world.do(world.department.approver, awarding.publish_award, reason="同意。")
    world.settle(timedelta(days=1))
    assert world.row().state is _S.AWARD_PUBLISHED
    world.settle(timedelta(days=7))
    assert world.row().state is _S.AWARDED


def test_an_objection_holds_the_award_until_it_is_decided():
    world = make_competition(_S.AWARD_PUBLISHED)
    hold(world, 1)
    hold(world, 2)
    assert world.row().held
    world.settle(timedelta(days=20))
    assert world.row().state is _S.AWARD_PUBLISHED

    lift(world, 1, upheld=False)
    world.settle()
    assert world.row().state is _S.AWARD_PUBLISHED
    lift(world, 2, upheld=False)
    lift(world, 2, upheld=False)
    world.settle()
    assert world.row().state is _S.AWARDED
    assert refused(lambda: hold(world, 3)) == "competition.no_award_to_hold"


def test_after_the_days_of_objection_nobody_objects():
    world = make_competition(_S.AWARD_PUBLISHED)
    world.now += timedelta(days=8)
    assert refused(lambda: hold(world, 1)) == "competition.objections_over"


def test_an_upheld_objection_sets_the_award_aside_for_the_next_in_order():
    world = make_competition(_S.AWARD_PUBLISHED)
    hold(world, 1)
    lift(world, 1, upheld=True)

    assert world.row().state is _S.EVALUATED
    world.do(world.department.approver, awarding.publish_award, reason="顺延。")
    award = reading.award_of(db.session(), world.competition_id)
    assert award.listing_id == world.offers[1].listing_id


def test_a_winner_suspended_meanwhile_is_not_awarded():
    world = make_competition(_S.AWARD_PUBLISHED)
    pause(world.offers[2])
    world.settle(timedelta(days=8))

    assert world.row().state is _S.EVALUATED
    assert world.bids()[-1].cause == "not_admitted"
    pause(world.offers[1])
    world.do(world.department.approver, awarding.publish_award, reason="顺延。")
    award = reading.award_of(db.session(), world.competition_id)
    assert award.listing_id == world.offers[0].listing_id


def test_who_declines_makes_room_for_the_next_until_nobody_is_left():
    world = make_competition(_S.AWARDED)
    for number, following in enumerate((world.offers[1], world.offers[0]), 1):
        decline(world)
        award = reading.award_of(db.session(), world.competition_id)
        assert (award.listing_id, award.state) == (following.listing_id, AwardState.PUBLISHED)
        assert (reserved(world), claimed(world)) == (CEILING, True), number
        world.settle(timedelta(days=8))
    decline(world)

    assert (world.row().state, world.row().failure) == (_S.FAILED, Failure.NOBODY_NEXT)
    assert (reserved(world), claimed(world)) == (0, False)


def test_the_claim_that_passed_to_an_engagement_comes_back():
    world = make_competition(_S.AWARDED)
    act(
        SYSTEM,
        lambda uow: project_services.pass_claim(
            uow,
            record_kind="competition",
            record_id=world.competition_id,
            to_kind="engagement",
            to_id=77,
        ),
    )
    decline(world)
    claim = projects.claim_of(db.session(), world.project_id, PLAIN_ITEM)
    assert (claim.record_kind, claim.record_id) == ("competition", world.competition_id)


def test_an_approver_ends_it_without_an_award():
    world = make_competition(_S.EVALUATED)
    world.do(world.department.approver, awarding.fail_competition, reason="采购需求变化。")
    assert (world.row().failure, reserved(world)) == (Failure.DECIDED, 0)


def test_there_is_one_event_for_each_act():
    world = make_competition(_S.AWARDED)
    counted = db.session().scalar(
        select(func.count(EventRecord.id)).where(
            EventRecord.subject_kind == "competition",
            EventRecord.subject_id == world.competition_id,
        )
    )
    assert counted == len(kinds(world)) == 12
