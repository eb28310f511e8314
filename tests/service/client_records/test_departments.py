"""What is counted of departments alone, and of whoever was the client when it happened."""

from datetime import datetime, timedelta

import pytest

from marketplace.budgets.queries.paid_late import paid_late
from marketplace.client_records.queries import records
from marketplace.client_records.rules import Figure, Share, since
from marketplace.competitions.queries.unanswered import unanswered
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import notices
from marketplace.continuations import queries as continuations
from marketplace.continuations import services as answering
from marketplace.engagements.queries import handovers
from marketplace.engagements.rules import ClientKind, Side, State
from marketplace.engagements.services import doing, ending, handing
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import SHANGHAI, end_of_day, start_of_day
from marketplace.rulings.rules import Outcome
from tests.client_records import measured, record_of
from tests.competitions import make_competition
from tests.conftest import TODAY
from tests.engagements import AMOUNT, make_engagement, make_enterprise, put_forward, row_of, work
from tests.market import offer
from tests.money import YUAN, accept, approve, commit, holds, make_department, make_line, propose
from tests.money import reserve as reserve_money
from tests.service.continuations.test_continuations import becomes
from tests.service.projects.test_changing_hands import give
from tests.service.rulings.test_rulings import Matter

HOUR = timedelta(hours=1)


def test_an_award_that_a_department_was_ruled_to_have_let_lie_is_counted(app, session):
    matter = Matter(app, session, Side.CLIENT)
    department = matter.world.department.organisation_id
    assert Figure.AWARDS not in measured(session, department, matter.now)

    matter.hear_both()
    assert matter.rule(Outcome.DEPARTMENT_AT_FAULT) == ""

    found = measured(session, department, matter.now + HOUR)
    assert found[Figure.AWARDS] == Share(1, 1)
    assert found[Figure.CONTRACTS] == Share(1, 1)
    assert Figure.GIVEN_UP not in found


def test_an_award_that_the_winner_let_lie_is_not_the_departments(app, session):
    matter = Matter(app, session, Side.PROVIDER)
    matter.hear_both()
    assert matter.rule(Outcome.WINNER_ABANDONS) == ""

    found = measured(session, matter.world.department.organisation_id, matter.now + HOUR)

    assert found[Figure.AWARDS] == found[Figure.GIVEN_UP] == Share(0, 1)
    assert found[Figure.CONTRACTS] == Share(0, 1)


@pytest.fixture
def line(app) -> tuple:
    """A department with two works of which the money may be paid, one of them paid in full."""
    department = make_department()
    line = make_line(department)
    for number in (1, 2):
        reserve_money(department, line, 100 * YUAN, number)
        commit(number, 100 * YUAN)
        accept(number)
    first, second = holds(line)
    return department, first, second


def test_a_work_paid_in_parts_is_paid_with_the_last_of_them(line, session):
    department, hold, _other = line
    for part in (40, 60):
        payment = propose(department, hold.id, part * YUAN)
        approve(department, payment.id)

    assert paid_late(session, department.id, since(TODAY), TODAY) == (0, 1)
    over = hold.pay_by + timedelta(days=1)
    assert paid_late(session, department.id, since(TODAY), hold.pay_by) == (0, 1)
    assert paid_late(session, department.id, since(TODAY), over) == (1, 2)


def test_a_payment_after_its_day_is_late_also_when_it_has_come(line, session):
    department, hold, _other = line
    late = timedelta(days=(hold.pay_by - TODAY).days + 1)
    payment = propose(department, hold.id, 99 * YUAN, final=True, later=late)
    approve(department, payment.id, late)

    session.rollback()
    assert paid_late(session, department.id, since(TODAY), hold.pay_by) == (1, 1)
    assert paid_late(session, department.id, hold.pay_by + timedelta(days=2), hold.pay_by) == (0, 0)


def test_a_question_that_is_open_when_sign_up_closes_was_left_unanswered(app, session):
    world = make_competition(CompetitionState.PUBLISHED)
    asker = offer("提问咨询有限公司").agent
    first, _second = (
        world.do(asker, notices.ask_question, body=words) for words in ("现场资料？", "工期？")
    )
    world.do(world.department.officer, notices.answer_question, question=first, answer="已附。")
    department, start = world.department.organisation_id, start_of_day(since(TODAY))
    assert unanswered(session, department, start) == (0, 0)

    world.settle(timedelta(days=15))
    session.rollback()

    assert unanswered(session, department, start) == (1, 2)
    assert unanswered(session, department, world.now + HOUR) == (0, 0)
    row = records.client_by_key(session, department)
    assert (row.kind, row.under_way) == (ClientKind.DEPARTMENT, 0)


def test_a_question_in_the_last_minutes_is_not_left_unanswered(app, session):
    world = make_competition(CompetitionState.PUBLISHED)
    asker = offer("临截止提问咨询有限公司").agent
    closes_at = world.row().closes_at
    early, late = closes_at - timedelta(days=10), closes_at - timedelta(minutes=1)
    for world.now in (early, late):
        world.do(asker, notices.ask_question, body="工期如何起算？")

    world.now = closes_at
    world.settle(HOUR)
    session.rollback()

    department = world.department.organisation_id
    assert unanswered(session, department, start_of_day(since(TODAY))) == (1, 1)


def test_materials_of_a_halted_project_are_nobodys_to_confirm(app, session):
    world = make_engagement(State.CONTRACTED)
    over = end_of_day(row_of(session, world).turn_due_on)
    becomes(session, world)
    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=world.engagement_id), over)

    client = world.client.organisation_id
    assert Figure.MATERIALS not in measured(session, client, over + HOUR)


def test_an_amendment_that_waited_for_the_client_before_is_not_the_next_ones(app, session):
    world, heir = make_engagement(State.IN_PROGRESS), make_enterprise()
    put_forward(world.provider, world.engagement_id, AMOUNT + 1)
    give(session, world.project_id, heir)
    work(SYSTEM, lambda uow: handing.follow_project(uow, world.project_id))
    key = handovers.shown_with(session, world.engagement_id).id
    for one in (world.client, heir):
        work(one, lambda uow: handing.agree_to_handover(uow, handover=key))
    put_forward(heir, world.engagement_id, AMOUNT + 1)

    later = datetime.now(SHANGHAI) + HOUR
    for one in (world.client, heir):
        told = record_of(session, one.organisation_id, later).figures
        assert told[Figure.CONTRACTS] == Share(0, 0 if one is heir else 1)


def test_what_a_client_did_stays_its_own_when_the_work_passes_to_another(app, session):
    world, heir = make_engagement(State.DELIVERED), make_enterprise()
    over = end_of_day(row_of(session, world).turn_due_on)
    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=world.engagement_id), over)
    give(session, world.project_id, heir)
    work(SYSTEM, lambda uow: handing.follow_project(uow, world.project_id), over)
    key = handovers.shown_with(session, world.engagement_id).id
    for one in (world.client, heir):
        work(one, lambda uow: handing.agree_to_handover(uow, handover=key), over)
    work(heir, lambda uow: doing.accept_delivery(uow, engagement=world.engagement_id), over)

    before = record_of(session, world.client.organisation_id, over + HOUR)
    after = record_of(session, heir.organisation_id, over + HOUR)

    assert before.figures[Figure.DELIVERIES] == Share(1, 1)
    assert (before.commissioned, after.commissioned) == (1, 0)
    assert after.measured == {}
    assert records.client_by_key(session, world.client.organisation_id).under_way == 0


def test_a_client_that_does_not_say_what_becomes_of_its_work_is_counted(app, session):
    silent, speaks = make_engagement(State.IN_PROGRESS), make_engagement(State.IN_PROGRESS)
    for world in (silent, speaks):
        becomes(session, world)
    found = continuations.shown_with(session, speaks.engagement_id)
    work(speaks.client, lambda uow: answering.keep_work(uow, continuation=found.id))
    over = end_of_day(found.due_on)
    session.rollback()
    settle_due(over, raise_errors=True)

    def of(world) -> Share:
        told = record_of(session, world.client.organisation_id, over + HOUR)
        return told.figures[Figure.CONTINUATIONS]

    assert (of(silent), of(speaks)) == (Share(1, 1), Share(0, 1))
