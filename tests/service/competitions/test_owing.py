"""What waits in competitions, for whom, and how urgent it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.competitions import policy
from marketplace.competitions.queries import owing, reading
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import notices
from marketplace.infra.database import db
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date
from tests.competitions import make_competition, waiting
from tests.market import offer

pytestmark = pytest.mark.usefixtures("app")
_S = CompetitionState


def test_the_lights_show_what_the_department_owes():
    world = make_competition(_S.CLOSED)
    today = world.now.date()
    owed = [one for one in waiting(today) if one.kind == "competition"]
    assert [(one.what, one.light) for one in owed] == [("competition.open", "green")]
    late = waiting(today + timedelta(days=14))
    assert [one.light for one in late if one.public_id == world.public_id] == ["red"]


_STEPS = {
    _S.PROPOSED: policy.may_publish,
    _S.CLOSED: policy.may_request_opening,
    _S.OPENING_REQUESTED: policy.may_confirm_opening,
    _S.OPENED: policy.may_evaluate,
    _S.EVALUATED: policy.may_publish_award,
}


def people_of(department):
    """Everybody of a department, and one person in all their roles."""
    everything = frozenset(policy.STAFF)
    both = replace(department.approver, roles=everything, user_id=department.officer.user_id)
    one = department
    return (one.officer, one.colleague, one.approver, one.budget, both)


def owing_now(world, now):
    """Those of the department who have something to do."""
    people, session = people_of(world.department), db.session()
    return {who for who in people if owing.owed_by(session, who, now).total}


@pytest.mark.parametrize("state", [_S.DRAFT, *_STEPS, _S.AWARD_PUBLISHED])
def test_a_step_is_owed_by_those_who_may_take_it(state):
    world = make_competition(state)
    standing = reading.standing(db.session(), world.row(), local_date(world.now))

    asked, people = _STEPS.get(state), people_of(world.department)
    may = {who for who in people if asked is not None and asked(who, standing).allowed}
    assert owing_now(world, world.now) == may


@pytest.mark.parametrize(
    ("before_closing", "whoever"), [(timedelta(seconds=1), 4), (timedelta(), 0)]
)
def test_a_question_is_owed_by_those_who_may_answer_it(before_closing, whoever):
    world = make_competition()
    world.do(offer().agent, notices.ask_question, body="几份报告?")
    row = world.row()
    now = row.closes_at - before_closing
    standing = reading.standing(db.session(), row, local_date(now))

    people = people_of(world.department)
    may = {who for who in people if policy.may_answer(who, standing, now).allowed}
    assert (owing_now(world, now), len(may)) == (may, whoever)


def test_a_question_waits_until_it_is_answered():
    world = make_competition()
    found = offer()
    key = world.do(found.agent, notices.ask_question, body="几份报告?")
    today = world.now.date()
    assert "competition.answer" in {one.what for one in waiting(today)}
    world.do(world.department.officer, notices.answer_question, question=key, answer="三份。")
    with pytest.raises(Refused, match=r"competition\.already_answered"):
        world.do(world.department.officer, notices.answer_question, question=key, answer="四份。")
    assert waiting(today) == ()
