"""What a case is about and what its steps mean there: listing, change, renewal, re-admission.

Vetting decides; the institution's own services move the listing and put versions in force, in the
same unit of work.
"""

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import missing_requirements
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institutions
from marketplace.institutions.services import Submission
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.vetting import queries
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseKind


def _subject(case: Case) -> int:
    if case.subject_id is None:
        raise NotFound
    return case.subject_id


def hand_in(uow: UnitOfWork, case: Case) -> Submission:
    """Submit the corrected dossier of a returned case again."""
    if case.kind is CaseKind.CHANGE:
        return institutions.submit_change(
            uow, institution_id=case.institution_id, listing_id=case.listing_id
        )
    if case.kind is CaseKind.RENEWAL:
        return institutions.submit_renewal(uow, qualification_id=_subject(case))
    if case.kind is CaseKind.READMISSION:
        return hand_in_readmission(uow, case.listing_id)
    return institutions.submit_listing(uow, listing_id=case.listing_id)


def hand_in_readmission(uow: UnitOfWork, listing_id: int) -> Submission:
    """Submit the whole dossier for a re-admission.

    A re-admission puts everything stated in force, so nothing of it may be before the association
    in another case: refuses `vetting.change_open`.
    """
    submission = institutions.submit_readmission(uow, listing_id=listing_id)
    # After the act above, which locks the institution: no change can be submitted in between.
    change = queries.open_change(uow.session, submission.institution_id)
    if change is not None:
        raise Refused("vetting.change_open", number=change.number)
    return submission


def take_under_review(uow: UnitOfWork, case: Case) -> None:
    """An examiner has begun; a listing says so, changes and renewals have no state of theirs."""
    if case.kind is CaseKind.ADMISSION:
        institutions.take_under_review(uow, listing_id=case.listing_id)


def give_back(uow: UnitOfWork, case: Case) -> None:
    """The dossier is the applicant's to correct."""
    if case.kind is CaseKind.CHANGE:
        institutions.return_change(uow, institution_id=case.institution_id)
    elif case.kind is CaseKind.RENEWAL:
        institutions.return_renewal(uow, qualification_id=_subject(case))
    elif case.kind is CaseKind.READMISSION:
        _back_to_rectifying(uow, case)
    else:
        institutions.return_listing(uow, listing_id=case.listing_id)


def admit(uow: UnitOfWork, case: Case) -> None:
    """Put in force what the case judged."""
    if case.kind is CaseKind.CHANGE:
        institutions.put_change_in_force(uow, institution_id=case.institution_id, case_id=case.id)
    elif case.kind is CaseKind.RENEWAL:
        institutions.put_renewal_in_force(uow, qualification_id=_subject(case), case_id=case.id)
    elif case.kind is CaseKind.READMISSION:
        institutions.readmit_listing(uow, listing_id=case.listing_id, case_id=case.id)
    else:
        institutions.admit_listing(uow, listing_id=case.listing_id, case_id=case.id)


def _drop(uow: UnitOfWork, case: Case) -> bool:
    """End a case without effect on what is in force; False for an admission.

    A listing whose re-admission fails goes on being rectified.
    """
    if case.kind is CaseKind.CHANGE:
        institutions.drop_change(uow, institution_id=case.institution_id)
    elif case.kind is CaseKind.RENEWAL:
        institutions.drop_renewal(uow, qualification_id=_subject(case))
    elif case.kind is CaseKind.READMISSION:
        _back_to_rectifying(uow, case)
    return case.kind is not CaseKind.ADMISSION


def _back_to_rectifying(uow: UnitOfWork, case: Case) -> None:
    institutions.send_back_to_rectifying(uow, listing_id=case.listing_id, case_id=case.id)


def reject(uow: UnitOfWork, case: Case) -> None:
    """The application is refused."""
    if not _drop(uow, case):
        institutions.reject_listing(uow, listing_id=case.listing_id)


def withdraw(uow: UnitOfWork, case: Case) -> None:
    """The applicant took the application back."""
    if not _drop(uow, case):
        institutions.withdraw_listing(uow, listing_id=case.listing_id)


def lapse(uow: UnitOfWork, case: Case) -> None:
    """The applicant did not answer in time."""
    if not _drop(uow, case):
        institutions.lapse_listing(uow, listing_id=case.listing_id)


def require_requirements(uow: UnitOfWork, case: Case) -> None:
    """Refuse an admission while the frozen certificates do not meet the item's requirements.

    Checked on the day of the proposal and again on that of the decision: a certificate may have
    expired in between.
    """
    if case.kind not in {CaseKind.ADMISSION, CaseKind.READMISSION}:
        return
    session = uow.session
    item = catalogue.item_version(session, case.item_version_id)
    held = queries.held(queries.frozen_dossier(session, case, case.round))
    levels = catalogue.level_order(session)
    if missing_requirements(item.requirements, held, levels, local_date(uow.now)):
        raise Refused("vetting.requirements_not_met", field="outcome")
