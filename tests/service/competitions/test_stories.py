"""All that each act on a competition leaves behind, and who may do what when."""

from datetime import timedelta

import pytest

from marketplace.budgets.services import ledger
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.competitions.services import awarding, bidding, evaluating, notices
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.times import end_of_day
from marketplace.projects import services as project_services
from tests.competitions import (
    CEILING,
    ORDER,
    PRICES,
    WEIGHTS,
    draft,
    make_competition,
    make_department,
    notice,
)
from tests.dossiers import act
from tests.factories import make_member
from tests.market import PLAIN_ITEM, offer, pause
from tests.projects import make_project
from tests.service.competitions.telling import MINUTE, bid, on, people, step, three
from tests.stories import refusals

S = CompetitionState


def acts(world):
    """Every act on a competition."""
    key, line = world.competition_id, world.department.line_id
    said = notice(world.department, world.project_id, world.now, budget_line_id=line)
    sealed = bidding.Offer(price_fen=PRICES[0], promised_days=10)
    later = world.now + timedelta(days=14)
    return {
        "edit": lambda uow: notices.edit_competition(uow, competition=key, notice=said),
        "propose": lambda uow: notices.propose_competition(uow, competition=key),
        "send back": lambda uow: notices.send_back_competition(uow, competition=key, reason="一"),
        "publish": lambda uow: notices.publish_competition(uow, competition=key),
        "cancel": lambda uow: notices.cancel_competition(uow, competition=key, reason="一"),
        "ask": lambda uow: notices.ask_question(uow, competition=key, body="一"),
        "bid": lambda uow: bidding.place_bid(uow, competition=key, offer=sealed),
        "take back": lambda uow: bidding.withdraw_bid(uow, competition=key),
        "explain": lambda uow: bidding.justify_price(uow, competition=key, words="一"),
        "open": lambda uow: bidding.request_opening(uow, competition=key),
        "do not open": lambda uow: bidding.withdraw_opening(uow, competition=key),
        "confirm": lambda uow: bidding.confirm_opening(uow, competition=key),
        "mark": lambda uow: evaluating.record_scores(uow, competition=key, marks={}),
        "evaluate": lambda uow: evaluating.evaluate_bids(uow, competition=key, reason="一"),
        "award": lambda uow: awarding.publish_award(uow, competition=key, reason="一"),
        "fail": lambda uow: awarding.fail_competition(uow, competition=key, reason="一"),
        "again": lambda uow: notices.rerun_competition(uow, competition=key, closes_at=later),
    }


def test_who_may_do_what_with_a_competition_in_each_state(story):
    world = draft()
    stranger, other = offer().agent, make_department().officer
    found = three()
    with story("competitions/may", **people(world), stranger=stranger, other=other) as told:
        for state in ORDER:
            if state is not S.DRAFT:
                step(world, state)
            if state is S.PUBLISHED:
                for one, price in zip(found, PRICES, strict=True):
                    bid(world, one, price)
                world.offers = found
            told.lines.append(f"=== {state}")
            winner = found[-1].agent
            told.may(acts(world), *people(world).values(), winner, stranger, other, at=world.now)


def test_a_competition_is_prepared_by_one_and_published_by_another(story):
    world = draft()
    department = world.department
    elsewhere = make_project(region_code="220202")
    foreign = make_department().line_id
    with story("competitions/prepared", **people(world)) as told:

        def drafting(project=world.project_id, **changes):
            said = notice(department, project, world.now, **changes)
            return lambda uow: notices.draft_competition(uow, notice=said)

        late, comprehensive = world.now + MINUTE, {"method": Method.COMPREHENSIVE}
        told.may(
            {
                "as it is": drafting(),
                "elsewhere": drafting(elsewhere),
                "for enterprises": drafting(item_code="JL-Z01"),
                "no amount": drafting(ceiling_fen=0),
                "one fen": drafting(ceiling_fen=1),
                "closing now": drafting(closes_at=world.now),
                "closing later": drafting(closes_at=late),
                "merit": drafting(merit=True, weights=WEIGHTS, **comprehensive),
                "no weights": drafting(**comprehensive),
                "weights": drafting(weights=WEIGHTS, **comprehensive),
                "foreign line": drafting(budget_line_id=foreign),
            },
            department.officer,
            department.approver,
            at=world.now,
        )
        said = notice(
            department,
            world.project_id,
            world.now,
            title=" 另一题 ",
            scope=" 另一范围 ",
            method=Method.COMPREHENSIVE,
            ceiling_fen=CEILING + 1,
            weights=WEIGHTS,
        )
        on(world, department.officer, notices.edit_competition, notice=said)
        on(world, department.colleague, notices.propose_competition)
        refusals(lambda: on(world, department.approver, notices.send_back_competition, reason=" "))
        on(world, department.approver, notices.send_back_competition, reason=" 请补充 ")
        plain = notice(department, world.project_id, world.now)
        on(world, department.officer, notices.edit_competition, notice=plain)
        step(world, S.PROPOSED)
        step(world, S.PUBLISHED)


def test_nothing_is_proposed_or_published_whose_sign_up_would_be_too_short(story):
    world = draft()
    author = make_member(
        world.department.organisation_id, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER
    )
    with story("competitions/short", **people(world), author=author) as told:
        short = world.now + timedelta(days=2)
        said = notice(world.department, world.project_id, world.now, closes_at=short)
        on(world, author, notices.edit_competition, notice=said)
        refusals(lambda: on(world, author, notices.propose_competition))
        said = notice(world.department, world.project_id, world.now)
        on(world, author, notices.edit_competition, notice=said)
        step(world, S.PROPOSED)
        key = world.competition_id
        publish = {"publish": lambda uow: notices.publish_competition(uow, competition=key)}
        told.may(publish, author, world.department.approver, at=world.now)
        for days in (8, 9, 10, 11, 12, 14):
            told.may(publish, world.department.approver, at=world.now + timedelta(days=days))


def test_a_line_for_another_item_pays_nothing(story):
    world = draft()
    department = world.department
    with story("competitions/lines", **people(world)) as told:
        for item in (PLAIN_ITEM, "JL-Z03"):
            line = make_line_for(department, item)
            said = notice(department, world.project_id, world.now, budget_line_id=line)
            told.may(
                {item: lambda uow, said=said: notices.draft_competition(uow, notice=said)},
                department.officer,
                at=world.now,
            )


def make_line_for(department, item):
    """A line for one item only."""
    return act(
        department.budget,
        lambda uow: ledger.open_line(
            uow,
            department_id=department.organisation_id,
            fiscal_year=2026,
            name=f"专项{item}",
            item_code=item,
            appropriation_fen=100,
        ),
    )


def test_questions_are_asked_and_answered_for_everybody_while_there_is_time(story):
    world, other = make_competition(), make_competition()
    asker = offer().agent
    department = world.department
    with story("competitions/questions", **people(world), asker=asker) as told:
        refusals(lambda: on(world, asker, notices.ask_question, body=" "))
        key = on(world, asker, notices.ask_question, body=" 范围? ")
        foreign = on(other, asker, notices.ask_question, body="一")
        answer = notices.answer_question
        refusals(
            lambda: on(world, department.officer, answer, question=key, answer=" "),
            lambda: on(world, department.officer, answer, question=foreign, answer="一"),
            lambda: on(world, department.budget, answer, question=key, answer="一"),
        )
        closes = world.row().closes_at
        mine = world.competition_id
        asking = {
            "ask": lambda uow: notices.ask_question(uow, competition=mine, body="一"),
            "answer": lambda uow: answer(uow, competition=mine, question=key, answer="一"),
        }
        for at in (closes - timedelta(seconds=1), closes):
            told.may(asking, asker, department.officer, at=at)
        on(world, department.officer, answer, question=key, answer=" 全部 ")
        refusals(lambda: on(world, department.officer, answer, question=key, answer="一"))


def test_two_people_open_and_a_third_publishes_what_was_ordered(story):
    found = three()
    world = make_competition(offers=found)
    department = world.department
    with story("competitions/awarded", **people(world)):
        closes = world.row().closes_at
        world.now = closes - timedelta(seconds=1)
        world.settle()
        world.now = closes
        world.settle()
        step(world, S.OPENING_REQUESTED)
        on(world, department.colleague, bidding.withdraw_opening)
        step(world, S.OPENING_REQUESTED)
        step(world, S.OPENED)
        refusals(lambda: on(world, department.officer, evaluating.evaluate_bids, reason=" "))
        step(world, S.EVALUATED)
        refusals(lambda: on(world, department.approver, awarding.publish_award, reason=" "))
        step(world, S.AWARD_PUBLISHED)
        until = end_of_day(world.row().objection_until)
        world.now = until - timedelta(seconds=1)
        world.settle()
        world.now = until
        world.settle()


def conclude(world, fen, engagement=77):
    """The contract of an engagement is recorded."""
    world.now += MINUTE
    key = world.competition_id
    act(
        SYSTEM,
        lambda uow: awarding.conclude(
            uow, competition_id=key, engagement_id=engagement, contract_fen=fen
        ),
        at=world.now,
    )


def test_the_contract_concludes_it_within_the_award(story):
    world = make_competition(S.AWARDED)
    early = make_competition(S.EVALUATED)
    with story("competitions/concluded", **people(world)):
        refusals(lambda: conclude(world, min(PRICES) + 1), lambda: conclude(early, 1))
        conclude(world, min(PRICES))
        refusals(lambda: conclude(world, min(PRICES)), lambda: decline(world))


def decline(world, engagement=77):
    """The winner declines."""
    world.now += MINUTE
    key = world.competition_id
    act(
        SYSTEM,
        lambda uow: awarding.winner_declined(uow, competition_id=key, engagement_id=engagement),
        at=world.now,
    )


def test_winners_decline_until_nobody_is_next(story):
    world = make_competition(S.AWARDED)
    with story("competitions/declined", **people(world)):
        decline(world)
        step(world, S.AWARDED)
        act(
            SYSTEM,
            lambda uow: project_services.pass_claim(
                uow,
                record_kind="competition",
                record_id=world.competition_id,
                to_kind="engagement",
                to_id=78,
            ),
            at=world.now,
        )
        decline(world, 78)
        world.now += timedelta(days=9)
        step(world, S.AWARDED)
        decline(world, 79)


def lift(world, objection, *, upheld):
    """An objection is decided."""
    world.now += MINUTE
    key = world.competition_id
    act(
        SYSTEM,
        lambda uow: awarding.lift_hold(
            uow, competition_id=key, objection_id=objection, upheld=upheld
        ),
        at=world.now,
    )


def hold(world, objection):
    """An objection holds the award."""
    world.now += MINUTE
    key = world.competition_id
    act(
        SYSTEM,
        lambda uow: awarding.hold_award(uow, competition_id=key, objection_id=objection),
        at=world.now,
    )


def test_objections_hold_an_award_until_the_last_is_decided(story):
    world, early = make_competition(S.AWARD_PUBLISHED), make_competition(S.EVALUATED)
    with story("competitions/held", **people(world)) as told:
        refusals(lambda: hold(early, 1), lambda: lift(world, 1, upheld=True))
        hold(world, 1)
        hold(world, 2)
        lift(world, 1, upheld=False)
        lift(world, 1, upheld=True)
        until, key = end_of_day(world.row().objection_until), world.competition_id
        holding = {"hold": lambda uow: awarding.hold_award(uow, competition_id=key, objection_id=3)}
        for at in (until - timedelta(seconds=1), until):
            told.may(holding, SYSTEM, at=at)
        world.settle()
        world.now = until + timedelta(days=2)
        lift(world, 2, upheld=False)
        world.settle()


def test_an_upheld_objection_or_a_suspension_makes_room_for_the_next(story):
    found = three()
    world = make_competition(S.AWARD_PUBLISHED, offers=found)
    with story("competitions/set_aside", **people(world)):
        hold(world, 1)
        lift(world, 1, upheld=True)
        world.now += MINUTE
        pause(found[1])
        on(world, world.department.approver, awarding.publish_award, reason="次序。")
        pause(found[0])
        world.settle(timedelta(days=9))
        refusals(
            lambda: on(world, world.department.approver, awarding.publish_award, reason="一"),
            lambda: on(world, world.department.approver, awarding.fail_competition, reason=" "),
        )
        on(world, world.department.approver, awarding.fail_competition, reason=" 无人可选 ")


@pytest.mark.parametrize("state", [S.PUBLISHED, S.AWARD_PUBLISHED])
def test_a_competition_is_called_off(story, state):
    world = make_competition(state)
    with story(f"competitions/cancelled_{state}", **people(world)):
        cancel = notices.cancel_competition
        refusals(lambda: on(world, world.department.approver, cancel, reason=" "))
        on(world, world.department.approver, cancel, reason=" 项目取消 ")


@pytest.mark.parametrize("bids", [2, 3])
def test_with_too_few_it_fails_and_is_put_out_again(story, bids):
    found = three()[:bids]
    world = make_competition(offers=found, prices=PRICES[:bids])
    if bids == 3:
        on(world, found[0].agent, bidding.withdraw_bid)
    with story(f"competitions/too_few_{bids}", **people(world)):
        world.now = world.row().closes_at
        world.settle()
        later = world.now + timedelta(days=14)
        on(world, world.department.officer, notices.rerun_competition, closes_at=later)
        rerun = notices.rerun_competition
        refusals(lambda: on(world, world.department.officer, rerun, closes_at=later))
