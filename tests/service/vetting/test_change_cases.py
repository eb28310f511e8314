"""Changes and renewals: what is in force stays until another person has decided."""

from datetime import timedelta

import pytest

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.services import describing, offering, papers
from marketplace.kernel.actors import Actor
from marketplace.vetting.queries.page import case_page, points
from marketplace.vetting.rules import CaseKind, CaseState, Outcome
from marketplace.vetting.services import applying, examining
from tests.cases import (
    World,
    answer,
    case_of,
    complete,
    decide,
    give_back,
    kinds,
    make_case,
    propose,
    refused,
    take,
)
from tests.conftest import TODAY
from tests.dossiers import a_certificate, a_scan, act, basic_facts, contact_facts
from tests.market import settle

pytestmark = pytest.mark.usefixtures("app")


def admitted(session) -> World:
    world = make_case(CaseState.DECIDED)
    return World(
        world.association,
        Actor(**{**vars(world.agent), "provisional": False}),
        world.listing_id,
        world.case_id,
        world.public_id,
    )


def institution_id(session, world: World) -> int:
    return institutions.listing(session, world.listing_id).institution_id


def follow(world: World, reference) -> World:
    return World(
        world.association, world.agent, world.listing_id, reference.id, reference.public_id
    )


def move_house(world: World, address: str = "示例大街88号") -> World:
    """The institution changes its address and submits the change."""

    def work(uow: UnitOfWork):
        row = institutions.listing(uow.session, world.listing_id)
        describing.save_profile(
            uow,
            institution_id=row.institution_id,
            said=basic_facts(address=address) | contact_facts(),
        )
        return applying.submit_change_case(uow, institution=row.institution_id)

    return follow(world, act(world.agent, work))


def renew(world: World) -> World:
    """The institution submits a renewed certificate."""

    def work(uow: UnitOfWork):
        row = institutions.listing(uow.session, world.listing_id)
        held = institutions.dossier(uow.session, row.institution_id).qualifications[0]
        public_id = papers.renew_qualification(
            uow,
            qualification_id=held.id,
            certificate=a_certificate(TODAY, valid_to=TODAY + timedelta(days=2000)),
            scan=a_scan(),
        )
        return applying.submit_renewal_case(uow, qualification=public_id)

    return follow(world, act(world.agent, work))


def address_in_force(session, world: World) -> str:
    session.expire_all()
    return institutions.facts_in_force(session, institution_id(session, world)).address


def test_a_change_is_asked_only_about_what_it_brings(session):
    case = move_house(admitted(session))

    assert case_of(session, case).kind is CaseKind.CHANGE
    assert {p.code for p in points(session, case.case_id)} == {
        "profile",
        "affiliations",
        "identity",
        "conflict",
    }
    page = case_page(session, case.case_id, TODAY)
    assert page.in_force.facts.address == "示例路1号"
    assert page.dossier.facts.address == "示例大街88号"


def test_the_old_facts_stay_in_force_until_the_decision(session):
    case = move_house(admitted(session))
    take(case)
    complete(case)
    propose(case)
    assert address_in_force(session, case) == "示例路1号"

    decide(case)

    assert address_in_force(session, case) == "示例大街88号"


def test_a_rejected_change_leaves_the_old_facts(session):
    case = move_house(admitted(session))
    take(case)
    complete(case)
    propose(case, Outcome.REJECT)
    decide(case, Outcome.REJECT)

    assert address_in_force(session, case) == "示例路1号"


def test_a_returned_change_is_corrected_and_sent_in_again(session):
    case = move_house(admitted(session))
    take(case)
    answer(case, profile="地址与营业执照不一致")
    act(
        case.association.examiner,
        lambda uow: examining.return_once(uow, case=case.case_id, note="请核对地址"),
    )

    def mend(uow: UnitOfWork) -> None:
        describing.save_profile(
            uow,
            institution_id=institution_id(session, case),
            said=basic_facts(address="示例大街90号") | contact_facts(),
        )
        applying.resubmit(uow, case=case.case_id)

    act(case.agent, mend)
    take(case)
    complete(case)
    propose(case)
    decide(case)

    assert address_in_force(session, case) == "示例大街90号"
    assert "vetting_case.resubmitted" in kinds(session, case)


@pytest.mark.parametrize("make", [move_house, renew])
def test_a_change_or_renewal_can_be_withdrawn_while_the_listing_stays(session, make):
    case = make(admitted(session))

    act(case.agent, lambda uow: applying.withdraw(uow, case=case.case_id))

    assert case_of(session, case).state is CaseState.WITHDRAWN
    assert institutions.listing(session, case.listing_id).state == "admitted"


def test_a_renewed_certificate_comes_into_force_by_a_decision(session):
    case = renew(admitted(session))
    assert [p.code for p in points(session, case.case_id)] == [
        "scan",
        "requirement",
        "certificate",
    ]
    take(case)
    complete(case)
    propose(case)
    decide(case)

    held = institutions.dossier(session, institution_id(session, case)).qualifications
    assert [row.valid_to for row in held] == [TODAY + timedelta(days=2000)]


def test_a_provisional_agent_submits_no_change(session):
    world = admitted(session)
    provisional = Actor(**{**vars(world.agent), "provisional": True})
    owner = institution_id(session, world)

    assert (
        refused(provisional, lambda uow: applying.submit_change_case(uow, institution=owner))
        == "vetting.provisional_agent"
    )


def test_a_returned_change_ends_with_the_listing_it_was_for(session):
    world = admitted(session)
    change = move_house(world)
    take(change)
    give_back(change)

    def leave(uow: UnitOfWork):
        offering.withdraw_listing(uow, listing_id=world.listing_id)

    act(world.agent, leave)
    assert case_of(session, change).state is CaseState.RETURNED
    settle()
    assert case_of(session, change).state is CaseState.WITHDRAWN
    assert "vetting_case.withdrawn" in kinds(session, change)
