"""A limit is judged at the instant of the act, whether or not the worker has run.

Each row of the table names an act and what is answered from the end of its last day on. No tick
runs in these tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from marketplace.assessments.models import RemovalCase
from marketplace.assessments.queries.removals import removal_page
from marketplace.assessments.services import removing
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import bidding, notices
from marketplace.complaints import services as complaints
from marketplace.complaints.models import Complaint
from marketplace.complaints.queries.complaints import page
from marketplace.complaints.rules import About
from marketplace.complaints.services.complaints import Contact
from marketplace.contracts import services as contracts
from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.rules.market import RemovalCause
from marketplace.kernel.actors import ANONYMOUS, Actor, Capacity, Role
from marketplace.kernel.times import end_of_day
from marketplace.quotations.models import QuotationRound
from marketplace.quotations.services import answering
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState
from marketplace.vetting.services import applying
from tests.cases import make_association, make_case
from tests.competitions import make_competition
from tests.conftest import TODAY
from tests.dossiers import a_certificate, admitted_listing, make_agent
from tests.engagements import (
    make_engagement,
    make_enterprise,
    project_of,
    refused,
    row_of,
    terms_for,
    work,
)
from tests.factories import make_member, make_organisation
from tests.market import offer
from tests.quotations import make_round
from tests.tables import rows

pytestmark = pytest.mark.usefixtures("app")
CITIZEN = Contact("欧阳明", "示例市某处")


@dataclass(frozen=True)
class Late:
    """An act, who does it, and the instant at which its time is over."""

    who: Actor
    act: Callable[..., object]
    ends: datetime


def _engagement(session, name: str) -> Late:
    state = State.TAKEN_ON if name in {"contract", "step back"} else State.REQUESTED
    world = make_engagement(state)
    row = row_of(session, world)
    key, due, terms = {"engagement": row.id}, row.turn_due_on, terms_for(row.id)
    session.rollback()
    acts = {
        "take on": (world.provider, lambda uow: beginning.take_on_engagement(uow, **key)),
        "decline": (
            world.provider,
            lambda uow: beginning.decline_engagement(uow, reason="人手不足。", **key),
        ),
        "cancel": (
            world.client,
            lambda uow: beginning.cancel_engagement(uow, reason="推迟。", **key),
        ),
        "contract": (
            world.client,
            lambda uow: contracts.put_forward(uow, terms=terms, **key),
        ),
        "step back": (
            world.provider,
            lambda uow: beginning.cancel_engagement(uow, reason="无法承接。", **key),
        ),
    }
    return Late(*acts[name], end_of_day(due))


def _case(session, name: str) -> Late:
    world = make_case(CaseState.RETURNED)
    act = applying.resubmit if name == "resubmit" else applying.withdraw
    session.rollback()
    due = session.get_one(Case, world.case_id).due_on
    session.rollback()
    return Late(world.agent, lambda uow: act(uow, case=world.case_id), end_of_day(due))


def _quotation(session, name: str) -> Late:
    found = make_round()
    asked = found.asked[0]
    request = {"request": asked.request_id}
    acts = {
        "answer": lambda uow: answering.answer_request(uow, price_fen=1_000, days=5, **request),
        "refuse": lambda uow: answering.decline_request(uow, reason="档期已满。", **request),
    }
    session.rollback()
    ends = session.get_one(QuotationRound, found.id).closes_at
    session.rollback()
    return Late(asked.agent, acts[name], ends)


# Commissioned by enterprises, too, and nobody may offer it without a certificate.
CERTIFIED = "JL-Z09"


def _listing(_session, _name: str) -> Late:
    """A certificate behind the listing ends, and nobody has suspended it."""
    client, due = make_enterprise(), TODAY + timedelta(days=20)
    certificate = a_certificate(valid_to=due, specialty="水运")
    listing_id = admitted_listing(make_agent(), item=CERTIFIED, certificate=certificate)
    project_id = project_of(client)

    def pick(uow):
        beginning.request_engagement(
            uow, project_id=project_id, item_code=CERTIFIED, listing_id=listing_id
        )

    return Late(client, pick, end_of_day(due))


def _competition(session, name: str) -> Late:
    if name == "bid":
        world = make_competition(CompetitionState.PUBLISHED)
        bid = bidding.Offer(price_fen=5_000_000, promised_days=10)
        return Late(
            offer("示例竞选咨询有限公司").agent,
            lambda uow: bidding.place_bid(uow, competition=world.competition_id, offer=bid),
            world.row().closes_at,
        )
    world = make_competition(CompetitionState.AWARD_PUBLISHED)
    return Late(
        world.department.approver,
        lambda uow: notices.cancel_competition(
            uow, competition=world.competition_id, reason="项目取消。"
        ),
        end_of_day(world.row().objection_until),
    )


def _rating(session, _name: str) -> Late:
    world = make_engagement(State.ACCEPTED)
    due = row_of(session, world).turn_due_on
    session.rollback()
    scores = dict.fromkeys(CRITERIA, 5)
    return Late(
        world.client,
        lambda uow: ratings.rate_engagement(uow, engagement=world.engagement_id, scores=scores),
        end_of_day(due),
    )


def _complaint(session, name: str) -> Late:
    association, agent = make_association(), make_agent()
    listing_id = admitted_listing(agent)
    ref = work(
        ANONYMOUS,
        lambda uow: complaints.file_complaint(
            uow,
            about=About.LISTING,
            record=listing_id,
            headline="逾期",
            body="逾期未交",
            contact=CITIZEN,
        ),
    )
    if name == "answer":
        work(association.examiner, lambda uow: complaints.accept_complaint(uow, complaint=ref.id))
        who = agent

        def act(uow):
            complaints.answer_complaint(uow, complaint=ref.id, body="已说明。")

    else:
        work(
            association.examiner,
            lambda uow: complaints.refuse_complaint(uow, complaint=ref.id, reason="不属受理范围"),
        )
        who = make_member(make_organisation(Capacity.SUPERVISOR), Role.SUPERVISOR)

        def act(uow):
            complaints.review_complaint(uow, complaint=ref.id, outcome="dismissed", reason="维持。")

    session.rollback()
    due = session.get_one(Complaint, ref.id).due_on
    session.rollback()
    return Late(who, act, end_of_day(due))


def _removal(session, _name: str) -> Late:
    association, agent = make_association(), make_agent()
    listing_id = admitted_listing(agent)
    case = work(
        association.examiner,
        lambda uow: removing.open_removal_case(
            uow, listing=listing_id, cause=RemovalCause.COMPLAINTS, facts="三次投诉成立"
        ),
    )
    work(association.examiner, lambda uow: removing.notify_removal(uow, case=case.id))
    session.rollback()
    due = session.get_one(RemovalCase, case.id).reply_by
    session.rollback()
    return Late(
        agent,
        lambda uow: removing.reply_removal(uow, case=case.id, body="已整改。"),
        end_of_day(due),
    )


SCENES = {
    "engagement": _engagement,
    "vetting case": _case,
    "quotation": _quotation,
    "listing": _listing,
    "competition": _competition,
    "rating": _rating,
    "complaint": _complaint,
    "removal case": _removal,
}
TABLE = rows("people/late_acts")
REFUSED = [row for row in TABLE if row[2] != "taken as late"]
TAKEN = [row for row in TABLE if row[2] == "taken as late"]


def kinds() -> list[str]:
    """The last things that happened, the latest last."""
    db.session.rollback()
    found = db.session.query(EventRecord.kind).order_by(EventRecord.id.desc()).limit(2)
    return [kind for (kind,) in found][::-1]


@pytest.mark.parametrize(("record", "act", "code"), REFUSED)
def test_an_act_is_possible_until_its_last_day_is_over_and_not_afterwards(
    session, record, act, code
):
    late = SCENES[record](session, act)

    assert refused(late.who, late.act, late.ends + timedelta(days=1)) == code
    assert refused(late.who, late.act, late.ends) == code
    assert refused(late.who, late.act, late.ends - timedelta(seconds=1)) == ""


def is_marked(session, record: str) -> bool:
    """Whether the page of the record says that the answer came late."""
    if record == "complaint":
        return page(session, session.query(Complaint.id).scalar(), TODAY).answered_late
    return removal_page(session, session.query(RemovalCase.id).scalar(), TODAY).replied_late


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=1)])
@pytest.mark.parametrize(("record", "act", "code"), TAKEN)
def test_a_late_answer_is_taken_and_marked_and_the_silence_stays_recorded(
    session, reached, record, act, code, after
):
    late = SCENES[record](session, act)

    assert refused(late.who, late.act, late.ends + after) == ""

    silent, marked = kinds()
    assert silent.endswith(".heard")
    assert marked.endswith("_late")
    assert is_marked(session, record)
    assert marked in reached
    assert refused(late.who, late.act, late.ends + after).endswith("not_being_heard")


@pytest.mark.parametrize(("record", "act", "code"), TAKEN)
def test_an_answer_in_time_is_heard(session, record, act, code):
    late = SCENES[record](session, act)

    assert refused(late.who, late.act, late.ends - timedelta(seconds=1)) == ""

    assert kinds()[-1].endswith(".heard")
    assert not is_marked(session, record)
