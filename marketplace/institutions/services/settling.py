"""The association answers: each act is called by vetting inside its own unit of work."""

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import events, policy
from marketplace.institutions.models.dossier import Institution, Qualification
from marketplace.institutions.models.market import DossierSubmission, Listing
from marketplace.institutions.queries import current
from marketplace.institutions.rules.dossier import EvidenceKind, SubmissionKind, SubmissionOutcome
from marketplace.institutions.rules.market import ListingState
from marketplace.institutions.services.dossier import Locked, lock_listing, step_listing
from marketplace.institutions.services.grounds import follow_grounds, recheck, recheck_all
from marketplace.institutions.services.submitting import TakenOver, hand_back, take_over
from marketplace.kernel.errors import Refused


def take_under_review(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """The association took the application up; refuses `listing.illegal_step`."""
    locked = _settle(uow, listing_id)
    step_listing(uow, locked.listing, ListingState.UNDER_REVIEW)
    uow.record(events.ListingUnderReview.of(locked.listing))


def return_listing(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """Send the application back: what was frozen goes on as drafts to correct.

    Refuses `listing.illegal_step`.
    """
    locked = _settle(uow, listing_id)
    step_listing(uow, locked.listing, ListingState.RETURNED)
    hand_back(uow, _open_application(uow, locked.listing), SubmissionOutcome.RETURNED)
    uow.record(events.ListingReturned.of(locked.listing))


def reject_listing(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """Refuse the application; what was frozen is kept as drafts for another one."""
    locked = _settle(uow, listing_id)
    step_listing(uow, locked.listing, ListingState.REJECTED)
    hand_back(uow, _open_application(uow, locked.listing), SubmissionOutcome.DROPPED)
    uow.record(events.ListingRejected.of(locked.listing))


def lapse_listing(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """End a returned application that was not answered in time."""
    locked = _settle(uow, listing_id)
    step_listing(uow, locked.listing, ListingState.LAPSED)
    uow.record(events.ListingLapsed.of(locked.listing))


def admit_listing(uow: UnitOfWork, *, listing_id: int | str, case_id: int) -> None:
    """Admit the listing and put in force exactly what was frozen.

    Where a ground is open, an expired certificate or a measure that outlived a withdrawal, the
    listing is suspended at once. Refuses `listing.illegal_step`.
    """
    locked = _settle(uow, listing_id)
    institution, listing = locked.institution, locked.listing
    listing.admitted_at, listing.case_id = uow.now, case_id
    listing.readmission_from = listing.removal_cause = None
    step_listing(uow, listing, ListingState.ADMITTED)
    if institution.first_admitted_at is None:
        institution.first_admitted_at = uow.now
    taken = take_over(uow, _open_application(uow, listing), case_id)
    uow.record(events.ListingAdmitted.of(listing, case_id=case_id))
    tell_what_changed(uow, institution, listing, taken, case_id)
    recheck(uow, listing)
    follow_grounds(uow, listing)
    recheck_all(uow, institution)


def return_change(uow: UnitOfWork, *, institution_id: int | str) -> None:
    """Send changed facts back for correction; refuses `change.not_open`."""
    institution = uow.lock(Institution, institution_id)
    policy.may_settle(uow.actor).require()
    submission = _open_change(uow, institution)
    hand_back(uow, submission, SubmissionOutcome.RETURNED)
    uow.record(events.ChangeReturned(institution.id, submission.listing_id))


def drop_change(uow: UnitOfWork, *, institution_id: int | str) -> None:
    """End a change without effect: refused, taken back or lapsed. The old facts stay in force.

    Nothing is open any more after a return, and then this only says so. Refuses nothing.
    """
    institution = uow.lock(Institution, institution_id)
    policy.may_drop(uow.actor, institution).require()
    submission = current.open_submission(
        uow.session, institution_id=institution.id, kind=SubmissionKind.CHANGE
    )
    if submission is not None:
        hand_back(uow, submission, SubmissionOutcome.DROPPED)
        uow.record(events.ChangeDropped(institution.id, submission.listing_id))


def put_change_in_force(uow: UnitOfWork, *, institution_id: int | str, case_id: int) -> None:
    """Put changed facts in force; refuses `change.not_open`."""
    institution = uow.lock(Institution, institution_id)
    policy.may_settle(uow.actor).require()
    submission = _open_change(uow, institution)
    listing = lock_listing(uow, submission.listing_id).listing
    taken = take_over(uow, submission, case_id)
    uow.record(events.ChangePutInForce(institution.id, listing.id, case_id))
    tell_what_changed(uow, institution, listing, taken, case_id)
    recheck_all(uow, institution)


def return_renewal(uow: UnitOfWork, *, qualification_id: int | str) -> None:
    """Send a renewed certificate back for correction; refuses `renewal.not_open`."""
    institution, submission = _open_renewal(uow, qualification_id)
    policy.may_settle(uow.actor).require()
    hand_back(uow, submission, SubmissionOutcome.RETURNED)
    uow.record(events.RenewalReturned(institution.id, submission.listing_id, submission.line))


def drop_renewal(uow: UnitOfWork, *, qualification_id: int | str) -> None:
    """End a renewal without effect; after a return nothing is open and nothing happens."""
    found = uow.find(Qualification, qualification_id)
    institution = uow.lock(Institution, found.institution_id)
    policy.may_drop(uow.actor, institution).require()
    submission = current.open_submission(uow.session, line=found.line, kind=SubmissionKind.RENEWAL)
    if submission is not None:
        hand_back(uow, submission, SubmissionOutcome.DROPPED)
        uow.record(events.RenewalDropped(institution.id, submission.listing_id, submission.line))


def put_renewal_in_force(uow: UnitOfWork, *, qualification_id: int | str, case_id: int) -> None:
    """Put a renewed certificate in force and reinstate the listings it carries.

    Refuses `renewal.not_open`.
    """
    institution, submission = _open_renewal(uow, qualification_id)
    policy.may_settle(uow.actor).require()
    take_over(uow, submission, case_id)
    uow.record(events.QualificationsChanged(institution.id, case_id))
    recheck_all(uow, institution)


def _settle(uow: UnitOfWork, listing_id: int | str) -> Locked:
    locked = lock_listing(uow, listing_id)
    policy.may_settle(uow.actor).require()
    return locked


def _open_application(uow: UnitOfWork, listing: Listing) -> DossierSubmission:
    submission = current.open_submission(
        uow.session, listing_id=listing.id, kind=SubmissionKind.ADMISSION
    )
    if submission is None:
        raise Refused("listing.nothing_submitted")
    return submission


def _open_change(uow: UnitOfWork, institution: Institution) -> DossierSubmission:
    submission = current.open_submission(
        uow.session, institution_id=institution.id, kind=SubmissionKind.CHANGE
    )
    if submission is None:
        raise Refused("change.not_open")
    return submission


def _open_renewal(
    uow: UnitOfWork, qualification_id: int | str
) -> tuple[Institution, DossierSubmission]:
    found = uow.find(Qualification, qualification_id)
    institution = uow.lock(Institution, found.institution_id)
    submission = current.open_submission(uow.session, line=found.line, kind=SubmissionKind.RENEWAL)
    if submission is None:
        raise Refused("renewal.not_open")
    return institution, submission


def tell_what_changed(
    uow: UnitOfWork, institution: Institution, listing: Listing, taken: TakenOver, case_id: int
) -> None:
    """Record which kinds of facts came into force with what was taken over."""
    if taken.facts_id is not None:
        uow.record(events.FactsChanged(institution.id, taken.facts_id, case_id))
    if EvidenceKind.QUALIFICATION in taken.kinds:
        uow.record(events.QualificationsChanged(institution.id, case_id))
    if EvidenceKind.PRACTITIONER in taken.kinds:
        uow.record(events.PractitionersChanged(institution.id, case_id))
    if taken.terms_id is not None:
        uow.record(events.TermsChanged.of(listing, terms_id=taken.terms_id, case_id=case_id))
