"""Nobody decides a matter of their own: what an association offers itself, a supervisor judges.

And whoever has a tie to one of those judged takes no part in judging: of bids, nor of a year.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

import pytest
from sqlalchemy import select

from marketplace.assessments.models import Assessment, AssessmentCycle, RemovalCase
from marketplace.assessments.rules import ObjectionOutcome, Veto
from marketplace.assessments.services import assessing, finishing, objecting, removing
from marketplace.assessments.services.assessing import Inspection
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import awarding, evaluating, notices
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import news_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState, RemovalCause
from marketplace.kernel.actors import SYSTEM, Actor, Capacity, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import SHANGHAI
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState
from marketplace.vetting.services import competence
from tests import assessments as whole
from tests.cases import ITEM, Association, World, decide, make_association, make_case, propose
from tests.competitions import make_competition
from tests.dossiers import CERTIFIED_ITEM, OPEN_ITEM, certified_listing
from tests.engagements import later, refused, work
from tests.factories import make_member, make_organisation
from tests.people import crossed, second_account

pytestmark = pytest.mark.usefixtures("app")


@dataclass(frozen=True)
class Both:
    """An association that offers what it is itself competent for, and the office above it."""

    own: Association
    agent: Actor
    office: Association


def make_both() -> Both:
    """Its people, and the supervisor's in the places of examiner and approver."""
    house = make_organisation(Capacity.ASSOCIATION, Capacity.INSTITUTION)
    make_organisation(Capacity.SUPERVISOR, region_code="220200")
    office = make_organisation(Capacity.SUPERVISOR, region_code="220000")
    for item in (OPEN_ITEM, CERTIFIED_ITEM):
        work(
            SYSTEM,
            lambda uow, item=item: competence.grant_competence(
                uow, association_id=house, item_code=item, region_code="220000"
            ),
        )
    return Both(
        Association(
            house,
            *(make_member(house, Role.ASSOCIATION_EXAMINER) for _ in range(2)),
            make_member(house, Role.ASSOCIATION_APPROVER),
        ),
        make_member(house, Role.INSTITUTION_AGENT),
        Association(office, *(make_member(office, Role.SUPERVISOR) for _ in range(3))),
    )


@pytest.fixture
def both(app):
    return make_both()


def told(session, kind: str) -> set[int]:
    """Who is told of the last event of a kind."""
    session.rollback()
    query = select(EventRecord).where(EventRecord.kind == kind).order_by(EventRecord.id.desc())
    record = session.scalars(query.limit(1)).one()
    row = news_of(kind)
    assert row is not None
    return {key for to in row.to for one in to(session, record) for key in one.user_ids}


def test_the_supervisor_vets_what_an_association_applies_for_itself(session, both):
    world = make_case(CaseState.SUBSTANCE, association=both.office, agent=both.agent)

    session.rollback()
    assert session.get_one(Case, world.case_id).association_id == both.office.organisation_id
    assert told(session, "vetting_case.opened") >= {both.office.examiner.user_id}
    assert both.own.examiner.user_id not in told(session, "vetting_case.opened")
    with pytest.raises(NotFound):
        propose(World(both.own, both.agent, world.listing_id, world.case_id, world.public_id))

    propose(world)
    alone = Association(both.office.organisation_id, *[both.office.examiner] * 3)
    by_oneself = World(alone, both.agent, world.listing_id, world.case_id, world.public_id)
    with pytest.raises(Exception, match=r"vetting\.own_proposal"):
        decide(by_oneself)
    decide(world)

    session.rollback()
    assert session.get_one(Case, world.case_id).state is CaseState.DECIDED
    found = institutions.listing(session, world.listing_id)
    assert found.state is ListingState.ADMITTED


def test_the_supervisor_removes_what_an_association_offers_itself(session, both):
    listing_id = certified_listing(both.agent)
    said = {"listing": listing_id, "cause": RemovalCause.COMPLAINTS, "facts": "三次投诉成立"}

    def opens(uow):
        return removing.open_removal_case(uow, **said)

    assert refused(both.own.examiner, opens) == "assessment.not_competent"
    case = work(both.office.examiner, opens).id
    outcome = {"case": case, "outcome": "remove", "reason": "属实。"}
    work(both.office.examiner, lambda uow: removing.notify_removal(uow, case=case))
    work(both.agent, lambda uow: removing.reply_removal(uow, case=case, body="已整改。"))
    assert told(session, "removal_case.heard") == {
        one.user_id for one in (both.office.examiner, both.office.colleague, both.office.approver)
    }
    work(both.office.examiner, lambda uow: removing.propose_removal(uow, **outcome))
    with pytest.raises(NotFound):
        work(both.own.approver, lambda uow: removing.decide_removal(uow, **outcome))
    work(both.office.approver, lambda uow: removing.decide_removal(uow, **outcome))

    session.rollback()
    assert institutions.listing(session, listing_id).state is ListingState.REMOVED


def a_year_of(association: Association, *, publish: bool = True) -> tuple[int, datetime]:
    """The association's cycle of this year, and an instant after it."""
    year = later(0).year
    ref = work(
        association.examiner,
        lambda uow: whole.open_cycle(uow, association_id=association.organisation_id, year=year),
    )
    after = datetime(year + 1, 1, 4, 12, tzinfo=SHANGHAI)
    for service in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
        if publish:
            work(association.examiner, lambda uow, do=service: do(uow, cycle=ref.id), after)
    return ref.id, after


def after_objections(session, cycle: int) -> datetime:
    """An instant at which the time for objections to a cycle's grades is over."""
    session.rollback()
    until = session.get_one(AssessmentCycle, cycle).objection_until
    session.rollback()
    after = datetime(until.year, until.month, until.day + 1, 12, tzinfo=SHANGHAI)
    work(SYSTEM, lambda uow: assessing.settle_cycle(uow, cycle=cycle), after)
    return after


def test_the_supervisor_decides_what_an_association_objects_to_its_own_grade(session, both):
    certified_listing(both.agent)
    _, after = a_year_of(both.own)
    session.rollback()
    key = session.scalars(select(Assessment.id)).one()
    session.rollback()
    work(
        both.agent,
        lambda uow: objecting.file_objection(uow, assessment=key, body="请复核。"),
        after,
    )
    assert told(session, "assessment.objection_filed") == {
        one.user_id for one in (both.office.examiner, both.office.colleague, both.office.approver)
    }

    def decides(uow):
        objecting.decide_objection(
            uow, assessment=key, outcome=ObjectionOutcome.DISMISSED, reason="无误。"
        )

    assert refused(both.own.approver, decides, after) == "assessment.not_competent"
    assert refused(both.office.approver, decides, after) == ""


def test_a_grade_d_of_the_association_itself_opens_a_case_with_the_supervisor(session, both):
    listing_id = certified_listing(both.agent)
    cycle, after = a_year_of(both.own, publish=False)
    session.rollback()
    key = session.scalars(select(Assessment.id)).one()
    session.rollback()
    forged = Inspection(None, "", Veto.FORGERY, "提交伪造的检测报告。")

    def inspects(uow):
        assessing.record_inspection(uow, assessment=key, seen=forged)

    assert refused(both.own.examiner, inspects, after) == "assessment.not_competent"
    work(both.office.examiner, inspects, after)
    for step in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
        work(both.own.examiner, lambda uow, do=step: do(uow, cycle=cycle), after)
    late = after_objections(session, cycle)
    # By the association's own approver, who opens no case about their house: the platform does.
    work(both.own.approver, lambda uow: finishing.make_final(uow, cycle=cycle), late)
    whole.work_off(whole.write_grades, cycle, late)

    session.rollback()
    case = session.scalars(select(RemovalCase)).one()
    assert (case.listing_id, case.association_id) == (listing_id, both.office.organisation_id)
    assert case.opened_by is None
    assert told(session, "removal_case.opened") >= {both.office.examiner.user_id}


def test_whoever_judges_nothing_here_opens_no_case_for_a_rule_either(both):
    said = {"cause": RemovalCause.ASSESSMENT, "facts": "年度考核为D级"}
    said["listing"] = certified_listing(both.agent)

    def opens(uow):
        removing.open_removal_by_rule(uow, **said)

    assert refused(both.own.approver, opens) == "assessment.not_competent"
    assert refused(SYSTEM, opens) == ""


def test_without_another_office_nobody_judges_and_nothing_is_submitted(app):
    house = make_organisation(Capacity.ASSOCIATION, Capacity.INSTITUTION, Capacity.SUPERVISOR)
    work(
        SYSTEM,
        lambda uow: competence.grant_competence(
            uow, association_id=house, item_code=ITEM, region_code="220000"
        ),
    )
    agent = make_member(house, Role.INSTITUTION_AGENT)

    with pytest.raises(Exception, match=r"vetting\.no_association"):
        make_case(association=Association(house, agent, agent, agent), agent=agent)


STEPS = {
    "cut_off": whole.cut_off,
    "score_cycle": whole.score_cycle,
    "publish_preliminary": assessing.publish_preliminary,
    "make_final": whole.make_final,
}


@pytest.mark.parametrize("act", STEPS)
def test_who_has_a_tie_to_one_of_those_assessed_takes_no_step_of_the_year(session, act):
    association = make_association()
    agent = make_case(CaseState.DECIDED, association=association).agent
    cycle, after = a_year_of(association, publish=False)
    for before in takewhile(lambda one: one != act, STEPS):
        work(association.examiner, lambda uow, do=STEPS[before]: do(uow, cycle=cycle), after)
    if act == "make_final":
        after = after_objections(session, cycle)
    crossed(association.approver, agent.organisation_id, Role.INSTITUTION_AGENT)
    free = make_member(association.organisation_id, Role.ASSOCIATION_APPROVER)

    def step(uow):
        STEPS[act](uow, cycle=cycle)

    assert refused(association.approver, step, after) == "account.recused"
    assert refused(free, step, after) == ""


_S, _OFFICER, _APPROVER = CompetitionState, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER
# What is done with the bids once their seals are broken: where, by whom and how.
JUDGED = {
    "score": (_S.OPENED, _OFFICER, evaluating.record_scores, {"marks": {}}),
    "evaluate": (_S.OPENED, _OFFICER, evaluating.evaluate_bids, {"reason": "一"}),
    "fail": (_S.OPENED, _APPROVER, awarding.fail_competition, {"reason": "一"}),
    "award": (_S.EVALUATED, _APPROVER, awarding.publish_award, {"reason": "一"}),
    "fail evaluated": (_S.EVALUATED, _APPROVER, awarding.fail_competition, {"reason": "一"}),
    "cancel": (_S.AWARD_PUBLISHED, _APPROVER, notices.cancel_competition, {"reason": "一"}),
}


@pytest.mark.parametrize("act", JUDGED)
def test_who_has_a_tie_to_an_entrant_judges_no_bid(act):
    state, role, service, said = JUDGED[act]
    world = make_competition(state)
    tied = make_member(world.department.organisation_id, role)
    crossed(tied, world.offers[0].agent.organisation_id, Role.INSTITUTION_AGENT)

    def does(uow):
        service(uow, competition=world.competition_id, **said)

    assert refused(tied, does, world.now) == "account.recused"
    free = make_member(world.department.organisation_id, role)
    assert refused(free, does, world.now) != "account.recused"


def test_while_the_bids_are_sealed_nobody_learns_by_a_refusal_that_somebody_bid():
    world = make_competition(CompetitionState.CLOSED)
    tied = make_member(world.department.organisation_id, _APPROVER)
    crossed(tied, world.offers[0].agent.organisation_id, Role.INSTITUTION_AGENT)

    def cancels(uow):
        notices.cancel_competition(uow, competition=world.competition_id, reason="一")

    assert refused(tied, cancels, world.now) == ""


def test_a_second_account_is_tied_by_what_the_first_is(session):
    association = make_association()
    agent = make_case(CaseState.DECIDED, association=association).agent
    cycle, after = a_year_of(association, publish=False)
    twin = second_account(agent, association.organisation_id, Role.ASSOCIATION_APPROVER)

    def step(uow):
        whole.cut_off(uow, cycle=cycle)

    assert refused(twin, step, after) == "account.recused"
