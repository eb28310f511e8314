"""Due process of a removal, and the way back into the market."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import true

from marketplace.assessments.queries import removals
from marketplace.assessments.rules import RemovalOutcome, RemovalState, Step
from marketplace.assessments.services import rectifying, removing
from marketplace.clocks.queries import light_days
from marketplace.infra.database import db
from marketplace.infra.worker import settle_due
from marketplace.institutions.queries import market, public
from marketplace.institutions.rules.market import RemovalCause
from marketplace.institutions.services import describing, offering
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.vetting.queries import lists as vetting_lists
from marketplace.vetting.rules import Outcome, Result
from marketplace.vetting.services import applying, examining
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import a_scan, act, basic_facts, certified_listing, contact_facts, make_agent

pytestmark = pytest.mark.usefixtures("app")
R = RemovalState
REMOVE, DISMISS = RemovalOutcome.REMOVE, RemovalOutcome.DISMISS


def on(day):
    return datetime.combine(day, NOON.time(), SHANGHAI)


class World:
    """A listing whose removal is looked at, with the people around it."""

    def __init__(self, cause=RemovalCause.ASSESSMENT) -> None:
        self.association = make_association()
        self.agent = make_agent()
        self.listing_id = certified_listing(self.agent)
        self.case = act(
            self.association.examiner,
            lambda uow: removing.open_removal_case(
                uow, listing=self.listing_id, cause=cause, facts="年度考核 D 级。"
            ),
        ).id

    def do(self, who, service, at=None, **facts):
        return act(who, lambda uow: service(uow, case=self.case, **facts), at=at)

    def notify(self):
        self.do(self.association.examiner, removing.notify_removal)

    def reply(self):
        self.do(self.agent, removing.reply_removal, body="已着手整改。", evidence=a_scan())

    def propose(self, outcome=REMOVE, who=None):
        who = who or self.association.examiner
        self.do(who, removing.propose_removal, outcome=outcome, reason="事实清楚。")

    def decide(self, outcome=REMOVE):
        who = self.association.approver
        self.do(who, removing.decide_removal, outcome=outcome, reason="事实清楚，予以清退。")

    def through(self, outcome=REMOVE):
        self.notify()
        self.reply()
        self.propose(outcome)
        self.decide(outcome)


@pytest.fixture
def world(app):
    return World()


def page(session, world, today=TODAY):
    session.rollback()
    return removals.removal_page(session, world.case, today)


def told(session, world):
    """How many cases the institution was told of."""
    session.rollback()
    own = {"own": world.agent.organisation_id}
    return removals.TOLD.count(session, true(), light_days(session, TODAY, **own))


def listing(session, world):
    session.rollback()
    return market.listing(session, world.listing_id)


def refused(who, work, at=None):
    with pytest.raises(Refused) as refusal:
        act(who, work, at=at)
    return refusal.value.code


def test_the_listing_stays_in_the_market_until_the_decision_and_leaves_with_it(session, world):
    world.notify()
    world.reply()
    world.propose()
    assert listing(session, world).state == "admitted"

    world.decide()

    assert listing(session, world).state == "removed"
    code = refused(
        SYSTEM,
        lambda uow: offering.require_admitted(uow, listing_id=world.listing_id),
    )
    assert code == "listing.not_admitted"


@pytest.mark.parametrize("told", [False, True])
def test_nothing_is_proposed_before_the_institution_was_told_and_heard(world, told):
    if told:
        world.notify()

    code = refused(
        world.association.examiner,
        lambda uow: removing.propose_removal(
            uow, case=world.case, outcome=REMOVE, reason="事实清楚"
        ),
    )
    assert code == "removal.hear_first"


def test_the_institution_knows_of_the_case_once_it_is_told(session, world):
    with pytest.raises(NotFound):
        world.reply()
    assert told(session, world) == 0

    world.notify()

    assert told(session, world) == 1


def test_a_hearing_ends_after_three_working_days(session, world, reached):
    world.notify()
    due = page(session, world).reply_by
    assert due == TODAY + timedelta(days=3)

    settle_due(now=on(due), raise_errors=True)
    assert page(session, world).row.state is R.NOTIFIED
    settle_due(now=on(due + timedelta(days=1)), raise_errors=True)

    assert page(session, world).row.state is R.HEARD
    world.reply()
    assert page(session, world).history[0].kind == "removal_case.replied_late"
    assert "removal_case.replied_late" in reached
    late = lambda uow: removing.reply_removal(uow, case=world.case, body="补充")  # noqa: E731
    assert refused(world.agent, late) == "removal.not_being_heard"


def test_the_decider_is_not_the_proposer(world):
    world.notify()
    world.reply()
    world.propose(who=world.association.approver)

    code = refused(
        world.association.approver,
        lambda uow: removing.decide_removal(uow, case=world.case, outcome=REMOVE, reason="同意"),
    )
    assert code == "removal.own_proposal"


def test_a_proposal_sent_back_leaves_the_case_heard_and_is_made_anew(session, world):
    world.notify()
    world.reply()
    world.propose()
    approver = world.association.approver
    world.do(approver, removing.send_back_removal, reason="证据不足，请补充。")

    seen = page(session, world)
    assert seen.row.state is R.HEARD
    assert (seen.standing.proposer_id, seen.proposed_outcome) == (None, None)
    assert (seen.proposed_reason, seen.send_back_reason) == ("", "证据不足，请补充。")
    sent_back = seen.history[0]
    assert (sent_back.kind, sent_back.why) == ("removal_case.sent_back", "证据不足，请补充。")
    assert sent_back.payload["proposer_id"] == world.association.examiner.user_id
    decide = {"outcome": REMOVE, "reason": "同意"}
    code = refused(approver, lambda uow: removing.decide_removal(uow, case=world.case, **decide))
    assert code == "removal.not_proposed"

    world.propose(DISMISS)
    assert page(session, world).send_back_reason == ""


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [
        ("approver", " ", "request.words_needed"),
        ("examiner", "不同意", "assessment.approvers_only"),
    ],
)
def test_an_approver_sends_a_proposal_back_with_reasons(world, who, reason, code):
    world.notify()
    world.reply()
    world.propose()
    person = getattr(world.association, who)

    assert code == refused(
        person, lambda uow: removing.send_back_removal(uow, case=world.case, reason=reason)
    )


def test_nobody_sends_back_what_they_proposed(world):
    world.notify()
    world.reply()
    world.propose(who=world.association.approver)

    code = refused(
        world.association.approver,
        lambda uow: removing.send_back_removal(uow, case=world.case, reason="再议"),
    )
    assert code == "removal.own_proposal"


def test_an_interim_measure_suspends_and_ends_with_a_dismissal(session, world):
    world.notify()
    world.do(world.association.approver, removing.take_interim, reason="防止损害扩大。")
    assert listing(session, world).state == "suspended"

    world.reply()
    world.propose(DISMISS)
    world.decide(DISMISS)

    row = listing(session, world)
    assert (row.state, row.open_grounds) == ("admitted", ())


def test_a_decision_is_published_with_its_reasons(session, world):
    world.through()
    settle_due(raise_errors=True)

    assert page(session, world).row.state is R.PUBLISHED
    record = removals.public_record(session, world.agent.organisation_id)
    assert [(one.outcome, one.reason) for one in record.removals] == [
        (REMOVE, "事实清楚，予以清退。")
    ]


def test_there_is_one_open_case_for_a_listing(world):
    code = refused(
        world.association.examiner,
        lambda uow: removing.open_removal_case(
            uow, listing=world.listing_id, cause=RemovalCause.OTHER, facts="另案"
        ),
    )
    assert code == "removal.open_already"


def test_a_withdrawal_does_not_end_the_case(session, world):
    world.notify()
    act(
        world.agent,
        lambda uow: offering.withdraw_listing(uow, listing_id=world.listing_id),
    )
    world.reply()
    world.propose()
    world.decide()

    assert page(session, world).row.outcome is REMOVE
    assert listing(session, world).state == "withdrawn"


def withdrawn_and_applied_again(world, *, submitted):
    """The listing leaves while its removal is looked at, and is applied for once more."""
    key = world.listing_id
    institution = market.listing(db.session, key).institution_id
    world.notify()
    leave = offering.withdraw_listing
    act(world.agent, lambda uow: leave(uow, listing_id=key))
    begin = offering.open_listing
    act(world.agent, lambda uow: begin(uow, institution_id=institution, item_code="JL-Z01"))
    if submitted:
        act(world.agent, lambda uow: applying.submit_application(uow, listing=key))
    world.reply()
    world.propose()
    world.decide()


@pytest.mark.parametrize("submitted", [False, True])
def test_a_withdrawal_does_not_shorten_the_minimum_period(session, world, submitted):
    withdrawn_and_applied_again(world, submitted=submitted)

    row = listing(session, world)
    assert row.state == ("withdrawn" if submitted else "draft")
    assert row.readmission_from == TODAY + timedelta(days=90)
    institution = {"institution_id": row.institution_id, "item_code": row.item_code}
    if submitted:
        act(world.agent, lambda uow: offering.open_listing(uow, **institution))

    def apply_anew(uow):
        applying.submit_application(uow, listing=world.listing_id)

    eve = on(row.readmission_from - timedelta(days=1))
    assert refused(world.agent, apply_anew, at=eve) == "listing.too_early"
    act(world.agent, apply_anew, at=on(row.readmission_from))
    assert listing(session, world).state == "submitted"


def test_an_application_made_while_its_removal_was_looked_at_ends_with_the_decision(session, world):
    withdrawn_and_applied_again(world, submitted=True)

    cases = vetting_lists.latest_cases(session, world.agent.organisation_id, TODAY)
    assert {one.ending for one in cases if one.kind == "admission"} >= {"removal"}
    assert market.open_submissions(session, listing(session, world).institution_id) == ()


# ------------------------------------------------------------------ the way back


def rectified(world):
    """A plan that is done."""
    act(world.agent, lambda uow: rectifying.begin_plan(uow, listing=world.listing_id))
    for code in Step:
        act(
            world.agent,
            lambda uow, code=code: rectifying.do_step(
                uow, listing=world.listing_id, code=code, words="已完成。", evidence=a_scan()
            ),
        )


def apply(world, at=None):
    return act(
        world.agent,
        lambda uow: rectifying.apply_for_readmission(uow, listing=world.listing_id),
        at=at,
    )


def test_a_plan_is_shown_done_before_readmission_is_applied_for(world):
    world.through()
    act(world.agent, lambda uow: rectifying.begin_plan(uow, listing=world.listing_id))

    code = refused(
        world.agent,
        lambda uow: rectifying.apply_for_readmission(uow, listing=world.listing_id),
    )
    assert code == "rectification.not_done"
    code = refused(
        world.agent,
        lambda uow: rectifying.do_step(
            uow, listing=world.listing_id, code=Step.CAUSE, words="已改。"
        ),
    )
    assert code == "rectification.evidence_needed"


def test_the_minimum_period_is_kept(session, world):
    world.through()
    rectified(world)
    first = listing(session, world).readmission_from

    eve = on(first - timedelta(days=1))
    code = refused(
        world.agent,
        lambda uow: rectifying.apply_for_readmission(uow, listing=world.listing_id),
        at=eve,
    )

    assert first == TODAY + timedelta(days=90)
    assert code == "readmission.too_early"
    apply(world, on(first))
    assert listing(session, world).state == "readmission_submitted"


def judge(world, case_id, outcome):
    examiner, approver = world.association.examiner, world.association.approver
    act(examiner, lambda uow: examining.take_case(uow, case=case_id))
    act(examiner, lambda uow: examining.record_all_ok(uow, case=case_id))
    if outcome is Outcome.REJECT:
        act(
            examiner,
            lambda uow: examining.record_findings(
                uow,
                case=case_id,
                answers={"rectification": examining.Answer(Result.NOT_OK, "整改未见成效。")},
            ),
        )
    act(examiner, lambda uow: examining.pass_completeness(uow, case=case_id))
    act(examiner, lambda uow: examining.propose(uow, case=case_id, outcome=outcome, reason="理由"))
    act(approver, lambda uow: examining.decide(uow, case=case_id, outcome=outcome, reason="理由"))


def test_examiner_and_approver_bring_the_listing_back(session, app):
    world = World(RemovalCause.EXPIRED_CERTIFICATE)
    world.through()
    rectified(world)

    judge(world, apply(world).id, Outcome.ADMIT)

    assert listing(session, world).state == "admitted"
    kinds = [
        one.kind for one in public.public_history(session, listing(session, world).institution_id)
    ]
    assert {"listing.removed", "listing.rectifying", "listing.readmitted"} <= set(kinds)


def test_a_refused_readmission_goes_on_rectifying_and_is_tried_again(session, app):
    world = World(RemovalCause.EXPIRED_CERTIFICATE)
    world.through()
    rectified(world)

    judge(world, apply(world).id, Outcome.REJECT)

    assert listing(session, world).state == "rectifying"
    apply(world)
    assert listing(session, world).state == "readmission_submitted"


def with_an_open_change(world, *, returned):
    """A change of the address that is before the association, or came back for correction."""
    institution = market.listing(db.session, world.listing_id).institution_id

    def change(uow):
        describing.save_profile(
            uow,
            institution_id=institution,
            said=basic_facts(address="示例大街88号") | contact_facts(),
        )
        return applying.submit_change_case(uow, institution=institution).id

    case_id = act(world.agent, change)
    examiner = world.association.examiner
    if returned:
        act(examiner, lambda uow: examining.take_case(uow, case=case_id))
        act(examiner, lambda uow: examining.record_all_ok(uow, case=case_id))
        answers = {"profile": examining.Answer(Result.NOT_OK, "地址与营业执照不一致")}
        act(examiner, lambda uow: examining.record_findings(uow, case=case_id, answers=answers))
        act(examiner, lambda uow: examining.return_once(uow, case=case_id, note="请核对地址"))
    return case_id


@pytest.mark.parametrize("returned", [False, True])
def test_a_readmission_waits_for_an_open_change_and_never_puts_it_in_force(session, app, returned):
    world = World(RemovalCause.EXPIRED_CERTIFICATE)
    change = with_an_open_change(world, returned=returned)
    world.through()
    rectified(world)

    def again(uow):
        rectifying.apply_for_readmission(uow, listing=world.listing_id)

    assert refused(world.agent, again) == "vetting.change_open"
    act(world.agent, lambda uow: applying.withdraw(uow, case=change))
    apply(world)
    assert listing(session, world).state == "readmission_submitted"


def test_reasons_that_everybody_reads_carry_no_personal_number(world):
    world.notify()
    world.reply()
    world.propose()

    code = refused(
        world.association.approver,
        lambda uow: removing.decide_removal(
            uow, case=world.case, outcome=REMOVE, reason="经办人电话13900001234。"
        ),
    )
    assert code == "request.personal_number"
