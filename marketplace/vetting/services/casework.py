"""What all acts on a case share, what its steps mean for its subject, and what time brings."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.items import missing_requirements
from marketplace.clocks.rules import lapses_at
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institutions
from marketplace.institutions.services import Submission
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.vetting import policy, rules
from marketplace.vetting.events import CaseDueMoved, CaseLapsed, CaseOverdue
from marketplace.vetting.models import Case, CaseEvidence
from marketplace.vetting.queries import standings
from marketplace.vetting.rules import CaseKind, CaseState, Ending


def lock_case(uow: UnitOfWork, key: int | str) -> tuple[Case, policy.Standing]:
    """Lock the case and say how it stands; to outsiders it does not exist (`NotFound`)."""
    case = uow.lock(Case, key)
    standing = standings.standing(uow.session, case, local_date(uow.now))
    if not (uow.actor.is_system or policy.may_see(uow.actor, standing)):
        raise NotFound
    return case, standing


def freeze(
    uow: UnitOfWork, case: Case, round_number: int, evidence: Iterable[tuple[str, int]]
) -> None:
    """Keep which version of every record a round judges; round 0 is what was in force before."""
    for kind, record_id in evidence:
        uow.session.add(
            CaseEvidence(case_id=case.id, round=round_number, kind=str(kind), record_id=record_id)
        )
    uow.session.flush()


def points(session: Session, case: Case) -> tuple[rules.Point, ...]:
    """The checklist of the present round."""
    return standings.points_of(session, case, case.round)


def reschedule(uow: UnitOfWork, case: Case) -> date:
    """Set the day by which whoever has the case must act, and when the tick looks at it."""
    calendar = catalogue.calendar(uow.session)
    limits = standings.limits(uow.session, local_date(case.opened_at))
    due = rules.due_day(calendar, limits, case, local_date(uow.now))
    case.due_on, case.attention_at = due, lapses_at(due)
    return due


def close(uow: UnitOfWork, case: Case, state: CaseState, ending: Ending | None = None) -> None:
    """Take the last step: nothing is owed any more."""
    case.state = rules.step(case.state, state)
    case.ending = ending
    case.closed_at = uow.now
    case.due_on = case.attention_at = None


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
    change = standings.open_change(uow.session, submission.institution_id)
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
    held = standings.held(standings.frozen_dossier(session, case, case.round))
    levels = catalogue.level_order(session)
    if missing_requirements(item.requirements, held, levels, local_date(uow.now)):
        raise Refused("vetting.requirements_not_met", field="outcome")


def settle_case(uow: UnitOfWork, *, case: int | str) -> bool:
    """Do what fell due for a case; False when another worker was first."""
    row = uow.lock(Case, case)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state is CaseState.RETURNED:
        _lapse(uow, row)
    else:
        _escalate(uow, row)
    return True


def _lapse(uow: UnitOfWork, case: Case) -> None:
    """Thirty working days without an answer end the application; a new one may follow."""
    answer_by = case.due_on
    close(uow, case, CaseState.WITHDRAWN, Ending.LAPSED)
    lapse(uow, case)
    uow.record(CaseLapsed.of(case, answer_by=answer_by))


def _escalate(uow: UnitOfWork, case: Case) -> None:
    """The association has missed the day: its approvers are told, once for each clock."""
    case.attention_at = None
    uow.record(CaseOverdue.of(case, stage=rules.STAGE_OF[case.state]))


def move_due_day(uow: UnitOfWork, *, case: int) -> bool:
    """Recompute the due day after a calendar import; days already past are never touched."""
    row = uow.lock(Case, case)
    today = local_date(uow.now)
    if row.due_on is None or row.due_on < today:
        return False
    was, attention = row.due_on, row.attention_at
    if reschedule(uow, row) == was:
        row.attention_at = attention
        return False
    uow.record(CaseDueMoved.of(row, due_was=was))
    return True
