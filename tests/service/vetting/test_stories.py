"""All that each act on a case leaves behind, and who may do it when."""

from datetime import timedelta

import pytest

from marketplace.institutions import queries as institutions
from marketplace.institutions.services import describing, papers
from marketplace.kernel.actors import SYSTEM, Actor, Role
from marketplace.kernel.times import end_of_day
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState, Outcome, Result, Stage
from marketplace.vetting.services import applying, casework, competence, examining
from marketplace.vetting.services.examining import Answer
from tests.cases import (
    ITEM,
    World,
    add_staff,
    answer,
    complete,
    correct,
    decide,
    make_association,
    make_case,
    propose,
    take,
    take_back,
)
from tests.conftest import TODAY
from tests.dossiers import (
    a_certificate,
    a_scan,
    act,
    basic_facts,
    complete_dossier,
    contact_facts,
    make_agent,
)
from tests.stories import refusals

C = CaseState


def people(world):
    """Whom a story names."""
    return {
        "the agent": world.agent,
        "the examiner": world.association.examiner,
        "the colleague": world.association.colleague,
        "the approver": world.association.approver,
    }


def acts(world):
    """Every act on a case."""
    case, admit = world.case_id, Outcome.ADMIT
    colleague = world.association.colleague.user_id
    return {
        "take": lambda uow: examining.take_case(uow, case=case),
        "answer": lambda uow: examining.record_findings(uow, case=case, answers={}),
        "all in order": lambda uow: examining.record_all_ok(uow, case=case),
        "pass": lambda uow: examining.pass_completeness(uow, case=case),
        "return": lambda uow: examining.return_once(uow, case=case, note="请补正"),
        "propose": lambda uow: examining.propose(uow, case=case, outcome=admit, reason="理由"),
        "decide": lambda uow: examining.decide(uow, case=case, outcome=admit, reason="理由"),
        "send back": lambda uow: examining.send_back(uow, case=case, reason="请核对"),
        "release": lambda uow: examining.release_case(uow, case=case),
        "assign": lambda uow: examining.assign_case(uow, case=case, examiner=colleague),
        "recuse": lambda uow: examining.declare_recusal(uow, case=case, reason="亲属"),
        "resubmit": lambda uow: applying.resubmit(uow, case=case),
        "withdraw": lambda uow: applying.withdraw(uow, case=case),
    }


@pytest.mark.parametrize("state", list(C))
def test_who_may_do_what_with_a_case_in_each_state(story, state):
    world = make_case(state)
    stranger = make_association("JL-Z02").examiner
    everybody = {**people(world), "a stranger": stranger}
    with story(f"vetting/may/{state}", **everybody) as told:
        told.may(acts(world), *everybody.values())


def on(who, service, world, at=None, **said):
    """One act on the case."""
    return act(who, lambda uow: service(uow, case=world.case_id, **said), at=at)


def test_an_application_is_returned_once_corrected_and_admitted(story):
    association, agent = make_association(), make_agent(provisional=True)
    other = make_agent()
    listing = complete_dossier(agent)
    world = World(association, agent, listing, 0, "")
    with story("vetting/admitted", **people(world), other=other) as told:
        told.may({"apply": lambda uow: applying.submit_application(uow, listing=listing)}, other)
        ref = act(agent, lambda uow: applying.submit_application(uow, listing=listing))
        world = World(association, agent, listing, ref.id, ref.public_id)
        take(world)
        answer(world, profile="  简介太短 ")
        examiner = association.examiner
        said = {"answers": {"profile": Answer(Result.NOT_OK, " 太短 ")}}
        on(examiner, examining.record_findings, world, seen_round="1", **said)
        numbered = {"answers": {"profile": Answer(Result.NOT_OK, "请联系13812345678")}}
        refusals(
            lambda: on(examiner, examining.record_findings, world, seen_round="2", **said),
            lambda: on(examiner, examining.record_findings, world, **numbered),
            lambda: on(examiner, examining.return_once, world, note=" "),
            lambda: on(examiner, examining.pass_completeness, world),
        )
        on(examiner, examining.return_once, world, note=" 请补充。 ")
        correct(world)
        take(world)
        refusals(lambda: on(examiner, examining.pass_completeness, world))
        complete(world)
        refusals(
            lambda: on(examiner, examining.propose, world, outcome="admit", reason=" "),
            lambda: on(examiner, examining.propose, world, outcome="admit", reason="一"),
        )
        propose(world)
        approver = association.approver
        refusals(
            lambda: on(approver, examining.send_back, world, reason=" "),
            lambda: on(approver, examining.decide, world, outcome="admit", reason=" "),
            lambda: on(approver, examining.decide, world, outcome="reject", reason="一"),
        )
        on(approver, examining.send_back, world, reason=" 再核对。 ")
        propose(world)
        decide(world)


def test_an_application_is_rejected_for_a_point_and_not_without_one(story):
    world = make_case(C.SUBSTANCE)
    with story("vetting/rejected", **people(world)):
        answer(world)
        examiner = world.association.examiner
        refusals(lambda: on(examiner, examining.propose, world, outcome="reject", reason="一"))
        wrong = {"identity": Answer(Result.NOT_OK, "不一致")}
        on(examiner, examining.record_findings, world, answers=wrong)
        refusals(lambda: on(examiner, examining.propose, world, outcome="admit", reason="一"))
        propose(world, Outcome.REJECT)
        decide(world, Outcome.REJECT)


def test_only_an_incomplete_answer_or_an_expired_certificate_stands_in_the_way(story):
    expiring = a_certificate(TODAY, valid_to=TODAY + timedelta(days=7))
    world = make_case(C.SUBSTANCE, certificate=expiring)
    answer(world)
    after = end_of_day(TODAY + timedelta(days=7))
    said = {"outcome": "admit", "reason": "齐全。"}
    examiner, approver = world.association.examiner, world.association.approver
    with story("vetting/expired", **people(world)):
        before = after - timedelta(seconds=1)
        refusals(lambda: on(examiner, examining.propose, world, at=after, **said))
        on(examiner, examining.propose, world, at=before, **said)
        refusals(lambda: on(approver, examining.decide, world, at=after, **said))
        on(approver, examining.decide, world, at=before, **said)


def test_a_case_goes_from_hand_to_hand(story):
    world = make_case(C.COMPLETENESS)
    office = world.association
    tied = add_staff(office.organisation_id, Role.ASSOCIATION_EXAMINER)
    on(tied, examining.declare_recusal, world, reason="亲属")
    with story("vetting/hands", **people(world), tied=tied):
        examiner = office.examiner
        assign = examining.assign_case
        refusals(
            lambda: on(examiner, assign, world, examiner=examiner.user_id),
            lambda: on(examiner, assign, world, examiner=office.approver.user_id),
            lambda: on(examiner, assign, world, examiner=tied.user_id),
            lambda: on(office.colleague, assign, world, examiner=office.colleague.user_id),
            lambda: on(examiner, examining.declare_recusal, world, reason=" "),
        )
        on(office.approver, assign, world, examiner=office.colleague.user_id)
        on(office.colleague, examining.release_case, world)
        take(world)
        on(office.approver, examining.declare_recusal, world, reason=" 亲属。 ")
        on(examiner, examining.declare_recusal, world, reason="亲属")
        refusals(lambda: on(examiner, examining.declare_recusal, world, reason="亲属"))


def test_what_is_returned_lapses_and_what_is_late_is_said(story):
    returned, waiting = make_case(C.RETURNED), make_case(C.SUBSTANCE)
    with story("vetting/late", **people(returned)):
        for world in (waiting, returned):
            due = act(SYSTEM, lambda uow, key=world.case_id: uow.find(Case, key).due_on)
            late = end_of_day(due)
            settle = casework.settle_case
            assert not on(SYSTEM, settle, world, at=late - timedelta(seconds=1))
            assert on(SYSTEM, settle, world, at=late)
            assert not on(SYSTEM, settle, world, at=late)


def test_an_application_is_taken_back(story):
    world = make_case(C.RETURNED)
    with story("vetting/withdrawn", **people(world)):
        refusals(lambda: on(world.agent, applying.withdraw, world, reason="请联系13812345678"))
        on(world.agent, applying.withdraw, world, reason=" 另行安排 ")


def admitted():
    """An admitted institution whose agent is confirmed."""
    world = make_case(C.DECIDED)
    agent = Actor(**{**vars(world.agent), "provisional": False})
    return World(world.association, agent, world.listing_id, world.case_id, world.public_id)


def follow(world, ref):
    """The world around another case of the institution."""
    return World(world.association, world.agent, world.listing_id, ref.id, ref.public_id)


def house_of(world):
    """The key of the institution."""
    return act(
        SYSTEM, lambda uow: institutions.listing(uow.session, world.listing_id)
    ).institution_id


def move_house(uow, house, address="示例大街88号"):
    """The institution says another address."""
    said = basic_facts(address=address) | contact_facts()
    describing.save_profile(uow, institution_id=house, said=said)


def changing(world):
    """A change of the address and of the terms, submitted."""
    house = house_of(world)
    act(world.agent, lambda uow: move_house(uow, house))
    work = applying.submit_change_case
    return follow(world, act(world.agent, lambda uow: work(uow, institution=house)))


def renewing(world):
    """A renewed certificate, submitted."""

    def work(uow):
        held = institutions.dossier(uow.session, house_of_in(uow, world)).qualifications[0]
        return papers.renew_qualification(
            uow,
            qualification_id=held.id,
            certificate=a_certificate(TODAY, valid_to=TODAY + timedelta(days=2000)),
            scan=a_scan(),
        )

    key = act(world.agent, work)
    submit = applying.submit_renewal_case
    return follow(world, act(world.agent, lambda uow: submit(uow, qualification=key)))


def house_of_in(uow, world):
    """The same inside an act."""
    return institutions.listing(uow.session, world.listing_id).institution_id


@pytest.mark.parametrize("begin", [changing, renewing])
def test_a_change_or_renewal_comes_into_force_by_a_decision(story, begin):
    world = admitted()
    with story(f"vetting/{begin.__name__}_decided", **people(world)):
        case = begin(world)
        take(case)
        complete(case)
        propose(case)
        decide(case)


@pytest.mark.parametrize("begin", [changing, renewing])
@pytest.mark.parametrize("end", ["rejected", "withdrawn", "lapsed", "left"])
def test_a_change_or_renewal_that_fails_leaves_what_is_in_force(story, begin, end):
    world = begin(admitted())
    take(world)
    if end == "rejected":
        complete(world)
        answer(world)
    with story(f"vetting/{begin.__name__}_{end}", **people(world)):
        if end == "withdrawn":
            take_back(world)
            return
        if end == "rejected":
            reject(world)
            return
        return_for(world)
        if end == "lapsed":
            due = act(SYSTEM, lambda uow: uow.find(Case, world.case_id).due_on)
            on(SYSTEM, casework.settle_case, world, at=end_of_day(due))
        else:
            on(SYSTEM, applying.end_with_listing, world)


def first_point(world):
    """A point that is asked in the case."""
    return act(SYSTEM, lambda uow: casework.points(uow.session, uow.find(Case, world.case_id)))[0]


def wrong(world):
    """One point is not in order."""
    answers = {first_point(world).key: Answer(Result.NOT_OK, "不一致")}
    on(world.association.examiner, examining.record_findings, world, answers=answers)


def reject(world):
    """Proposed and decided: not."""
    wrong(world)
    said = {"outcome": Outcome.REJECT, "reason": "不一致。"}
    on(world.association.examiner, examining.propose, world, **said)
    on(world.association.approver, examining.decide, world, **said)


def return_for(world):
    """Returned for one point."""
    on(world.association.examiner, examining.record_all_ok, world)
    wrong(world)
    on(world.association.examiner, examining.return_once, world, note="请补正。")


@pytest.mark.parametrize("begin", [changing, renewing])
def test_a_returned_change_or_renewal_is_sent_in_again(story, begin):
    world = begin(admitted())
    take(world)
    return_for(world)
    with story(f"vetting/{begin.__name__}_again", **people(world)):
        on(world.agent, applying.resubmit, world)


def test_only_a_returned_change_ends_with_its_listing(story):
    world = changing(admitted())
    application = make_case(C.RETURNED)
    with story("vetting/stays", **people(world)):
        on(SYSTEM, applying.end_with_listing, world)
        on(SYSTEM, applying.end_with_listing, application)


def test_an_open_application_ends_by_a_removal(story):
    world, other = make_case(C.SUBSTANCE), make_case(C.SUBSTANCE)
    with story("vetting/removal", **people(world), other=other.agent):
        act(SYSTEM, lambda uow: applying.end_by_removal(uow, listing_id=world.listing_id))


def test_competence_is_granted_handed_over_and_withdrawn(story):
    one, two = make_association("JL-Z03"), make_association("JL-Z04")
    citizen = make_agent()

    def grant(house, region="220100"):
        return lambda uow: competence.grant_competence(
            uow, association_id=house, item_code=ITEM, region_code=region
        )

    def withdraw(uow):
        competence.withdraw_competence(uow, item_code=ITEM, region_code="220100")

    first, second = one.organisation_id, two.organisation_id
    with story("vetting/competence", one=one.examiner, two=two.examiner, citizen=citizen) as told:
        act(SYSTEM, grant(first))
        act(SYSTEM, grant(first))
        act(SYSTEM, grant(second))
        told.may({"withdraw": withdraw, "grant": grant(first)}, one.approver, citizen, SYSTEM)
        told.may(
            {"a citizen": grant(citizen.organisation_id), "nowhere": grant(first, "999999")}, SYSTEM
        )
        act(SYSTEM, withdraw)
        refusals(lambda: act(SYSTEM, withdraw))


def test_points_are_answered_by_stage(story):
    world = make_case(C.COMPLETENESS)
    with story("vetting/stages", **people(world)):
        examiner = world.association.examiner
        on(examiner, examining.record_all_ok, world, stage=Stage.SUBSTANCE)
        on(examiner, examining.record_all_ok, world, stage=Stage.COMPLETENESS)
        on(examiner, examining.record_all_ok, world)
