"""A notice is edited, proposed, sent back; marks are kept within their bounds."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.competitions.models import BidScore, Competition
from marketplace.competitions.queries import reading
from marketplace.competitions.rules import CompetitionState, Method
from marketplace.competitions.services import evaluating, notices
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.errors import NotFound, Refused
from marketplace.projects.models import Project
from marketplace.projects.rules import ProjectState
from tests.competitions import PRICES, WEIGHTS, advance, draft, enter, make_competition, notice
from tests.dossiers import a_scan

pytestmark = pytest.mark.usefixtures("app")
_S = CompetitionState


def refused(work, *arguments, **said) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Refused) as refusal:
        work(*arguments, **said)
    return refusal.value.code


def told(world) -> list[str]:
    db.session.rollback()
    query = select(EventRecord.kind).where(
        EventRecord.subject_kind == "competition", EventRecord.subject_id == world.competition_id
    )
    return [
        kind.removeprefix("competition.") for kind in db.session.scalars(query.order_by("sequence"))
    ]


def test_an_edited_draft_says_what_was_typed_last_and_who_typed_it():
    world = draft(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    said = notice(
        world.department,
        world.project_id,
        world.now,
        title="更改后的公告",
        ceiling_fen=7_000_000,
        method=Method.COMPREHENSIVE,
        weights=WEIGHTS[:1] + (WEIGHTS[1], WEIGHTS[2])[::-1],
    )
    world.do(world.department.officer, notices.edit_competition, notice=said)

    row = world.row()
    assert (row.title, row.ceiling_fen) == ("更改后的公告", 7_000_000)
    kept = reading.criteria(db.session(), world.competition_id)
    assert [one.name for one in kept] == [one.name for one in said.weights]
    edited_by = db.session.get_one(Competition, world.competition_id).edited_by
    assert edited_by == world.department.officer.user_id
    assert told(world) == ["drafted", "edited"]


def test_a_proposed_notice_is_not_edited_before_it_was_sent_back_with_a_reason():
    world = draft()
    officer, approver = world.department.officer, world.department.approver
    said = notice(world.department, world.project_id, world.now, title="另一题目")
    world.do(officer, notices.propose_competition)
    assert refused(world.do, officer, notices.edit_competition, notice=said)
    assert refused(world.do, approver, notices.send_back_competition, reason=" ")
    world.do(approver, notices.send_back_competition, reason="请写明范围。")

    assert world.row().state is _S.DRAFT
    world.do(officer, notices.edit_competition, notice=said)
    assert told(world) == ["drafted", "proposed", "sent_back", "edited"]


@pytest.mark.parametrize("state", [ProjectState.COMPLETED, ProjectState.EXCLUDED])
def test_nothing_is_published_for_a_project_that_ended_meanwhile(state):
    world = draft()
    world.do(world.department.officer, notices.propose_competition)
    db.session.get_one(Project, world.project_id).state = state
    db.session.commit()

    code = refused(world.do, world.department.approver, notices.publish_competition)
    assert code == f"project.{state}"


@pytest.fixture
def opened():
    """Opened bids under published weights."""
    world = make_competition(method=Method.COMPREHENSIVE, weights=WEIGHTS)
    enter(world, PRICES, proposal=a_scan())
    for state in (_S.CLOSED, _S.OPENING_REQUESTED, _S.OPENED):
        advance(world, state)
    return world


def keep(world, criterion, mark, bid=None):
    """One mark for a bid, by the officer."""
    key = bid or world.bids()[0].public_id
    world.do(
        world.department.officer,
        evaluating.record_scores,
        marks={(key, criterion): Decimal(mark)},
    )


@pytest.mark.parametrize(
    ("mark", "kept"),
    [("0", 0), ("100", 10_000), ("87.5", 8750), ("-0.01", None), ("100.01", None)],
)
def test_a_mark_lies_between_0_and_100_and_a_later_one_takes_its_place(opened, mark, kept):
    _price, plan, _record = reading.criteria(db.session(), opened.competition_id)
    keep(opened, plan.id, "50")
    if kept is None:
        assert refused(keep, opened, plan.id, mark) == "competition.mark_out_of_range"
    else:
        keep(opened, plan.id, mark)

    db.session.rollback()
    (row,) = db.session.scalars(select(BidScore)).all()
    assert row.mark_hundredths == (5000 if kept is None else kept)
    assert row.scored_by == opened.department.officer.user_id


def test_the_price_and_bids_of_others_are_never_marked_by_hand(opened):
    price, plan, _record = reading.criteria(db.session(), opened.competition_id)
    for criterion, bid in ((price.id, None), (plan.id, "abcdefghij")):
        with pytest.raises(NotFound):
            keep(opened, criterion, "50", bid)
