"""The life of a case through its services: arrival, examination, return, correction."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries as accounts
from marketplace.accounts.policy import recused
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.actors import SYSTEM, Role
from marketplace.kernel.errors import NotFound
from marketplace.vetting.models import Case, CaseEvidence, Finding
from marketplace.vetting.queries import lists, standings
from marketplace.vetting.rules import CaseState, Outcome, Result, Stage
from marketplace.vetting.services import applying, competence, examining
from marketplace.vetting.services.examining import Answer
from tests.cases import (
    ITEM,
    add_staff,
    answer,
    case_of,
    complete,
    correct,
    decide,
    kinds,
    listing_of,
    make_association,
    make_case,
    propose,
    refused,
    take,
    told,
)
from tests.conftest import TODAY
from tests.dossiers import act, complete_dossier, make_agent

pytestmark = pytest.mark.usefixtures("app")


# ------------------------------------------------------------------ arrival


def test_an_application_opens_one_case_with_the_competent_association(session):
    world = make_case()

    case = case_of(session, world)
    assert (case.state, case.kind, case.round) == (CaseState.RECEIVED, "admission", 1)
    assert case.association_id == world.association.organisation_id
    assert case.number == f"SH-{TODAY.year}-000001"
    assert listing_of(session, world).state is ListingState.SUBMITTED
    assert case.due_on is not None
    assert case.due_on > TODAY
    assert kinds(session, world) == ["vetting_case.opened"]


def test_the_case_freezes_every_record_it_judges(session):
    world = make_case()

    kinds_frozen = set(
        session.scalars(select(CaseEvidence.kind).where(CaseEvidence.case_id == world.case_id))
    )
    assert kinds_frozen == {
        "facts",
        "qualification",
        "practitioner",
        "terms",
        "undertaking",
        "authorisation",
    }


def test_the_association_of_the_nearest_region_is_competent(session):
    far, near = make_association(), make_association(region_code="220100")

    assert standings.competent_association(session, ITEM, "220104") == near.organisation_id
    assert standings.competent_association(session, ITEM, "220200") == far.organisation_id
    assert standings.competent_association(session, "JL-Z02", "220104") is None


def test_a_competence_passes_to_whoever_gets_it_last(session):
    first, second = make_association(), make_association()

    assert standings.competent_association(session, ITEM, "220104") == second.organisation_id
    act(
        SYSTEM,
        lambda uow: competence.withdraw_competence(uow, item_code=ITEM, region_code="220000"),
    )
    assert standings.competent_association(session, ITEM, "220104") is None
    assert first != second


def test_without_a_competent_association_nothing_is_submitted(session):
    agent = make_agent()
    listing_id = complete_dossier(agent)

    refusal = refused(agent, lambda uow: applying.submit_application(uow, listing=listing_id))

    assert refusal == "vetting.no_association"
    assert institutions.listing(session, listing_id).state is ListingState.DRAFT


def test_an_incomplete_dossier_is_not_submitted(session):
    make_association()
    agent = make_agent()
    listing_id = complete_dossier(agent, certificate=None)

    refusal = refused(agent, lambda uow: applying.submit_application(uow, listing=listing_id))

    assert refusal == "listing.incomplete"


def test_a_listing_has_one_open_case_of_a_kind(session):
    world = make_case()

    again = refused(
        world.agent, lambda uow: applying.submit_application(uow, listing=world.listing_id)
    )
    assert again in {"vetting.provisional_agent", "listing.not_editable"}

    def force(uow: UnitOfWork) -> None:
        one = uow.session.get_one(Case, world.case_id)
        values = {
            column.name: getattr(one, column.name)
            for column in Case.__table__.columns
            if column.name not in {"id", "public_id", "number"}
        }
        uow.add(Case(**values, number="SH-0000-000000"))

    with pytest.raises(IntegrityError):
        act(SYSTEM, force)


def test_another_organisation_cannot_apply_for_the_listing():
    world = make_case()
    with pytest.raises(NotFound):
        act(
            make_agent(),
            lambda uow: applying.submit_application(uow, listing=world.listing_id),
        )


# ------------------------------------------------------------------ examination


def test_of_two_examiners_one_gets_the_case(session):
    world = make_case(CaseState.COMPLETENESS)

    colleague = world.association.colleague
    refusal = refused(colleague, lambda uow: examining.take_case(uow, case=world.case_id))

    assert refusal == "vetting.taken_by_other"
    assert case_of(session, world).examiner_id == world.association.examiner.user_id
    assert listing_of(session, world).state is ListingState.UNDER_REVIEW


def test_people_of_another_association_do_not_know_the_case():
    world = make_case()
    stranger = make_association("JL-Z02").examiner
    for work in (
        lambda uow: examining.take_case(uow, case=world.case_id),
        lambda uow: examining.decide(
            uow, case=world.public_id, outcome=Outcome.ADMIT, reason="同意"
        ),
        lambda uow: applying.withdraw(uow, case=world.case_id),
    ):
        with pytest.raises(NotFound):
            act(stranger, work)


def test_a_member_of_the_applicant_examines_none_of_its_cases():
    world = make_case()
    two_hats = add_staff(world.association.organisation_id, Role.ASSOCIATION_EXAMINER)

    def join(uow: UnitOfWork) -> None:
        from marketplace.accounts.services.memberships import begin_membership

        begin_membership(
            uow,
            user_id=two_hats.user_id,
            organisation_id=world.agent.organisation_id,
            roles=[Role.INSTITUTION_AGENT],
            provisional=False,
        )

    act(SYSTEM, join)

    refusal = refused(two_hats, lambda uow: examining.take_case(uow, case=world.case_id))
    assert refusal == "account.recused"


def test_a_declared_tie_bars_a_person_from_all_cases_of_the_applicant(session):
    world = make_case(CaseState.COMPLETENESS)
    examiner = world.association.examiner

    act(
        examiner,
        lambda uow: examining.declare_recusal(uow, case=world.case_id, reason="亲属任职"),
    )

    assert case_of(session, world).examiner_id is None
    refusal = refused(examiner, lambda uow: examining.take_case(uow, case=world.case_id))
    assert refusal == "account.recused"
    act(world.association.colleague, lambda uow: examining.take_case(uow, case=world.case_id))
    assert case_of(session, world).state is CaseState.COMPLETENESS
    subject = world.agent.organisation_id
    assert recused(examiner.user_id, subject, accounts.ties(session, subject, TODAY))


def test_a_point_not_in_order_needs_words():
    world = make_case(CaseState.COMPLETENESS)

    refusal = refused(
        world.association.examiner,
        lambda uow: examining.record_findings(
            uow, case=world.case_id, answers={"profile": Answer(Result.NOT_OK, "  ")}
        ),
    )
    assert refusal == "vetting.remark_needed"


def test_the_same_answer_again_is_no_change(session):
    world = make_case(CaseState.COMPLETENESS)
    for _ in range(2):
        answer(world)

    assert kinds(session, world).count("vetting_case.findings_recorded") == 1


def test_an_unknown_point_is_refused():
    world = make_case(CaseState.COMPLETENESS)
    refusal = refused(
        world.association.examiner,
        lambda uow: examining.record_findings(
            uow, case=world.case_id, answers={"certificate:99999": Answer(Result.OK)}
        ),
    )
    assert refusal == "vetting.unknown_point"


def test_completeness_needs_every_answer_and_a_return_before_it_passes_over_gaps():
    world = make_case(CaseState.COMPLETENESS)
    examiner = world.association.examiner

    first = refused(examiner, lambda uow: examining.pass_completeness(uow, case=world.case_id))
    answer(world, stage=Stage.COMPLETENESS, profile="太短")
    second = refused(examiner, lambda uow: examining.pass_completeness(uow, case=world.case_id))

    assert first == "vetting.points_unanswered"
    assert second == "vetting.return_instead"


# ------------------------------------------------------------------ return and correction


def test_a_return_names_everything_and_stops_the_clock(session):
    world = make_case(CaseState.RETURNED)

    case = case_of(session, world)
    assert case.state is CaseState.RETURNED
    assert listing_of(session, world).state is ListingState.RETURNED
    assert [p.note for p in case.pauses] == ["请补充机构简介。"]
    returned = told(session, world)[0]
    assert returned.payload["points"] == ["profile"]
    assert returned.why == "请补充机构简介。"
    row = lists.case_row(session, world.case_id, TODAY)
    assert (row.light, row.owes) == ("paused", world.agent.organisation_id)


def test_nothing_is_returned_while_points_are_open_or_all_are_in_order():
    world = make_case(CaseState.COMPLETENESS)
    examiner = world.association.examiner

    def give(uow):
        examining.return_once(uow, case=world.case_id, note="补正")

    assert refused(examiner, give) == "vetting.points_unanswered"
    answer(world)
    assert refused(examiner, give) == "vetting.nothing_missing"


def test_a_dossier_is_returned_only_once(session):
    world = make_case(CaseState.RETURNED)
    correct(world)
    take(world)
    answer(world, stage=Stage.COMPLETENESS, profile="仍然太短")

    refusal = refused(
        world.association.examiner,
        lambda uow: examining.return_once(uow, case=world.case_id, note="再补"),
    )

    assert refusal == "vetting.already_returned"
    act(
        world.association.examiner,
        lambda uow: examining.pass_completeness(uow, case=world.case_id),
    )
    assert case_of(session, world).state is CaseState.SUBSTANCE


def test_a_correction_is_a_new_round_with_the_unchanged_answers(session):
    world = make_case(CaseState.RETURNED)

    correct(world)

    case = case_of(session, world)
    assert (case.state, case.round) == (CaseState.RECEIVED, 2)
    assert case.examiner_id == world.association.examiner.user_id
    assert listing_of(session, world).state is ListingState.SUBMITTED
    frozen = {n: set(standings.evidence_of(session, case.id, n)) for n in (1, 2)}
    assert {one.kind for one in frozen[1] - frozen[2]} >= {"facts"}
    carried = session.scalars(
        select(Finding.point).where(Finding.case_id == case.id, Finding.round == 2)
    ).all()
    assert {"undertaking", "terms", "practitioners"} <= set(carried)
    assert any(point.startswith("scan:") for point in carried)
    assert "profile" not in carried


def test_a_corrected_dossier_can_be_admitted(session):
    world = make_case(CaseState.RETURNED)
    correct(world)
    take(world)
    complete(world)
    propose(world)
    decide(world)

    assert listing_of(session, world).state is ListingState.ADMITTED
    assert kinds(session, world) == [
        "vetting_case.opened",
        "vetting_case.taken",
        "vetting_case.findings_recorded",
        "vetting_case.findings_recorded",
        "vetting_case.returned",
        "vetting_case.resubmitted",
        "vetting_case.taken",
        "vetting_case.findings_recorded",
        "vetting_case.completeness_passed",
        "vetting_case.findings_recorded",
        "vetting_case.proposed",
        "vetting_case.decided",
    ]
