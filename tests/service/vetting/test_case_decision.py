"""How a case ends: decided by another person, withdrawn; and who has it in between."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.queries import parties
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.services import offering
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date
from marketplace.vetting.models import Case
from marketplace.vetting.queries import lists
from marketplace.vetting.rules import STEPS, CaseState, Ending, Outcome
from marketplace.vetting.services import applying, casework, examining
from tests.actors import actor_of
from tests.cases import (
    Association,
    World,
    add_staff,
    answer,
    case_of,
    complete,
    correct,
    decide,
    give_back,
    kinds,
    listing_of,
    make_case,
    propose,
    refused,
    take,
    told,
)
from tests.conftest import NOON, TODAY
from tests.dossiers import a_certificate, act

pytestmark = pytest.mark.usefixtures("app")


# ------------------------------------------------------------------ decision


def test_an_admission_admits_the_listing_and_confirms_the_agent(session):
    world = make_case(CaseState.DECIDED)

    case = case_of(session, world)
    assert (case.state, case.outcome, case.due_on) == (CaseState.DECIDED, Outcome.ADMIT, None)
    assert listing_of(session, world).state is ListingState.ADMITTED
    assert listing_of(session, world).case_id == world.case_id
    assert parties.organisation(session, world.agent.organisation_id).authorised
    assert not actor_of(session, world.agent.membership_id).provisional


def test_a_rejection_rejects_the_listing_and_leaves_the_agent_provisional(session):
    world = make_case(CaseState.DECIDED, outcome=Outcome.REJECT)

    assert listing_of(session, world).state is ListingState.REJECTED
    assert not parties.organisation(session, world.agent.organisation_id).authorised


def test_nobody_decides_their_own_proposal(session):
    world = make_case(CaseState.SUBSTANCE)
    both = add_staff(
        world.association.organisation_id, Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER
    )
    act(
        world.association.examiner,
        lambda uow: examining.assign_case(uow, case=world.case_id, examiner=both.user_id),
    )
    mine = World(
        Association(world.association.organisation_id, both, both, both),
        world.agent,
        world.listing_id,
        world.case_id,
        world.public_id,
    )
    propose(mine)

    refusal = refused(
        both,
        lambda uow: examining.decide(uow, case=world.case_id, outcome=Outcome.ADMIT, reason="同意"),
    )
    assert refusal == "vetting.own_proposal"

    def force(uow: UnitOfWork) -> None:
        row = uow.lock(Case, world.case_id)
        row.decider_id = row.proposer_id

    with pytest.raises(IntegrityError):
        act(SYSTEM, force)
    assert case_of(session, world).state is CaseState.PROPOSED


def test_a_decision_confirms_the_proposal_or_sends_it_back(session):
    world = make_case(CaseState.PROPOSED)
    approver = world.association.approver

    refusal = refused(
        approver,
        lambda uow: examining.decide(
            uow, case=world.case_id, outcome=Outcome.REJECT, reason="不同意"
        ),
    )
    assert refusal == "vetting.differs_from_proposal"

    act(
        approver,
        lambda uow: examining.send_back(uow, case=world.case_id, reason="请核对业绩"),
    )
    case = case_of(session, world)
    assert (case.state, case.proposer_id) == (CaseState.SUBSTANCE, None)
    assert told(session, world)[0].why == "请核对业绩"
    propose(world)
    decide(world)
    assert case_of(session, world).state is CaseState.DECIDED


def test_an_admission_waits_for_certificates_that_are_valid_on_the_day(session):
    certificate_ends = TODAY + timedelta(days=3)
    world = make_case(
        CaseState.PROPOSED, certificate=a_certificate(TODAY, valid_to=certificate_ends)
    )
    later = NOON + timedelta(days=10)

    with pytest.raises(Refused) as refusal:
        act(
            world.association.approver,
            lambda uow: examining.decide(
                uow, case=world.case_id, outcome=Outcome.ADMIT, reason="同意"
            ),
            at=later,
        )
    assert refusal.value.code == "vetting.requirements_not_met"


def test_a_second_decision_is_refused(session):
    world = make_case(CaseState.DECIDED)
    refusal = refused(
        world.association.approver,
        lambda uow: examining.decide(uow, case=world.case_id, outcome=Outcome.ADMIT, reason="同意"),
    )
    assert refusal == "vetting.closed"


# ------------------------------------------------------------------ the end without a decision


@pytest.mark.parametrize(
    "state",
    [
        CaseState.RECEIVED,
        CaseState.COMPLETENESS,
        CaseState.SUBSTANCE,
        CaseState.RETURNED,
        CaseState.PROPOSED,
    ],
)
def test_an_applicant_withdraws_at_any_time_before_the_decision(session, state):
    world = make_case(state)

    act(world.agent, lambda uow: applying.withdraw(uow, case=world.case_id))

    case = case_of(session, world)
    assert (case.state, case.ending) == (CaseState.WITHDRAWN, Ending.APPLICANT)
    assert listing_of(session, world).state is ListingState.WITHDRAWN
    assert case.attention_at is None


def test_after_a_withdrawal_a_new_application_may_follow(session):
    world = make_case(CaseState.WITHDRAWN)

    def apply_again(uow: UnitOfWork):
        row = institutions.listing(uow.session, world.listing_id)
        offering.open_listing(uow, institution_id=row.institution_id, item_code=row.item_code)
        return applying.submit_application(uow, listing=world.listing_id)

    again = act(world.agent, apply_again)

    assert again.number == f"SH-{TODAY.year}-000002"
    rows = lists.latest_cases(session, world.agent.organisation_id, TODAY)
    assert [row.state for row in rows] == [CaseState.RECEIVED, CaseState.WITHDRAWN]


# ------------------------------------------------------------------ handing over


def test_a_case_is_given_back_and_handed_over(session):
    world = make_case(CaseState.COMPLETENESS)
    people = world.association

    act(people.examiner, lambda uow: examining.release_case(uow, case=world.case_id))
    assert case_of(session, world).examiner_id is None
    act(
        people.approver,
        lambda uow: examining.assign_case(
            uow, case=world.case_id, examiner=people.colleague.user_id
        ),
    )
    assert case_of(session, world).examiner_id == people.colleague.user_id


@pytest.mark.parametrize("who", ["approver", "examiner"])
def test_a_case_goes_only_to_another_examiner_of_the_association(who):
    world = make_case(CaseState.COMPLETENESS)
    people = world.association
    codes = {"approver": "vetting.examiner_unknown", "examiner": "vetting.examiner_same"}

    refusal = refused(
        people.approver,
        lambda uow: examining.assign_case(
            uow, case=world.case_id, examiner=getattr(people, who).user_id
        ),
    )
    assert refusal == codes[who]


def test_every_change_of_a_case_has_exactly_one_event_of_it(session):
    world = make_case(CaseState.DECIDED)

    query = select(func.count(EventRecord.id)).where(
        EventRecord.subject_kind == "vetting_case", EventRecord.subject_id == world.case_id
    )
    assert session.scalar(query) == len(kinds(session, world)) == 7


def test_a_case_that_was_returned_in_substance_goes_on_where_its_clock_stood(session):
    world = make_case(CaseState.SUBSTANCE)
    answer(world, identity="法定代表人不一致")
    act(
        world.association.examiner,
        lambda uow: examining.return_once(uow, case=world.case_id, note="请核对"),
    )
    correct(world)
    take(world)
    complete(world)

    case = case_of(session, world)
    assert case.state is CaseState.SUBSTANCE
    assert case.pauses[0].resumed_at is not None
    assert local_date(case.substance_at) == TODAY


def test_giving_back_is_the_examiners_act_alone():
    world = make_case(CaseState.COMPLETENESS)
    with pytest.raises(Refused, match="vetting"):
        give_back(
            World(
                Association(
                    world.association.organisation_id,
                    world.association.colleague,
                    world.association.examiner,
                    world.association.approver,
                ),
                world.agent,
                world.listing_id,
                world.case_id,
                world.public_id,
            )
        )


class Undone(Exception):
    """Ends an act that was only tried."""


def attempts(world: World):
    """Every act on a case, by the person who may come nearest to it."""
    people, case = world.association, world.case_id
    yield people.examiner, lambda uow: examining.take_case(uow, case=case)
    yield people.colleague, lambda uow: examining.take_case(uow, case=case)
    yield people.examiner, lambda uow: examining.record_all_ok(uow, case=case)
    yield people.examiner, lambda uow: examining.pass_completeness(uow, case=case)
    yield people.examiner, lambda uow: examining.return_once(uow, case=case, note="请补正")
    for outcome in Outcome:
        yield (
            people.examiner,
            lambda uow, o=outcome: examining.propose(uow, case=case, outcome=o, reason="理由"),
        )
        yield (
            people.approver,
            lambda uow, o=outcome: examining.decide(uow, case=case, outcome=o, reason="理由"),
        )
    yield people.approver, lambda uow: examining.send_back(uow, case=case, reason="请核对")
    yield people.examiner, lambda uow: examining.release_case(uow, case=case)
    yield people.examiner, lambda uow: examining.declare_recusal(uow, case=case, reason="亲属")
    yield world.agent, lambda uow: applying.resubmit(uow, case=case)
    yield world.agent, lambda uow: applying.withdraw(uow, case=case)
    yield SYSTEM, lambda uow: casework.settle_case(uow, case=case)


@pytest.mark.parametrize("state", list(CaseState))
def test_no_act_leads_past_the_table_of_steps(state):
    world = make_case(state)
    reached = set()
    for actor, work in attempts(world):

        def attempt(uow: UnitOfWork, work=work) -> None:
            work(uow)
            reached.add(uow.lock(Case, world.case_id).state)
            raise Undone

        with pytest.raises((Undone, Refused)):
            act(actor, attempt, at=NOON + timedelta(days=90))

    assert reached - {state} <= STEPS[state]
