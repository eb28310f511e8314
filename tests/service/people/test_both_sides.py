"""A person acts for one side of a record only, whatever organisations and accounts they have."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from marketplace.assessments.models import Assessment, RemovalCase
from marketplace.assessments.rules import ObjectionOutcome
from marketplace.assessments.services import assessing, objecting, rectifying, removing
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import bidding, notices
from marketplace.complaints import services as complaints
from marketplace.complaints.rules import About
from marketplace.contracts import services as contracts
from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning, doing, ending
from marketplace.infra.database import db
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.times import SHANGHAI
from marketplace.quotations.services import answering, asking
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from marketplace.vetting.rules import CaseState
from marketplace.vetting.services import applying, examining
from tests import assessments as whole
from tests.cases import Association, make_association, make_case, mend
from tests.competitions import make_competition
from tests.dossiers import admitted_listing, make_agent
from tests.engagements import (
    AMOUNT,
    CHECK,
    PAPER_OWED,
    later,
    make_engagement,
    paper,
    refused,
    terms_for,
    work,
)
from tests.factories import make_member, make_organisation
from tests.people import crossed, long_gone, second_account
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
    now: datetime | None = None


def _engagement(state: str, name: str, side: str) -> Scene:
    world = make_engagement(State(state))
    key = {"engagement": world.engagement_id}
    terms = terms_for(world.engagement_id)
    acts = {
        "take on": lambda uow: beginning.take_on_engagement(uow, **key),
        "decline": lambda uow: beginning.decline_engagement(uow, reason="人手不足。", **key),
        "contract": lambda uow: contracts.put_forward(uow, terms=terms, **key),
        "step back": lambda uow: beginning.cancel_engagement(uow, reason="推迟。", **key),
        "start": lambda uow: doing.start_work(uow, handed_over=[PAPER_OWED], **key),
        "pause": lambda uow: doing.pause_work(uow, reason="等待。", papers=[paper()], **key),
        "deliver": lambda uow: doing.deliver_version(uow, papers=[paper()], **key),
        "accept": lambda uow: doing.accept_delivery(uow, **key),
        "return": lambda uow: doing.return_delivery(uow, reason="有误。", points=[CHECK], **key),
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
        "answer": lambda uow: answering.answer_request(uow, price_fen=1_000, days=5, **request),
        "refuse": lambda uow: answering.decline_request(uow, reason="档期已满。", **request),
        "close": lambda uow: asking.close_round(uow, quotation_round=found.id),
    }
    if name == "pick":
        key = quotation_keys(found)[0]
        acts["pick"] = lambda uow: asking.pick_quotation(
            uow, quotation=key, reason="报价合理，时限更短。"
        )
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


def _case(state: str, name: str, side: str) -> Scene:
    world = make_case(CaseState(state))
    key = {"case": world.case_id}
    acts = {
        "resubmit": lambda uow: applying.resubmit(uow, **key),
        "withdraw": lambda uow: applying.withdraw(uow, **key),
        "take": lambda uow: examining.take_case(uow, **key),
    }
    association = world.association
    if side == "client":
        return _judging(association.organisation_id, world.agent, acts[name])
    if name == "resubmit":
        mend(world)
    return Scene(
        world.agent.organisation_id, Role.INSTITUTION_AGENT, association.examiner, acts[name]
    )


def _judging(association_id: int, agent: Actor, act: Callable[..., object]) -> Scene:
    """An agent who has left the institution so long ago that no tie is left of it."""
    return Scene(association_id, Role.ASSOCIATION_EXAMINER, long_gone(agent), act)


def _removal(_state: str, name: str, side: str) -> Scene:
    association, agent = make_association(), make_agent()
    case = _removal_of(association, agent)
    if side == "client":
        reply = lambda uow: removing.reply_removal(uow, case=case, body="已整改。")  # noqa: E731
        work(agent, reply)
        return _judging(
            association.organisation_id,
            agent,
            lambda uow: removing.propose_removal(
                uow, case=case, outcome="dismiss", reason="属实。"
            ),
        )
    return Scene(
        agent.organisation_id,
        Role.INSTITUTION_AGENT,
        association.examiner,
        lambda uow: removing.reply_removal(uow, case=case, body="已整改。"),
    )


def _removal_of(association: Association, agent: Actor) -> int:
    """A removal case of which the institution was told."""
    listing_id = admitted_listing(agent)
    case = work(
        association.examiner,
        lambda uow: removing.open_removal_case(
            uow, listing=listing_id, cause=RemovalCause.COMPLAINTS, facts="三次投诉成立"
        ),
    )
    work(association.examiner, lambda uow: removing.notify_removal(uow, case=case.id))
    return case.id


def _plan(_state: str, _name: str, _side: str) -> Scene:
    association, agent = make_association(), make_agent()
    case = _removal_of(association, agent)
    said = {"case": case, "outcome": "remove", "reason": "属实。"}
    work(agent, lambda uow: removing.reply_removal(uow, case=case, body="已整改。"))
    work(association.examiner, lambda uow: removing.propose_removal(uow, **said))
    work(association.approver, lambda uow: removing.decide_removal(uow, **said))
    listing_id = db.session().get_one(RemovalCase, case).listing_id
    return Scene(
        agent.organisation_id,
        Role.INSTITUTION_AGENT,
        association.approver,
        lambda uow: rectifying.begin_plan(uow, listing=listing_id),
    )


def _assessment(state: str, _name: str, side: str) -> Scene:
    association, agent = make_association(), make_agent()
    admitted_listing(agent)
    year = later(0).year
    cycle = work(
        association.examiner,
        lambda uow: whole.open_cycle(uow, association_id=association.organisation_id, year=year),
    )
    after = datetime(year + 1, 1, 4, 12, tzinfo=SHANGHAI)
    for service in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
        work(association.approver, lambda uow, do=service: do(uow, cycle=cycle.id), after)
    key = db.session().query(Assessment.id).scalar()

    def object_to(uow):
        objecting.file_objection(uow, assessment=key, body="请复核。")

    if state == "objected":
        work(agent, object_to, after)
        return replace(
            _judging(
                association.organisation_id,
                agent,
                lambda uow: objecting.decide_objection(
                    uow, assessment=key, outcome=ObjectionOutcome.DISMISSED, reason="无误。"
                ),
            ),
            now=after,
        )
    return Scene(
        agent.organisation_id, Role.INSTITUTION_AGENT, association.approver, object_to, after
    )


SCENES = {
    "vetting case": _case,
    "removal case": _removal,
    "plan": _plan,
    "assessment": _assessment,
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

    assert refused(who, scene.act, scene.now) == "account.other_side"
    twin = second_account(scene.person, scene.next_for, scene.role)
    assert refused(twin, scene.act, scene.now) == "account.other_side"
    assert refused(make_member(scene.next_for, scene.role), scene.act, scene.now) == ""


def test_who_asked_for_quotations_does_not_take_the_work_on_for_the_one_that_a_colleague_picked():
    found = closed_round([AMOUNT])
    key = quotation_keys(found)[0]
    colleague = make_member(found.client.organisation_id, Role.ENTERPRISE_AGENT)
    made = work(
        colleague,
        lambda uow: asking.pick_quotation(uow, quotation=key, reason="报价合理，时限更短。"),
    )
    who = crossed(found.client, found.asked[0].agent.organisation_id, Role.INSTITUTION_AGENT)

    def take_on(uow):
        beginning.take_on_engagement(uow, engagement=made.id)

    assert refused(who, take_on) == "account.other_side"
    assert refused(found.asked[0].agent, take_on) == ""
