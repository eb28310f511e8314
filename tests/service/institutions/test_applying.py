"""An application is handed over, judged as it was frozen, corrected, decided, begun again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from marketplace.institutions.models.dossier import Qualification
from marketplace.institutions.models.market import Listing
from marketplace.institutions.queries import dossiers, market, public, seen
from marketplace.institutions.rules.dossier import EvidenceKind, VersionState
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.services import (
    describing,
    grounds,
    offering,
    papers,
    settling,
    submitting,
)
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from tests.conftest import NOON, TODAY
from tests.dossiers import (
    a_certificate,
    a_scan,
    act,
    certified_listing,
    complete_dossier,
    contact_facts,
    make_agent,
    open_with_terms,
    returned_listing,
    start,
    submitted_listing,
    terms,
)

pytestmark = pytest.mark.usefixtures("app")
S = ListingState


@pytest.fixture
def agent(app):
    return make_agent()


def refused(actor, work):
    """The code of an act's refusal."""
    with pytest.raises(Refused) as refusal:
        act(actor, work)
    return refusal.value.code


def state_of(session, listing_id):
    return market.listing(session, listing_id).state


def submit(agent, listing_id):
    return act(agent, lambda uow: submitting.submit_listing(uow, listing_id=listing_id))


def review(listing_id):
    act(SYSTEM, lambda uow: settling.take_under_review(uow, listing_id=listing_id))


def admit(listing_id, case_id=1):
    act(SYSTEM, lambda uow: settling.admit_listing(uow, listing_id=listing_id, case_id=case_id))


def test_an_incomplete_application_is_refused_with_the_count_of_gaps(agent, session):
    listing_id = complete_dossier(agent, certificate=None)

    with pytest.raises(Refused) as refusal:
        submit(agent, listing_id)

    assert (refusal.value.code, refusal.value.details) == ("listing.incomplete", {"count": 1})
    assert state_of(session, listing_id) is S.DRAFT


def test_what_is_submitted_is_frozen_and_named(agent, session):
    listing_id = complete_dossier(agent)
    submission = submit(agent, listing_id)

    dossier = dossiers.dossier(session, submission.institution_id, evidence=submission.evidence)
    assert state_of(session, listing_id) is S.SUBMITTED
    assert (submission.item_code, submission.region_code) == ("JL-Z01", "220104")
    assert [str(kind) for kind, _ in submission.evidence] == [
        "facts", "qualification", "practitioner", "terms", "undertaking",
    ]  # fmt: skip
    assert dossier.facts.state is VersionState.SUBMITTED
    assert {row.state for row in dossier.qualifications} == {VersionState.SUBMITTED}


def test_an_application_is_submitted_once(agent):
    listing_id = submitted_listing(agent)

    assert refused(agent, lambda uow: submitting.submit_listing(uow, listing_id=listing_id)) == (
        "listing.not_editable"
    )


def test_nobody_else_submits_and_to_others_it_does_not_exist(agent):
    listing_id, other = complete_dossier(agent), make_agent()

    with pytest.raises(NotFound):
        submit(other, listing_id)


def test_terms_rest_while_the_association_has_them(agent):
    listing_id = submitted_listing(agent)

    code = refused(
        agent,
        lambda uow: offering.save_terms(uow, listing_id=listing_id, terms=terms(promised_days=5)),
    )
    assert code == "listing.in_vetting"


def test_a_provisional_agent_submits_the_first_application_and_nothing_else(session):
    agent = make_agent(provisional=True)
    first = submitted_listing(agent)
    institution_id = market.listing(session, first).institution_id
    second = act(agent, lambda uow: open_with_terms(uow, institution_id, "JL-Z02"))

    code = refused(agent, lambda uow: submitting.submit_listing(uow, listing_id=second))
    assert code == "institution.first_application_only"
    kinds = [entry.kind for entry in public.history(session, institution_id)]
    assert kinds.count("listing.submitted") == 1


def test_a_provisional_agent_tries_again_after_a_rejection(session):
    agent = make_agent(provisional=True)
    listing_id = submitted_listing(agent)
    review(listing_id)
    act(SYSTEM, lambda uow: settling.reject_listing(uow, listing_id=listing_id))
    institution_id = market.listing(session, listing_id).institution_id
    act(
        agent,
        lambda uow: offering.open_listing(uow, institution_id=institution_id, item_code="JL-Z01"),
    )
    submit(agent, listing_id)

    assert state_of(session, listing_id) is S.SUBMITTED


def test_the_association_alone_answers(agent):
    listing_id = submitted_listing(agent)

    code = refused(agent, lambda uow: settling.take_under_review(uow, listing_id=listing_id))
    assert code == "institution.association_only"


def test_a_return_leaves_the_judged_versions_and_drafts_their_copies(agent, session):
    listing_id = complete_dossier(agent)
    first = submit(agent, listing_id)
    review(listing_id)
    act(SYSTEM, lambda uow: settling.return_listing(uow, listing_id=listing_id))

    judged = dossiers.dossier(session, first.institution_id, evidence=first.evidence)
    now = dossiers.dossier(session, first.institution_id)
    assert state_of(session, listing_id) is S.RETURNED
    assert judged.facts.state is VersionState.DROPPED
    assert (now.facts.state, now.facts.number) == (VersionState.DRAFT, 2)
    assert now.facts.profile == judged.facts.profile
    assert [row.name for row in now.owners] == [row.name for row in judged.owners]
    assert now.qualifications[0].replaces_id == judged.qualifications[0].id
    assert now.qualifications[0].scan_public_id == judged.qualifications[0].scan_public_id


def test_a_correction_is_a_new_submission_and_the_first_stays_as_it_was(agent, session):
    listing_id = returned_listing(agent)
    institution_id = market.listing(session, listing_id).institution_id
    corrected = contact_facts(profile="已补充：有三十名专业人员。")
    act(
        agent,
        lambda uow: describing.save_profile(uow, institution_id=institution_id, said=corrected),
    )
    second = submit(agent, listing_id)

    frozen = dossiers.dossier(session, institution_id, evidence=second.evidence)
    assert frozen.facts.profile == corrected["profile"]
    first = session.execute(
        text("select profile from institution_facts where number = 1")
    ).scalar_one()
    assert first != corrected["profile"]


def test_admission_puts_in_force_exactly_what_was_frozen(agent, session):
    listing_id = complete_dossier(agent)
    submission = submit(agent, listing_id)
    act(
        agent,
        lambda uow: describing.save_profile(
            uow,
            institution_id=submission.institution_id,
            said=contact_facts(profile="审核期间又改了。"),
        ),
    )
    review(listing_id)
    admit(listing_id, case_id=77)

    row = market.listing(session, listing_id)
    assert (row.state, row.case_id) == (S.ADMITTED, 77)
    assert "又改了" not in seen.facts_in_force(session, row.institution_id).profile
    assert "又改了" in dossiers.dossier(session, row.institution_id).facts.profile
    assert market.pending_changes(session, row.institution_id).change
    assert seen.terms_in_force(session, listing_id).promised_days == 10


def test_a_rejected_application_begins_again_with_what_was_entered(agent, session):
    listing_id = submitted_listing(agent)
    review(listing_id)
    act(SYSTEM, lambda uow: settling.reject_listing(uow, listing_id=listing_id))
    assert state_of(session, listing_id) is S.REJECTED
    institution_id = market.listing(session, listing_id).institution_id
    act(
        agent,
        lambda uow: offering.open_listing(uow, institution_id=institution_id, item_code="JL-Z01"),
    )

    assert state_of(session, listing_id) is S.DRAFT
    assert dossiers.missing(session, listing_id, TODAY) == ()


@pytest.mark.parametrize("taken_up", [False, True])
def test_a_withdrawn_application_goes_on_as_a_draft(agent, session, taken_up):
    listing_id = submitted_listing(agent)
    if taken_up:
        review(listing_id)
    act(agent, lambda uow: offering.withdraw_listing(uow, listing_id=listing_id))

    row = market.listing(session, listing_id)
    assert row.state is S.WITHDRAWN
    assert market.open_submissions(session, row.institution_id) == ()
    assert dossiers.dossier(session, row.institution_id).facts.state is VersionState.DRAFT


def test_an_agent_does_not_withdraw_past_the_case(agent):
    listing_id = submitted_listing(agent)

    code = refused(agent, lambda uow: offering.leave_listing(uow, listing_id=listing_id))
    assert code == "listing.case_open"


def test_a_returned_application_lapses(agent, session):
    listing_id = returned_listing(agent)
    act(SYSTEM, lambda uow: settling.lapse_listing(uow, listing_id=listing_id))

    assert state_of(session, listing_id) is S.LAPSED


def test_two_applications_share_versions_until_one_is_corrected(agent, session):
    first = complete_dossier(agent)
    institution_id = market.listing(session, first).institution_id
    second = act(agent, lambda uow: open_with_terms(uow, institution_id, "JL-Z02"))
    one, other = submit(agent, first), submit(agent, second)
    shared = dict(one.evidence)[EvidenceKind.FACTS]
    assert dict(other.evidence)[EvidenceKind.FACTS] == shared

    review(first)
    act(SYSTEM, lambda uow: settling.return_listing(uow, listing_id=first))
    act(
        agent,
        lambda uow: describing.save_profile(
            uow, institution_id=institution_id, said=contact_facts(profile="更正后的介绍。")
        ),
    )
    submit(agent, first)
    review(first)
    admit(first, case_id=1)
    review(second)
    admit(second, case_id=2)

    assert seen.facts_in_force(session, institution_id).profile == "更正后的介绍。"
    assert {row.state for row in market.listings_of(session, institution_id)} == {S.ADMITTED}
    assert len(seen.facts_versions(session, institution_id)) == 1


def test_the_other_order_keeps_the_newer_version_too(agent, session):
    first = complete_dossier(agent)
    institution_id = market.listing(session, first).institution_id
    second = act(agent, lambda uow: open_with_terms(uow, institution_id, "JL-Z02"))
    submit(agent, first)
    act(
        agent,
        lambda uow: describing.save_profile(
            uow, institution_id=institution_id, said=contact_facts(profile="较新的介绍。")
        ),
    )
    submit(agent, second)
    for case_id, listing_id in enumerate((first, second), 1):
        review(listing_id)
        admit(listing_id, case_id)

    states = [row.state for row in seen.facts_versions(session, institution_id)]
    assert seen.facts_in_force(session, institution_id).profile == "较新的介绍。"
    assert states == [VersionState.IN_FORCE, VersionState.SUPERSEDED]


def test_evidence_of_another_institution_is_not_shown(agent, session):
    own, other = submitted_listing(agent), submitted_listing(make_agent())
    foreign = market.open_submissions(session, market.listing(session, other).institution_id)
    dossier = dossiers.dossier(
        session, market.listing(session, own).institution_id, evidence=foreign[0].evidence
    )

    assert dossier.facts is None
    assert dossier.qualifications == dossier.practitioners == ()


def test_only_admitted_listings_are_documents_and_only_once_admitted_there_is_a_page(
    agent, session
):
    drafted, admitted = complete_dossier(make_agent()), certified_listing(agent)
    documents = public.admitted_offers(session, [drafted, admitted])

    assert [row.listing_id for row in documents] == [admitted]
    assert market.admitted_listings(session) == (admitted,)
    with pytest.raises(NotFound):
        public.institution_page(session, market.listing(session, drafted).institution_public_id)


def test_the_public_page_holds_no_personal_number(agent, session):
    row = market.listing(session, certified_listing(agent))
    page = str(public.institution_page(session, row.institution_public_id))

    assert "19900001234" not in page
    assert "*" not in page
    assert "0431-80000000" in page


def test_an_expired_certificate_is_not_handed_over(agent):
    """A spare one, so that the application is complete without it."""
    spare = a_certificate(
        kind="surveying_mapping",
        level="甲级",
        specialty="",
        valid_from=TODAY - timedelta(days=9),
        valid_to=TODAY,
    )
    listing_id = complete_dossier(agent)
    institution_id = start(agent)
    act(
        agent,
        lambda uow: papers.add_qualification(
            uow, institution_id=institution_id, certificate=spare, scan=a_scan()
        ),
    )
    submission = act(
        agent,
        lambda uow: submitting.submit_listing(uow, listing_id=listing_id),
        at=NOON + timedelta(days=1),
    )

    assert [kind for kind, _ in submission.evidence].count(EvidenceKind.QUALIFICATION) == 1


def test_a_listing_is_held_for_a_pick_only_while_it_is_admitted(agent, session):
    listing_id = certified_listing(agent)
    held = act(SYSTEM, lambda uow: offering.require_admitted(uow, listing_id=listing_id))
    assert held.public_id == market.listing(session, listing_id).public_id
    act(agent, lambda uow: grounds.pause_listing(uow, listing_id=listing_id, reason="盘点"))

    code = refused(SYSTEM, lambda uow: offering.require_admitted(uow, listing_id=listing_id))
    assert code == "listing.not_admitted"


def test_there_is_one_listing_per_institution_and_item(agent, session):
    listing_id = certified_listing(agent)
    act(agent, lambda uow: offering.leave_listing(uow, listing_id=listing_id))
    institution_id = market.listing(session, listing_id).institution_id
    act(
        agent,
        lambda uow: offering.open_listing(uow, institution_id=institution_id, item_code="JL-Z01"),
    )

    assert len(session.scalars(select(Listing)).all()) == 1
    assert dossiers.dossier(session, institution_id).terms_of(listing_id).promised_days == 10
    assert session.scalars(select(Qualification.state)).all() == [VersionState.IN_FORCE]
