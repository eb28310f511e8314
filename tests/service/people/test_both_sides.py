"""A person acts for one side of a record only, whatever organisations and accounts they have."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import bidding, notices
from marketplace.complaints import services as complaints
from marketplace.complaints.rules import About
from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning, doing, ending
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.quotations import services as quotations
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from tests.cases import make_association
from tests.competitions import make_competition
from tests.engagements import AMOUNT, later, make_engagement, paper, refused, work
from tests.factories import make_member, make_organisation
from tests.people import crossed, second_account
from tests.quotations import closed_round, make_round, quotation_keys
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")
BEST = dict.fromkeys(CRITERIA, 5)


@dataclass(frozen=True)
class Scene:
    """What somebody does next, for which organisation, and who has acted for the other side."""

    next_for: int
    role: Role
    person: Actor
    act: Callable[..., object]


def _engagement(state: str, name: str, side: str) -> Scene:
    world = make_engagement(State(state))
    key = {"engagement": world.engagement_id}
    today = later(0).date()
    acts = {
        "take on": lambda uow: beginning.take_on_engagement(uow, **key),
        "decline": lambda uow: beginning.decline_engagement(uow, reason="人手不足。", **key),
        "contract": lambda uow: beginning.record_contract(
            uow, amount_fen=AMOUNT, signed_on=today, papers=[paper()], **key
        ),
        "step back": lambda uow: beginning.cancel_engagement(uow, reason="推迟。", **key),
        "start": lambda uow: doing.start_work(uow, **key),
        "pause": lambda uow: doing.pause_work(uow, reason="等待。", papers=[paper()], **key),
        "deliver": lambda uow: doing.deliver_version(uow, papers=[paper()], **key),
        "accept": lambda uow: doing.accept_delivery(uow, **key),
        "return": lambda uow: doing.return_delivery(uow, reason="有误。", **key),
        "terminate": lambda uow: ending.terminate_engagement(uow, reason="终止。", **key),
        "rate": lambda uow: ratings.rate_engagement(uow, scores=BEST, **key),
        "reply": lambda uow: ratings.answer_rating(uow, words="感谢。", **key),
        "file": lambda uow: complaints.file_complaint(
            uow, about=About.ENGAGEMENT, record=world.public_id, headline="拖延", body="不配合"
        ),
    }
    if side == "client":
        return Scene(
            world.client.organisation_id, Role.ENTERPRISE_AGENT, world.provider, acts[name]
        )
    return Scene(world.provider.organisation_id, Role.INSTITUTION_AGENT, world.client, acts[name])


def _rating(state: str, name: str, side: str) -> Scene:
    return _engagement(state, name, side)


def _quotation(state: str, name: str, side: str) -> Scene:
    found = closed_round([AMOUNT]) if state == "closed" else make_round([AMOUNT])
    asked = found.asked[0]
    request = {"request": asked.request_id}
    acts = {
        "answer": lambda uow: quotations.answer_request(uow, price_fen=1_000, days=5, **request),
        "refuse": lambda uow: quotations.decline_request(uow, reason="档期已满。", **request),
        "close": lambda uow: quotations.close_round(uow, quotation_round=found.id),
    }
    if name == "pick":
        key = quotation_keys(found)[0]
        acts["pick"] = lambda uow: quotations.pick_quotation(uow, quotation=key)
    if side == "client":
        return Scene(found.client.organisation_id, Role.ENTERPRISE_AGENT, asked.agent, acts[name])
    return Scene(asked.agent.organisation_id, Role.INSTITUTION_AGENT, found.client, acts[name])


def _competition(state: str, name: str, side: str) -> Scene:
    world = make_competition(CompetitionState(state))
    key = {"competition": world.competition_id}
    if side == "client":
        return Scene(
            world.department.organisation_id,
            Role.DEPARTMENT_OFFICER,
            world.offers[0].agent,
            lambda uow: bidding.request_opening(uow, **key),
        )
    asker = make_competition(CompetitionState.CLOSED).offers[0].agent
    offer = bidding.Offer(price_fen=5_000_000, promised_days=10)
    acts = {
        "bid": lambda uow: bidding.place_bid(uow, offer=offer, **key),
        "ask": lambda uow: notices.ask_question(uow, body="是否含税？", **key),
    }
    return Scene(
        asker.organisation_id, Role.INSTITUTION_AGENT, world.department.officer, acts[name]
    )


def _complaint(state: str, name: str, side: str) -> Scene:
    if state == "engagement":
        make_organisation(Capacity.SUPERVISOR)
        return _engagement("in_progress", name, side)
    association = make_association()
    world = make_engagement(State.IN_PROGRESS)
    ref = work(
        world.client,
        lambda uow: complaints.file_complaint(
            uow, about=About.ENGAGEMENT, record=world.public_id, headline="拖延", body="不配合"
        ),
    )
    work(association.examiner, lambda uow: complaints.accept_complaint(uow, complaint=ref.id))
    return Scene(
        world.provider.organisation_id,
        Role.INSTITUTION_AGENT,
        world.client,
        lambda uow: complaints.answer_complaint(uow, complaint=ref.id, body="已说明。"),
    )


SCENES = {
    "engagement": _engagement,
    "rating": _rating,
    "quotation": _quotation,
    "competition": _competition,
    "complaint": _complaint,
}


@pytest.mark.parametrize(("record", "state", "act", "side"), rows("people/both_sides"))
def test_who_has_acted_for_one_side_does_not_act_for_the_other(record, state, act, side):
    scene = SCENES[record](state, act, side)
    who = crossed(scene.person, scene.next_for, scene.role)

    assert refused(who, scene.act) == "account.other_side"
    twin = second_account(scene.person, scene.next_for, scene.role)
    assert refused(twin, scene.act) == "account.other_side"
    assert refused(make_member(scene.next_for, scene.role), scene.act) == ""


def test_who_asked_for_quotations_does_not_take_the_work_on_for_the_one_that_a_colleague_picked():
    found = closed_round([AMOUNT])
    key = quotation_keys(found)[0]
    colleague = make_member(found.client.organisation_id, Role.ENTERPRISE_AGENT)
    made = work(colleague, lambda uow: quotations.pick_quotation(uow, quotation=key))
    who = crossed(found.client, found.asked[0].agent.organisation_id, Role.INSTITUTION_AGENT)

    def take_on(uow):
        beginning.take_on_engagement(uow, engagement=made.id)

    assert refused(who, take_on) == "account.other_side"
    assert refused(found.asked[0].agent, take_on) == ""
