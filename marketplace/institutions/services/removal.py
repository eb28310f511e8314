"""Out of the market and back: removal, rectification, re-admission, and the grade of a year.

Due process belongs to the features above, which call these acts inside their own unit of work.
"""

from decimal import Decimal

from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import events, policy
from marketplace.institutions.models.market import DossierSubmission, Listing
from marketplace.institutions.queries import current, dossiers
from marketplace.institutions.rules import market
from marketplace.institutions.rules.dossier import SubmissionKind, SubmissionOutcome
from marketplace.institutions.services import dossier, grounds, submitting
from marketplace.institutions.services.offering import take_out
from marketplace.institutions.services.settling import tell_what_changed
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date

# A removal takes the place of these; the blacklist is lifted by whoever keeps it.
_ENDED_BY_REMOVAL = (
    market.GroundKind.EXPIRY,
    market.GroundKind.INTERIM,
    market.GroundKind.OWN_PAUSE,
)


def remove_listing(uow: UnitOfWork, *, listing_id: int | str, cause: market.RemovalCause) -> None:
    """Take a listing out of the market at once: no longer found, picked, invited or bidding.

    Takes the same lock as a pick. From when it may come back follows from the cause and the
    rulebook of the day. Its page and history stay; what it promised goes on as a draft. Refuses
    `listing.illegal_step`.
    """
    listing = dossier.lock_listing(uow, listing_id).listing
    policy.may_settle(uow.actor).require()
    _stay_out(uow, listing, cause)
    dossier.step_listing(uow, listing, market.ListingState.REMOVED)
    listing.recheck_at = None
    uow.record(events.ListingRemoved.of(listing, cause=cause))
    _end_grounds(uow, listing)
    dossier.end_terms(uow, listing)


def bar_listing(uow: UnitOfWork, *, listing_id: int | str, cause: market.RemovalCause) -> None:
    """Carry out a removal of a listing that its institution took out of the market before.

    It keeps its state, but is not admitted anew before the minimum period is over; an application
    that lies with the association ends. Its case is ended by the caller. Refuses
    `listing.illegal_step` for a listing that is in the market or was removed.
    """
    listing = dossier.lock_listing(uow, listing_id).listing
    policy.may_settle(uow.actor).require()
    if listing.state not in market.APPLYING | market.ENDED:
        raise Refused("listing.illegal_step")
    _stay_out(uow, listing, cause)
    uow.record(events.ListingBarred.of(listing, cause=cause))
    _end_grounds(uow, listing)
    if listing.state in market.APPLYING - {market.ListingState.DRAFT}:
        take_out(uow, listing)


def _stay_out(uow: UnitOfWork, listing: Listing, cause: market.RemovalCause) -> None:
    today = local_date(uow.now)
    days = int(catalogue.rule(uow.session, market.period_key(cause), today))
    listing.removal_cause, listing.readmission_from = cause, market.first_day_back(today, days)


def _end_grounds(uow: UnitOfWork, listing: Listing) -> None:
    # After the step: closing the last ground must not reinstate what is leaving.
    for kind in _ENDED_BY_REMOVAL:
        ground = grounds.open_one(uow, listing, kind)
        if ground is not None:
            grounds.end_ground(uow, listing, ground, "")


def begin_rectification(uow: UnitOfWork, *, listing_id: int | str) -> None:
    """The institution begins to put right what led to the removal.

    Refuses `listing.illegal_step`.
    """
    locked = dossier.lock_own_listing(uow, listing_id)
    policy.may_act(uow.actor, locked.institution).require()
    dossier.step_listing(uow, locked.listing, market.ListingState.RECTIFYING)
    uow.record(events.ListingRectifying.of(locked.listing, case_id=None))


def submit_readmission(uow: UnitOfWork, *, listing_id: int | str) -> submitting.Submission:
    """Hand the whole dossier over once more, so that the association can judge the re-admission.

    Refuses `readmission.too_early` before the minimum period is over, `listing.incomplete` and
    `listing.illegal_step`.
    """
    locked = dossier.lock_own_listing(uow, listing_id)
    institution, listing = locked.institution, locked.listing
    policy.may_act(uow.actor, institution).require()
    dossier.step_listing(uow, listing, market.ListingState.READMISSION_SUBMITTED)
    today = local_date(uow.now)
    if listing.readmission_from is not None and today < listing.readmission_from:
        raise Refused("readmission.too_early", day=listing.readmission_from)
    submitting.require_complete(dossiers.missing(uow.session, listing.id, today))
    submission = submitting.hand_over(
        uow,
        institution,
        listing,
        SubmissionKind.READMISSION,
        submitting.whole_dossier(uow, institution, listing),
        submitting.papers(uow, institution),
    )
    uow.record(
        events.ListingReadmissionSubmitted.of(listing, submission_id=submission.submission_id)
    )
    return submission


def send_back_to_rectifying(
    uow: UnitOfWork, *, listing_id: int | str, case_id: int | None = None
) -> None:
    """The re-admission was returned, refused or taken back: what was frozen goes on as drafts.

    Does nothing more where it is being rectified already. Refuses `listing.illegal_step`.
    """
    locked = dossier.lock_listing(uow, listing_id)
    policy.may_drop(uow.actor, locked.institution).require()
    if locked.listing.state == market.ListingState.RECTIFYING:
        return
    dossier.step_listing(uow, locked.listing, market.ListingState.RECTIFYING)
    submitting.hand_back(uow, _open_readmission(uow, locked.listing), SubmissionOutcome.RETURNED)
    uow.record(events.ListingRectifying.of(locked.listing, case_id=case_id))


def readmit_listing(uow: UnitOfWork, *, listing_id: int | str, case_id: int) -> None:
    """Bring a removed listing back and put in force exactly what was frozen.

    Where a ground is open it is suspended at once. The history stays. Refuses
    `listing.illegal_step`.
    """
    locked = dossier.lock_listing(uow, listing_id)
    institution, listing = locked.institution, locked.listing
    policy.may_settle(uow.actor).require()
    dossier.step_listing(uow, listing, market.ListingState.ADMITTED)
    listing.admitted_at, listing.case_id = uow.now, case_id
    listing.readmission_from = listing.removal_cause = None
    taken = submitting.take_over(uow, _open_readmission(uow, listing), case_id)
    uow.record(events.ListingReadmitted.of(listing, case_id=case_id))
    tell_what_changed(uow, institution, listing, taken, case_id)
    grounds.recheck(uow, listing)
    grounds.follow_grounds(uow, listing)
    grounds.recheck_all(uow, institution)


def set_grade(
    uow: UnitOfWork, *, listing_id: int | str, year: int, grade: market.Grade, score: Decimal
) -> None:
    """Write the final grade of a year on the listing; an older year never replaces a newer one."""
    listing = dossier.lock_listing(uow, listing_id).listing
    policy.may_settle(uow.actor).require()
    if listing.graded_year is not None and listing.graded_year > year:
        return
    listing.grade, listing.graded_year = grade, year
    listing.score_hundredths = int(score * 100)
    uow.record(events.ListingGraded.of(listing, year=year, grade=grade))


def _open_readmission(uow: UnitOfWork, listing: Listing) -> DossierSubmission:
    submission = current.open_submission(
        uow.session, listing_id=listing.id, kind=SubmissionKind.READMISSION
    )
    if submission is None:
        raise Refused("listing.nothing_submitted")
    return submission
