"""In the market: changes and renewals are vetted, and the old facts hold until then."""

from datetime import timedelta

import pytest

from marketplace.institutions.queries import dossiers, market, public, seen
from marketplace.institutions.rules.dossier import EvidenceKind, VersionState
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.services import (
    describing,
    offering,
    papers,
    people,
    settling,
    submitting,
)
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import Refused
from tests.conftest import TODAY
from tests.dossiers import (
    a_certificate,
    a_person,
    a_scan,
    act,
    basic_facts,
    certified_listing,
    contact_facts,
    make_agent,
    open_with_terms,
    submitted_listing,
    terms,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def agent(app):
    return make_agent()


@pytest.fixture
def listing_id(agent):
    return certified_listing(agent)


@pytest.fixture
def institution_id(session, listing_id):
    return market.listing(session, listing_id).institution_id


def refused(actor, work):
    """The code of an act's refusal."""
    with pytest.raises(Refused) as refusal:
        act(actor, work)
    return refusal.value.code


def move_house(agent, institution_id, address="示例路99号"):
    act(
        agent,
        lambda uow: describing.save_profile(
            uow, institution_id=institution_id, said=basic_facts(address=address)
        ),
    )


def submit_change(agent, institution_id, **named):
    return act(
        agent, lambda uow: submitting.submit_change(uow, institution_id=institution_id, **named)
    )


def approve(institution_id, case_id=2):
    act(
        SYSTEM,
        lambda uow: settling.put_change_in_force(
            uow, institution_id=institution_id, case_id=case_id
        ),
    )


def test_a_change_waits_for_the_association_and_the_old_facts_stay(agent, institution_id, session):
    move_house(agent, institution_id)
    submission = submit_change(agent, institution_id)
    before = seen.facts_in_force(session, institution_id)
    session.rollback()
    approve(institution_id)

    assert before.address == "示例路1号"
    assert seen.facts_in_force(session, institution_id).address == "示例路99号"
    first = seen.facts_versions(session, institution_id)[-1]
    assert (first.state, first.in_force_to is not None) == (VersionState.SUPERSEDED, True)
    assert submission.kind == "change"
    assert not market.pending_changes(session, institution_id).change


def test_there_must_be_something_to_submit_and_one_change_at_a_time(agent, institution_id):
    def hand_over(uow):
        submitting.submit_change(uow, institution_id=institution_id)

    assert refused(agent, hand_over) == "change.nothing"
    move_house(agent, institution_id)
    act(agent, hand_over)
    move_house(agent, institution_id, "示例路100号")
    assert refused(agent, hand_over) == "change.already_open"


def test_without_a_listing_in_the_market_a_change_goes_with_the_next_application(session):
    agent = make_agent()
    row = market.listing(session, submitted_listing(agent))

    code = refused(
        agent, lambda uow: submitting.submit_change(uow, institution_id=row.institution_id)
    )
    assert code == "change.no_listing"


def test_a_dropped_change_leaves_the_old_facts_and_keeps_what_was_typed(
    agent, institution_id, session
):
    move_house(agent, institution_id)
    submit_change(agent, institution_id)
    act(agent, lambda uow: settling.drop_change(uow, institution_id=institution_id))

    assert seen.facts_in_force(session, institution_id).address == "示例路1号"
    assert dossiers.dossier(session, institution_id).facts.address == "示例路99号"
    assert market.pending_changes(session, institution_id).change


def test_a_returned_change_is_corrected_and_submitted_again(agent, institution_id, session):
    move_house(agent, institution_id)
    submit_change(agent, institution_id)
    act(SYSTEM, lambda uow: settling.return_change(uow, institution_id=institution_id))
    move_house(agent, institution_id, "示例路101号")
    submit_change(agent, institution_id)
    approve(institution_id)

    assert seen.facts_in_force(session, institution_id).address == "示例路101号"
    code = refused(SYSTEM, lambda uow: settling.return_change(uow, institution_id=institution_id))
    assert code == "change.not_open"


def test_new_terms_are_vetted_for_their_own_listing(agent, institution_id, listing_id, session):
    second = act(agent, lambda uow: open_with_terms(uow, institution_id, "JL-Z02"))
    act(agent, lambda uow: submitting.submit_listing(uow, listing_id=second))
    act(SYSTEM, lambda uow: settling.take_under_review(uow, listing_id=second))
    act(SYSTEM, lambda uow: settling.admit_listing(uow, listing_id=second, case_id=3))
    act(
        agent,
        lambda uow: offering.save_terms(uow, listing_id=second, terms=terms(promised_days=4)),
    )
    submission = submit_change(agent, institution_id)

    assert submission.listing_id == second
    assert seen.terms_in_force(session, second).promised_days == 10
    session.rollback()
    approve(institution_id)
    assert seen.terms_in_force(session, second).promised_days == 4
    assert seen.terms_in_force(session, listing_id).promised_days == 10


def test_a_change_carries_new_people_and_certificates_but_no_renewal(
    agent, institution_id, session
):
    (old,) = dossiers.dossier(session, institution_id).qualifications
    later = a_certificate(valid_to=TODAY + timedelta(days=1500))
    new = a_certificate(kind="surveying_mapping", level="甲级", specialty="")

    def draft(uow):
        papers.renew_qualification(
            uow, qualification_id=old.public_id, certificate=later, scan=a_scan()
        )
        papers.add_qualification(uow, institution_id=institution_id, certificate=new, scan=a_scan())
        people.add_practitioner(
            uow, institution_id=institution_id, person=a_person(), scan=a_scan()
        )

    act(agent, draft)
    submission = submit_change(agent, institution_id)
    frozen = dossiers.dossier(session, institution_id, evidence=submission.evidence)

    assert {row.kind for row in frozen.qualifications} == {old.kind, "surveying_mapping"}
    assert len(frozen.practitioners) == 2
    assert [row.line for row in market.pending_changes(session, institution_id).renewals] == [
        old.line
    ]


def renew(agent, session, institution_id, **changes):
    """Draft a renewal of the only certificate and return its public id."""
    (old,) = dossiers.dossier(session, institution_id).qualifications
    certificate = a_certificate(**{"valid_to": TODAY + timedelta(days=1500)} | changes)
    return act(
        agent,
        lambda uow: papers.renew_qualification(
            uow, qualification_id=old.public_id, certificate=certificate, scan=a_scan()
        ),
    )


def test_a_renewal_replaces_the_old_certificate_when_it_is_approved(
    agent, institution_id, listing_id, session
):
    public_id = renew(agent, session, institution_id)
    submission = act(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=public_id))
    assert submission.listing_id == listing_id
    assert [kind for kind, _ in submission.evidence] == [EvidenceKind.QUALIFICATION]
    act(
        SYSTEM,
        lambda uow: settling.put_renewal_in_force(uow, qualification_id=public_id, case_id=9),
    )

    (row,) = dossiers.dossier(session, institution_id).qualifications
    assert (row.public_id, row.state, row.number) == (public_id, VersionState.IN_FORCE, 2)
    old = seen.qualification(session, row.replaces_id)
    assert old.state is VersionState.SUPERSEDED


def test_a_renewal_runs_longer_and_is_drafted_once(agent, institution_id, session):
    with pytest.raises(Refused) as refusal:
        renew(agent, session, institution_id, valid_to=TODAY + timedelta(days=30))
    assert (refusal.value.code, refusal.value.field) == (
        "qualification.renewal_not_later",
        "valid_to",
    )
    (old,) = dossiers.dossier(session, institution_id).qualifications
    session.rollback()
    renew(agent, session, institution_id)

    again = a_certificate(valid_to=TODAY + timedelta(days=1600))
    code = refused(
        agent,
        lambda uow: papers.renew_qualification(
            uow, qualification_id=old.public_id, certificate=again
        ),
    )
    assert code == "qualification.renewal_drafted"


def test_a_returned_renewal_is_found_again_by_any_of_its_versions(agent, institution_id, session):
    public_id = renew(agent, session, institution_id)
    act(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=public_id))
    act(SYSTEM, lambda uow: settling.return_renewal(uow, qualification_id=public_id))
    act(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=public_id))
    act(
        SYSTEM,
        lambda uow: settling.put_renewal_in_force(uow, qualification_id=public_id, case_id=9),
    )

    (row,) = dossiers.dossier(session, institution_id).qualifications
    assert (row.state, row.number) == (VersionState.IN_FORCE, 3)


def test_a_dropped_renewal_leaves_the_old_certificate_in_force(agent, institution_id, session):
    public_id = renew(agent, session, institution_id)
    act(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=public_id))
    assert (
        refused(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=public_id))
        == "renewal.already_open"
    )
    act(SYSTEM, lambda uow: settling.drop_renewal(uow, qualification_id=public_id))

    rows = dossiers.dossier(session, institution_id).qualifications
    assert [str(row.state) for row in rows] == ["in_force", "draft"]
    code = refused(
        SYSTEM,
        lambda uow: settling.put_renewal_in_force(uow, qualification_id=public_id, case_id=9),
    )
    assert code == "renewal.not_open"


def test_a_renewal_needs_a_draft_with_a_scan(agent, institution_id, session):
    (old,) = dossiers.dossier(session, institution_id).qualifications
    session.rollback()
    code = refused(
        agent, lambda uow: submitting.submit_renewal(uow, qualification_id=old.public_id)
    )
    assert code == "renewal.nothing"
    later = a_certificate(valid_to=TODAY + timedelta(days=1500))
    public_id = act(
        agent,
        lambda uow: papers.renew_qualification(
            uow, qualification_id=old.public_id, certificate=later
        ),
    )
    code = refused(agent, lambda uow: submitting.submit_renewal(uow, qualification_id=public_id))
    assert code == "renewal.no_scan"


def test_who_leaves_is_out_at_once_and_a_change_of_who_stays_is_vetted(
    agent, institution_id, session
):
    (person,) = dossiers.dossier(session, institution_id).practitioners
    session.rollback()
    draft = act(
        agent,
        lambda uow: people.change_practitioner(
            uow,
            practitioner_id=person.public_id,
            person=a_person(name="王五", id_number=None, title="高级工程师"),
        ),
    )
    assert (
        refused(
            agent,
            lambda uow: people.remove_practitioner(uow, practitioner_id=person.public_id),
        )
        == "practitioner.change_drafted"
    )
    submit_change(agent, institution_id)
    assert (
        refused(agent, lambda uow: people.remove_practitioner(uow, practitioner_id=draft))
        == "practitioner.in_vetting"
    )
    approve(institution_id)
    (row,) = dossiers.dossier(session, institution_id).practitioners
    assert (row.public_id, row.title) == (draft, "高级工程师")
    session.rollback()
    act(agent, lambda uow: people.remove_practitioner(uow, practitioner_id=draft))

    assert seen.practitioner(session, draft).left_on == TODAY
    assert dossiers.dossier(session, institution_id).practitioners == ()


def test_leaving_the_market_waits_until_no_change_is_open(
    agent, institution_id, listing_id, session
):
    move_house(agent, institution_id)
    submit_change(agent, institution_id)

    def leave(uow):
        offering.leave_listing(uow, listing_id=listing_id)

    assert refused(agent, leave) == "listing.change_open"
    act(agent, lambda uow: settling.drop_change(uow, institution_id=institution_id))
    act(agent, leave)
    row = market.listing(session, listing_id)
    assert row.state is ListingState.WITHDRAWN
    page = public.institution_page(session, row.institution_public_id)
    assert [one.row.state for one in page.listings] == [ListingState.WITHDRAWN]
    assert page.history[0].kind == "listing.withdrawn"


def test_an_incomplete_change_is_refused(agent, institution_id, session):
    (owner,) = dossiers.dossier(session, institution_id).owners
    session.rollback()
    act(
        agent,
        lambda uow: describing.remove_affiliation(
            uow, institution_id=institution_id, line=owner.line
        ),
    )

    code = refused(agent, lambda uow: submitting.submit_change(uow, institution_id=institution_id))
    assert code == "listing.incomplete"


def test_the_versions_judged_keep_their_owners(agent, institution_id, session):
    before = seen.facts_in_force(session, institution_id)
    (owner,) = dossiers.dossier(session, institution_id).owners
    session.rollback()
    act(
        agent,
        lambda uow: describing.remove_affiliation(
            uow, institution_id=institution_id, line=owner.line
        ),
    )
    evidence = [(EvidenceKind.FACTS, before.id)]

    assert dossiers.dossier(session, institution_id).owners == ()
    assert len(dossiers.dossier(session, institution_id, evidence=evidence).owners) == 1
    assert contact_facts()["profile"] == before.profile
