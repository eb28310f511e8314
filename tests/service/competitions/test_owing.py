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


@pytest.mark.parametrize("state", [_S.DRAFT, *_STEPS, _S.AWARD_PUBLISHED])
def test_a_step_is_owed_by_those_who_may_take_it(state):
    world = make_competition(state)
    session, row = db.session(), world.row()
    standing = reading.standing(session, row)
    one = world.department
    both = replace(one.approver, roles=frozenset(policy.STAFF), user_id=one.officer.user_id)
    people = (one.officer, one.colleague, one.approver, one.budget, both)

    asked = _STEPS.get(state)
    may = {who for who in people if asked is not None and asked(who, standing).allowed}
    found = {who for who in people if owing.owed_by(session, who, world.now.date()).total}
    assert found == may


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
