"""Competitions under concurrency, over HTTP against four web processes and the worker."""

from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import func, select

from marketplace.budgets import queries as budgets
from marketplace.competitions.models import Award, Bid
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.rules import ACTIVE_AWARDS, CompetitionState
from marketplace.competitions.services import awarding, notices
from marketplace.infra.database import reading_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.times import SHANGHAI
from marketplace.projects.queries.reading import claim_of, claims_of
from tests.competitions import (
    CEILING,
    World,
    draft,
    make_competition,
    make_department,
    notice,
)
from tests.dossiers import act
from tests.factories import make_member
from tests.journeys import dealings
from tests.journeys.past import of_long_ago
from tests.journeys.servers import Market, Sent, at_once
from tests.market import PLAIN_ITEM, Offer, offer

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
AT_ONCE = 32
PAID_FOR = 10
_S = CompetitionState


def statuses(answers: list[Sent]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for answer in answers:
        counted[answer.status] = counted.get(answer.status, 0) + 1
    return counted


@pytest.fixture(scope="module")
def bidders(market: Market) -> list[Offer]:
    with market.app.app_context():
        return [offer() for _ in range(3)]


def told(world: World, *kinds: str) -> int:
    """How often the trail tells of one of these."""
    with reading_session() as session:
        return session.scalar(
            select(func.count(EventRecord.id)).where(
                EventRecord.subject_kind == "competition",
                EventRecord.subject_id == world.competition_id,
                EventRecord.kind.in_(kinds),
            )
        )


def state_of(world: World) -> CompetitionState:
    with reading_session() as session:
        return reading.competition(session, world.competition_id).state


def test_of_two_who_open_the_bids_at_once_one_opens_them(market, bidders):
    department = make_department()
    world = of_long_ago(_S.OPENING_REQUESTED, department=department, offers=bidders)
    other = make_member(department.organisation_id, Role.DEPARTMENT_OFFICER)
    browsers = [market.browser(department.colleague), market.browser(other)]
    path = f"/competitions/manage/{world.public_id}/confirm-opening"

    answers = at_once([partial(one.send, path) for one in browsers * (AT_ONCE // 2)])

    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    assert told(world, "competition.opened") == 1
    with reading_session() as session:
        row = reading.competition(session, world.competition_id)
        assert row.opened_by in {department.colleague.user_id, other.user_id}
        assert len(sealed.opened_bids(session, row.id)) == 3


def test_of_two_who_publish_at_once_one_does_and_the_money_is_reserved_once(market):
    department = make_department()
    world = draft(department)
    world.do(department.officer, notices.propose_competition)
    other = make_member(department.organisation_id, Role.DEPARTMENT_APPROVER)
    browsers = [market.browser(department.approver), market.browser(other)]
    path = f"/competitions/manage/{world.public_id}/publish"

    answers = at_once([partial(one.send, path) for one in browsers * (AT_ONCE // 2)])

    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    with reading_session() as session:
        assert budgets.line(session, department.line_id).reserved_fen == CEILING


def test_notices_for_one_item_of_a_project_become_one_competition(market):
    department = make_department()
    worlds = [draft(department)]
    for _number in range(3):
        said = notice(department, worlds[0].project_id)
        ref = act(
            department.officer, lambda uow, said=said: notices.draft_competition(uow, notice=said)
        )
        worlds.append(World(department, worlds[0].project_id, ref.id, ref.public_id, worlds[0].now))
    for world in worlds:
        world.do(department.officer, notices.propose_competition)
    browser = market.browser(department.approver)
    paths = [f"/competitions/manage/{world.public_id}/publish" for world in worlds]

    answers = at_once([partial(browser.send, path) for path in paths * 8])

    assert statuses(answers) == {303: 1, 409: AT_ONCE - 1}
    assert [state_of(world) for world in worlds].count(_S.PUBLISHED) == 1
    with reading_session() as session:
        assert budgets.line(session, department.line_id).reserved_fen == CEILING
        assert len(claims_of(session, worlds[0].project_id)) == 1


def test_32_publications_at_once_reserve_what_the_line_can_bear(market):
    department = make_department(amount_fen=CEILING * PAID_FOR + CEILING // 2)
    worlds = [draft(department) for _ in range(AT_ONCE)]
    for world in worlds:
        world.do(department.officer, notices.propose_competition)
    other = make_member(department.organisation_id, Role.DEPARTMENT_APPROVER)
    browsers = [market.browser(department.approver), market.browser(other)]

    answers = at_once(
        [
            partial(browsers[n % 2].send, f"/competitions/manage/{world.public_id}/publish")
            for n, world in enumerate(worlds)
        ]
    )

    assert statuses(answers) == {303: PAID_FOR, 409: AT_ONCE - PAID_FOR}
    with reading_session() as session:
        line = budgets.line(session, department.line_id)
        assert (line.reserved_fen, line.free_fen) == (CEILING * PAID_FOR, CEILING // 2)
        assert list(dealings.wrong_money(session)) == []
        for world, answer in zip(worlds, answers, strict=True):
            published = answer.status == 303
            assert (state_of(world) is _S.PUBLISHED) is published
            assert told(world, "competition.published") == published
            hold = budgets.hold_of(session, "competition", world.competition_id)
            assert (hold is not None) is published
            claim = claim_of(session, world.project_id, PLAIN_ITEM)
            assert (claim is not None) is published


def test_of_two_who_publish_the_award_at_once_one_does(market, bidders):
    department = make_department()
    worlds = [of_long_ago(_S.EVALUATED, department=department, offers=bidders) for _ in range(4)]
    other = make_member(department.organisation_id, Role.DEPARTMENT_APPROVER)
    browsers = [market.browser(department.approver), market.browser(other)]
    calls = []
    for world in worlds:
        path = f"/competitions/manage/{world.public_id}/publish-award"
        calls += [partial(one.send, path, reason="同意。") for one in browsers * 4]

    answers = at_once(calls)

    for number, world in enumerate(worlds):
        assert statuses(answers[8 * number : 8 * number + 8]) == {303: 1, 409: 7}
        assert told(world, "competition.award_published") == 1
        with reading_session() as session:
            query = select(Award).where(Award.competition_id == world.competition_id)
            (award,) = session.scalars(query)
            assert award.state in ACTIVE_AWARDS


def test_an_award_and_a_cancellation_at_once_leave_one_of_the_two(market, bidders):
    department = make_department()
    approver = market.browser(department.approver)
    worlds = [of_long_ago(_S.EVALUATED, department=department, offers=bidders) for _ in range(4)]
    for world in worlds:
        world.do(department.approver, awarding.publish_award, reason="同意。")

    def award(world: World) -> None:
        with market.app.app_context():
            world.now = datetime.now(SHANGHAI)
            world.settle()

    calls = []
    for world in worlds:
        path = f"/competitions/manage/{world.public_id}/cancel"
        calls += [partial(approver.send, path, reason="调整。"), partial(award, world)] * 4
    answers = at_once(calls)

    for number, world in enumerate(worlds):
        sent = [one.status for one in answers[8 * number : 8 * number + 8 : 2]]
        ended = state_of(world)
        cancelled = ended is _S.CANCELLED
        assert ended in {_S.AWARDED, _S.CANCELLED}
        assert sorted(sent) == ([303, 409, 409, 409] if cancelled else [409] * 4)
        assert told(world, "competition.awarded", "competition.cancelled") == 1
        with reading_session() as session:
            active = session.scalar(
                select(func.count(Award.id)).where(
                    Award.competition_id == world.competition_id, Award.state.in_(ACTIVE_AWARDS)
                )
            )
            hold = budgets.hold_of(session, "competition", world.competition_id)
            held = claim_of(session, world.project_id, PLAIN_ITEM)
        assert active == (0 if cancelled else 1)
        assert hold.active is not cancelled
        assert (held is None) is cancelled


def test_one_institution_that_bids_32_times_at_once_has_one_bid(market, bidders):
    world = make_competition(department=make_department())
    browser = market.browser(bidders[0].agent)
    path = f"/competitions/{world.public_id}/bid"

    answers = at_once(
        [partial(browser.send, path, price=str(50_000 + n), promised_days="9") for n in range(32)]
    )

    assert statuses(answers) == {303: AT_ONCE}
    with reading_session() as session:
        (kept,) = session.scalars(select(Bid).where(Bid.competition_id == world.competition_id))
        assert kept.version == AT_ONCE
